// A guess, for witnesses that people can read: what variables would be if a pattern matched a text. No proof rests on it.

import type { Symbols } from './symbols.ts'
import {
  DIGIT,
  FOLDED,
  type Glob,
  isMarker,
  ONE,
  ONE_IN_NAME,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_NAME,
  STAR_IN_SEGMENT,
} from './tokens.ts'

/** With more of them a match may take long, and says little. */
const MOST_UNKNOWNS = 6

/**
 * What variables would have to be for a pattern to match a text.
 * @returns pairs of a name, in lower case, and a value; empty: it can't match, or isn't worth trying
 */
export function variableHints(
  glob: Glob,
  text: string,
  symbols: Symbols,
): readonly (readonly [name: string, value: string])[] {
  if (glob.filter((token) => token < 0).length > MOST_UNKNOWNS) return []
  const names: string[] = []
  const source = glob.map((token) =>
    isMarker(token) ? markerSource(token, names, symbols) : tokenSource(token),
  )
  const flags = glob.some((token) => token >= FOLDED) ? 'isu' : 'su'
  const values = new RegExp(`^${source.join('')}$`, flags).exec(text)?.slice(1) ?? []
  return values.flatMap((value, index) => (value === '' ? [] : [[names[index] ?? '', value] as const]))
}

function markerSource(marker: number, names: string[], symbols: Symbols): string {
  return symbols
    .piecesOf(marker)
    .map((piece) => {
      if (piece.kind === 'literal') return escaped(piece.text)
      if (piece.kind !== 'variable') return '.*?'
      names.push(piece.name.toLowerCase())
      return '(.*)'
    })
    .join('')
}

function tokenSource(token: number): string {
  switch (token) {
    case STAR:
      // A variable shall have as much as it can.
      return '.*?'
    case ONE:
      return '.'
    case STAR_IN_SEGMENT:
      return '[^:]*?'
    case ONE_IN_SEGMENT:
      return '[^:]'
    case STAR_IN_NAME:
      return '[^:/]*?'
    case ONE_IN_NAME:
      return '[^:/]'
    case DIGIT:
      return '[0-9]'
    default:
      return escaped(String.fromCodePoint(token & ~FOLDED))
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
