/**
 * The known word nearest to a mistyped one, for "did you mean".
 * @returns null when nothing is near enough to be meant (a third of the length, at least 1, at most 3 edits)
 */
export function nearest(word: string, known: Iterable<string>): string | null {
  const lower = word.toLowerCase()
  const limit = Math.max(1, Math.min(3, Math.floor(word.length / 3)))
  let best: string | null = null
  let bestDistance = limit + 1
  for (const candidate of known) {
    if (candidate === word || Math.abs(candidate.length - word.length) > bestDistance) continue
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance || (distance === bestDistance && best !== null && candidate < best)) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** A help line from a suggestion: `did you mean …?` or the alternative. */
export const didYouMean = (word: string, known: Iterable<string>, otherwise: string): string => {
  const suggestion = nearest(word, known)
  return suggestion === null ? otherwise : `did you mean \`${suggestion}\`?`
}

/** Optimal string alignment: insert, delete, replace, or swap two neighbours. Beyond `limit`, some number greater than it. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let smallest = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
      smallest = Math.min(smallest, cost)
    }
    if (smallest > limit) return limit + 1
    beforeLast = last
    last = row
  }
  return last[b.length] ?? limit + 1
}
