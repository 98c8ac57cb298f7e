// Small patterns and texts, and what it plainly means that one matches the other.
import fc from 'fast-check'
import {
  COLON,
  codePoints,
  FOLDED,
  type Glob,
  ONE,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_SEGMENT,
  variantsOf,
} from '../../../src/access/symbolic/tokens.ts'

const [A = 0, B = 0, K = 0] = codePoints('abk')
const TOKENS = [A, A, B, COLON, STAR, STAR, ONE, STAR_IN_SEGMENT, ONE_IN_SEGMENT, A | FOLDED, K | FOLDED]
/** One character for all that no pattern names: `q`. */
const LETTERS = ['a', 'b', 'A', ':', 'k', 'q']

export const globs: fc.Arbitrary<Glob> = fc.array(fc.constantFrom(...TOKENS), { maxLength: 6 })
export const lists: fc.Arbitrary<readonly Glob[]> = fc.array(globs, { maxLength: 3 })
export const texts: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...LETTERS, 'K', '\u212a'), { maxLength: 7 })
  .map((letters) => letters.join(''))

/** All texts of up to so many letters, shortest first. */
export function shortTexts(most: number): readonly string[] {
  const all = ['']
  for (let from = 0, length = 1; length <= most; length++) {
    const to = all.length
    for (; from < to; from++) for (const letter of LETTERS) all.push(`${all[from]}${letter}`)
  }
  return all
}

export function matches(glob: Glob, text: string): boolean {
  return matchesFrom(glob, 0, codePoints(text), 0)
}

function matchesFrom(glob: Glob, at: number, text: readonly number[], place: number): boolean {
  const token = glob[at]
  if (token === undefined) return place === text.length
  const letter = text[place]
  if (token === STAR || token === STAR_IN_SEGMENT) {
    if (matchesFrom(glob, at + 1, text, place)) return true
    if (letter === undefined || (token === STAR_IN_SEGMENT && letter === COLON)) return false
    return matchesFrom(glob, at, text, place + 1)
  }
  if (letter === undefined) return false
  const fits =
    token === ONE ||
    (token === ONE_IN_SEGMENT && letter !== COLON) ||
    token === letter ||
    (token >= FOLDED && variantsOf(token & ~FOLDED).includes(letter))
  return fits && matchesFrom(glob, at + 1, text, place + 1)
}
