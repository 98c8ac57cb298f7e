// Small patterns and texts, and what it plainly means that one matches the other.

import {
  COLON,
  codePoints,
  DIGIT,
  FOLDED,
  type Glob,
  isDigit,
  ONE,
  ONE_IN_NAME,
  ONE_IN_SEGMENT,
  SLASH,
  STAR,
  STAR_IN_NAME,
  STAR_IN_SEGMENT,
  variantsOf,
} from '../../../src/access/symbolic/tokens.ts'
import fc from '../../fixed-seed.ts'

const [A = 0, B = 0, K = 0, FIVE = 0] = codePoints('abk5')
const TOKENS = [
  ...[A, A, B, FIVE, COLON, SLASH, STAR, STAR, ONE, DIGIT, A | FOLDED, K | FOLDED],
  ...[STAR_IN_SEGMENT, ONE_IN_SEGMENT, STAR_IN_NAME, ONE_IN_NAME],
]
/** One character for all that no pattern names: `q`; one digit: `7`. */
const LETTERS = ['a', 'b', 'A', ':', '/', '5', '7', 'k', 'q']

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
  const takes = CLASSES.get(token)
  if (takes?.many === true) {
    if (matchesFrom(glob, at + 1, text, place)) return true
    return letter !== undefined && takes.has(letter) && matchesFrom(glob, at, text, place + 1)
  }
  if (letter === undefined) return false
  const fits =
    takes?.has(letter) === true ||
    token === letter ||
    (token >= FOLDED && variantsOf(token & ~FOLDED).includes(letter))
  return fits && matchesFrom(glob, at + 1, text, place + 1)
}

const anything = () => true
const inSegment = (letter: number) => letter !== COLON
const inName = (letter: number) => letter !== COLON && letter !== SLASH
const CLASSES: ReadonlyMap<number, { readonly many: boolean; readonly has: (letter: number) => boolean }> =
  new Map([
    [STAR, { many: true, has: anything }],
    [ONE, { many: false, has: anything }],
    [STAR_IN_SEGMENT, { many: true, has: inSegment }],
    [ONE_IN_SEGMENT, { many: false, has: inSegment }],
    [STAR_IN_NAME, { many: true, has: inName }],
    [ONE_IN_NAME, { many: false, has: inName }],
    [DIGIT, { many: false, has: isDigit }],
  ])
