/** In the second pattern: any run of characters but `/`. */
export const NAME = '\u0001'

/**
 * Whether there is a text that two patterns both stand for (`*` any run of characters, `?` exactly one). Each pair of places that
 * the same beginnings lead to is looked at once, one place of the first after the other: patterns may be as long as a policy.
 */
export function meet(a: string, b: string): boolean {
  let places: ReadonlySet<number> = new Set([0])
  for (let i = 0; i <= a.length && places.size > 0; i++) {
    const next = new Set<number>()
    // It grows while it is gone through: a place of `b` may lead to the one after it.
    const here = new Set(places)
    for (const j of here) {
      if (i === a.length && j === b.length) return true
      const { skips, stays, passes } = movesAt(a, b, i, j)
      if (skips) here.add(j + 1)
      if (stays) next.add(j)
      if (passes) next.add(j + 1)
    }
    places = next
  }
  return false
}

/** Which places come after two: one further in `b` (`skips`), in `a` (`stays`), or in both (`passes`). */
function movesAt(a: string, b: string, i: number, j: number) {
  const [isOver, isOtherOver] = [i === a.length, j === b.length]
  const isRun = a[i] === '*'
  const isOtherRun = b[j] === '*' || b[j] === NAME
  return {
    skips: (isRun && !isOtherOver) || isOtherRun,
    stays: isRun || (!isOver && isOtherRun && (b[j] === '*' || a[i] !== '/')),
    passes:
      !isRun && !isOtherRun && !isOver && !isOtherOver && (a[i] === '?' || b[j] === '?' || a[i] === b[j]),
  }
}
