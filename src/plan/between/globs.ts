/*
 * Texts that patterns have in common. `*` stands for any text, `?` for one character.
 * @see IAM User Guide, "IAM JSON policy elements: Resource": wildcards
 */

/** A character that no pattern names: what only a wildcard lets through. */
const FRESH = 'x'
/** Longer ones are not crossed: what they have in common is taken for nothing. */
const LONGEST = 512

/** Texts of a pattern that as few others as possible take: one with something in each star's place, one with nothing. */
export function samplesOf(pattern: string): readonly string[] {
  const filled = pattern.replaceAll(/[*?]/g, FRESH)
  return pattern.includes('*') ? [filled, pattern.replaceAll('*', '').replaceAll('?', FRESH)] : [filled]
}

/** Texts of two patterns at once; none where they have none in common. */
export function commonSamples(a: string, b: string): readonly string[] {
  if (areApart(a, b)) return []
  const filling = shortestCommon(a.replaceAll('*', '?*'), b.replaceAll('*', '?*'))
  const shortest = shortestCommon(a, b)
  return [...new Set([filling, shortest])].filter((text) => text !== null)
}

/** Whether the beginnings say already that no text is of both. */
function areApart(a: string, b: string): boolean {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [left, right] = [a[at], b[at]]
    if (left === '*' || right === '*') return false
    if (left !== right && left !== '?' && right !== '?') return true
  }
  return false
}

/** The shortest text of both: breadth first over places in the two patterns. */
function shortestCommon(a: string, b: string): string | null {
  if (a.length > LONGEST || b.length > LONGEST) return null
  const width = b.length + 1
  const from = new Map<number, { readonly at: number; readonly text: string } | null>([[0, null]])
  let open = [0]
  const end = a.length * width + b.length
  while (open.length > 0 && !from.has(end)) {
    const next: number[] = []
    const reach = (place: number, at: number, text: string) => {
      if (from.has(place)) return
      from.set(place, { at, text })
      // What costs no character is followed at once.
      if (text === '') spread(place)
      else next.push(place)
    }
    const spread = (at: number) => {
      const [i, j] = [Math.floor(at / width), at % width]
      const [left, right] = [a[i], b[j]]
      if (left === '*') reach(at + width, at, '')
      if (right === '*') reach(at + 1, at, '')
      if (left === undefined || right === undefined) return
      const isFree = (token: string) => token === '*' || token === '?'
      if (left !== right && !isFree(left) && !isFree(right)) return
      const text = !isFree(left) ? left : isFree(right) ? FRESH : right
      reach((left === '*' ? i : i + 1) * width + (right === '*' ? j : j + 1), at, text)
    }
    for (const at of open) spread(at)
    open = next
  }
  if (!from.has(end)) return null
  let text = ''
  for (let step = from.get(end); step != null; step = from.get(step.at)) text = step.text + text
  return text
}
