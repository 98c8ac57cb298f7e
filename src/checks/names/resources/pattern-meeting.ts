/** In the second pattern: any run of characters but `/`. */
export const NAME = '\u0001'

/**
 * Whether there is a text that two patterns both stand for (`*` any run of characters, `?` exactly one). Each place of the
 * two is looked at once.
 */
export function meet(a: string, b: string): boolean {
  const known = new Map<number, boolean>()
  const width = b.length + 1
  const from = (i: number, j: number): boolean => {
    const place = i * width + j
    let found = known.get(place)
    if (found === undefined) {
      found = find(i, j)
      known.set(place, found)
    }
    return found
  }
  const find = (i: number, j: number): boolean => {
    if (a[i] === '*') return from(i + 1, j) || (j < b.length && from(i, j + 1))
    if (b[j] === '*') return from(i, j + 1) || (i < a.length && from(i + 1, j))
    if (b[j] === NAME) return from(i, j + 1) || (i < a.length && a[i] !== '/' && from(i + 1, j))
    if (i === a.length || j === b.length) return i === a.length && j === b.length
    return (a[i] === '?' || b[j] === '?' || a[i] === b[j]) && from(i + 1, j + 1)
  }
  return from(0, 0)
}
