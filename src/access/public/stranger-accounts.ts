import type { Piece } from '../../evaluator/program/pieces.ts'

/** Of accounts that stand for those nobody names: more than one, since patterns may tell them apart. */
const STRANGERS: readonly string[] = [
  '999999999999',
  '000000000000',
  ...Array.from({ length: 8 }, (_, digit) => String(digit + 1).repeat(12)),
]
const LENGTH = 12

/**
 * Ids that accounts may have which nobody names: a few, and for each pattern of an id one that it matches.
 * @param named ids, none of which it may be
 * @param patterns of ids
 */
export function strangerAccounts(
  named: ReadonlySet<string>,
  patterns: readonly (readonly Piece[])[],
): readonly string[] {
  const found = [...STRANGERS, ...patterns.flatMap((pattern) => idsLike(pattern))]
  const accounts = [...new Set(found)].filter((id) => !named.has(id))
  return accounts.length > 0 ? accounts : [unnamed(named)]
}

/** Some ids that a pattern matches; empty: none is so easily found. */
function idsLike(pattern: readonly Piece[]): readonly string[] {
  return ['9', '8', '7'].flatMap((digit) => {
    const fixed = pattern.reduce((length, piece) => length + lengthOf(piece), 0)
    let left = LENGTH - fixed
    const id = pattern
      .map((piece) => {
        if (piece.kind === 'literal') return piece.text
        if (piece.kind === 'one' || piece.kind === 'oneInSegment') return digit
        const filled = digit.repeat(Math.max(0, left))
        left = 0
        return filled
      })
      .join('')
    return /^\d{12}$/.test(id) ? [id] : []
  })
}

function lengthOf(piece: Piece): number {
  if (piece.kind === 'literal') return piece.text.length
  return piece.kind === 'one' || piece.kind === 'oneInSegment' ? 1 : 0
}

function unnamed(named: ReadonlySet<string>): string {
  for (let number = 899_999_999_999; ; number--) if (!named.has(String(number))) return String(number)
}
