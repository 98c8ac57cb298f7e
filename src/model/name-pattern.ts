/**
 * Whether a pattern with IAM's wildcards (`*` any run of characters, `?` exactly one, be it a pair of surrogates) stands for a whole text.
 * Both in the same case. Linear but for backing up to the last `*`, so no pattern is slow.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++
      resume = t
    } else if (pattern[p] === '?') {
      p++
      t += widthAt(text, t)
    } else if (p < pattern.length && pattern[p] === text[t]) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      resume += widthAt(text, resume)
      t = resume
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** How many units of UTF-16 a character takes. */
const widthAt = (text: string, at: number): 1 | 2 =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00 ? 2 : 1
