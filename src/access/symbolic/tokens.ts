import { mayBeEmpty } from '../../evaluator/keys/key-forms.ts'
import { fold } from '../../evaluator/program/fold.ts'
import type { Piece } from '../../evaluator/program/pieces.ts'

/**
 * A pattern as numbers, one a token: a character (its code point), a character whatever its case (with `FOLDED`), a
 * wildcard, or a variable's value (`MARKER` and below). Runs of wildcards are in canonical order: `??*`.
 */
export type Glob = readonly number[]

/** Added to the code point of a lower-case letter: its other cases match as well. */
export const FOLDED = 1 << 21
export const STAR = -1
export const ONE = -2
/** The same two, but never a colon. */
export const STAR_IN_SEGMENT = -3
export const ONE_IN_SEGMENT = -4
/** The same two, but never a colon or a slash: what most services let stand in a name. */
export const STAR_IN_NAME = -5
export const ONE_IN_NAME = -6
/** One of the ten digits. */
export const DIGIT = -7
/** `MARKER - n` is variable n: a text that isn't known. */
export const MARKER = -8

export const COLON = 0x3a
export const SLASH = 0x2f

export const isDigit = (point: number): boolean => point >= 0x30 && point <= 0x39

/** Takes any number of characters, none included. */
export const isStar = (token: number): boolean =>
  token === STAR || token === STAR_IN_SEGMENT || token === STAR_IN_NAME

export const isMarker = (token: number): boolean => token <= MARKER
export const hasMarkers = (glob: Glob): boolean => glob.some(isMarker)

/** Whether nothing in it stands for more than one text. */
export const isLiteral = (glob: Glob): boolean => glob.every((token) => token >= 0 && token < FOLDED)

export const codePoints = (text: string): number[] =>
  Array.from(text, (character) => character.codePointAt(0) ?? 0)

export const literalGlob = (text: string): Glob => codePoints(text)

export const textOf = (glob: Glob): string => String.fromCodePoint(...glob)

/** A text that is the same whatever its case. */
export const foldedGlob = (text: string): Glob =>
  codePoints(fold(text)).map((point) => (variantsOf(point).length > 1 ? point | FOLDED : point))

const WILDCARDS = {
  star: STAR,
  starInSegment: STAR_IN_SEGMENT,
  one: ONE,
  oneInSegment: ONE_IN_SEGMENT,
} as const

export type Variable = Extract<Piece, { readonly kind: 'variable' }>

/** @param tokensOf what stands for a variable that isn't known */
export function globOf(pieces: readonly Piece[], tokensOf: (variable: Variable) => readonly number[]): Glob {
  const tokens: number[] = []
  for (const piece of pieces) {
    if (piece.kind === 'literal') tokens.push(...codePoints(piece.text))
    else if (piece.kind === 'variable') tokens.push(...tokensOf(piece))
    else tokens.push(WILDCARDS[piece.kind])
  }
  return canonical(tokens)
}

/** Any value that a variable may have. */
export const anyValue = ({ name, fallback }: Variable): readonly number[] =>
  fallback === '' || mayBeEmpty(name.toLowerCase()) ? [STAR] : [ONE, STAR]

/** Single wildcards before stars, and no two stars side by side: `*?*` is `?*`. */
export function canonical(tokens: readonly number[]): Glob {
  const glob: number[] = []
  for (const token of tokens) {
    const last = glob.at(-1) ?? 0
    if (isStar(token)) {
      // The star before it takes all that this one could.
      if (isStar(last) && widthOf(last) >= widthOf(token)) continue
      while (isStar(glob.at(-1) ?? 0)) glob.pop()
      glob.push(token)
    } else if (isStar(last) && token === SINGLE[last]) {
      glob.splice(glob.length - 1, 0, token)
    } else glob.push(token)
  }
  return glob
}

/** The wider one of two stars takes what the other does. */
const widthOf = (star: number): number => (star === STAR ? 2 : star === STAR_IN_SEGMENT ? 1 : 0)

/** What takes one character of those of a star. */
const SINGLE: Readonly<Record<number, number>> = {
  [STAR]: ONE,
  [STAR_IN_SEGMENT]: ONE_IN_SEGMENT,
  [STAR_IN_NAME]: ONE_IN_NAME,
}

/** Letters beyond the usual two cases that fold to the same: the long s, and the signs for kelvin and angstrom. */
const ODD_VARIANTS: ReadonlyMap<string, string> = new Map([
  ['s', 'ſ'],
  ['k', '\u212a'],
  ['å', '\u212b'],
])

const variants = new Map<number, readonly number[]>()

/** All characters that fold to a folded one, itself first. */
export function variantsOf(point: number): readonly number[] {
  const known = variants.get(point)
  if (known !== undefined) return known
  const letter = String.fromCodePoint(point)
  const all = [letter, letter.toUpperCase(), letter.toLowerCase(), ODD_VARIANTS.get(letter) ?? letter]
  const found = [...new Set(all)]
    .filter((each) => [...each].length === 1 && fold(each) === letter)
    .flatMap(codePoints)
  variants.set(point, found)
  return found
}
