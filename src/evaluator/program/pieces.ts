import { splitVariables } from '../../policy/variables.ts'
import { UnevaluablePolicyError } from '../unevaluable.ts'

/** What a pattern is made of, before it becomes bytes. */
export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'star' | 'starInSegment' | 'one' | 'oneInSegment' }
  | { readonly kind: 'variable'; readonly name: string; readonly fallback: string | null }

const STAR: Piece = { kind: 'star' }
const STAR_IN_SEGMENT: Piece = { kind: 'starInSegment' }
const ONE: Piece = { kind: 'one' }
const ONE_IN_SEGMENT: Piece = { kind: 'oneInSegment' }

const SEPARATORS = 5

/** How to read a text: its wildcards, and its `${…}` (only documents of 2012-10-17 have variables). */
interface Reading {
  readonly wildcards: boolean
  readonly variables: boolean
}

/**
 * Takes a text apart: runs of stars become one, neighbouring literals one. No piece knows of segments yet.
 * @returns null when a variable is malformed: then nothing is matched
 */
export function readPieces(text: string, { wildcards, variables }: Reading): readonly Piece[] | null {
  const pieces: Piece[] = []
  let literal = ''
  const endLiteral = () => {
    if (literal !== '') pieces.push({ kind: 'literal', text: literal })
    literal = ''
  }
  const readText = (part: string) => {
    if (!wildcards) {
      literal += part
      return
    }
    for (const token of part.split(/(\*+|\?)/)) {
      if (token === '' || (token[0] !== '*' && token !== '?')) {
        literal += token
        continue
      }
      endLiteral()
      if (token === '?') pieces.push(ONE)
      else if (pieces.at(-1) !== STAR) pieces.push(STAR)
    }
  }
  if (!variables || !text.includes('${')) {
    readText(text)
  } else {
    const { parts } = splitVariables(text)
    if (parts === null) return null
    for (const part of parts) {
      if (part.kind === 'text') readText(part.text)
      else if (part.kind === 'character') literal += part.character
      else {
        endLiteral()
        pieces.push(part)
      }
    }
  }
  endLiteral()
  return pieces
}

const isWildcard = ({ kind }: Piece): boolean => kind !== 'literal' && kind !== 'variable'

const colonsIn = (pieces: readonly Piece[]): number => {
  let colons = 0
  for (const piece of pieces) if (piece.kind === 'literal') colons += piece.text.split(':').length - 1
  return colons
}

/** Keeps wildcards of the first five segments inside them: what an ARN condition means. Colons of variables don't count. */
function withinSegments(pieces: readonly Piece[]): readonly Piece[] {
  return inSegments(pieces, () => false)
}

/** An ARN condition's pattern without variables; null: it isn't an ARN. */
export const arnPieces = (pieces: readonly Piece[]): readonly Piece[] | null =>
  colonsIn(pieces) < SEPARATORS ? null : withinSegments(pieces)

/** The same for a resource, where a star that ends its segment matches past the colon. */
const withCrossingStars = (pieces: readonly Piece[]): readonly Piece[] =>
  inSegments(pieces, (next) => next === undefined || (next.kind === 'literal' && next.text.startsWith(':')))

function inSegments(
  pieces: readonly Piece[],
  crosses: (next: Piece | undefined) => boolean,
): readonly Piece[] {
  let colons = 0
  return pieces.map((piece, index) => {
    if (piece.kind === 'literal') colons += piece.text.split(':').length - 1
    if (colons >= SEPARATORS) return piece
    if (piece.kind === 'one') return ONE_IN_SEGMENT
    return piece.kind === 'star' && !crosses(pieces[index + 1]) ? STAR_IN_SEGMENT : piece
  })
}

/** Which rules for incomplete ARNs hold where a policy is used. */
export type UseClass = 'identity' | 'resource' | 'scp' | 'rcp'

/**
 * The patterns that a Resource entry stands for: none if it matches nothing, two where an ARN with missing segments
 * can be completed in two ways.
 * @throws UnevaluablePolicyError where such an ARN makes the policy malformed
 */
export function resourcePieces(
  text: string,
  variables: boolean,
  use: UseClass,
): readonly (readonly Piece[])[] {
  const pieces = readPieces(text, { wildcards: true, variables })
  if (pieces === null) return []
  const crossing = withCrossingStars(pieces)
  if (!text.startsWith('arn:') || colonsIn(pieces) >= SEPARATORS) return [crossing]
  const endsInStar = pieces.at(-1)?.kind === 'star'
  switch (use) {
    case 'rcp':
      throw new UnevaluablePolicyError(`resource \`${text}\` has fewer than the six segments of an ARN`)
    case 'scp':
      if (endsInStar) return [crossing]
      throw new UnevaluablePolicyError(`resource \`${text}\` has fewer than the six segments of an ARN`)
    case 'resource':
      if (!pieces.some(isWildcard)) return []
      break
    case 'identity':
      break
  }
  if (endsInStar) return [crossing]
  return [crossing, [...withinSegments(pieces), { kind: 'literal', text: ':' }, STAR]]
}

/**
 * An action pattern, in lower case.
 * @throws UnevaluablePolicyError when it is malformed
 */
export function actionPieces(text: string): readonly Piece[] {
  if (/^\*+(?::\*+)?$/.test(text)) return [STAR]
  if (!/^[^:*?]+:[^:]+$/.test(text)) throw new UnevaluablePolicyError(`action \`${text}\` is malformed`)
  const lower = text.toLowerCase()
  if (!/[*?]/.test(lower)) return [{ kind: 'literal', text: lower }]
  return readPieces(lower, { wildcards: true, variables: false }) ?? []
}
