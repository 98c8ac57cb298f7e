// Patterns with variables, whose values aren't known, between two bounds: `upper` takes a variable for any text (what may match),
// `lower` leaves out patterns that have one (what must match). Over- and under-approximation, as in abstract interpretation.

import {
  arnPieces,
  type Piece,
  readPieces,
  resourcePieces,
  type UseClass,
} from '../../evaluator/program/pieces.ts'
import type { Lang } from './lang.ts'
import type { Pins } from './pins.ts'
import type { Symbols } from './symbols.ts'
import { anyValue, canonical, foldedGlob, type Glob, globOf, hasMarkers, type Variable } from './tokens.ts'

/** A language with variables, and what it is at most and at least. */
export interface Bounded {
  readonly lang: Lang
  readonly upper: Lang
  readonly lower: Lang
  /** In lower case. */
  readonly variables: readonly string[]
}

/** How the values of a condition, or the entries of a Resource, are read. */
type TextReading =
  | { readonly form: 'exact' | 'folded' | 'glob' | 'arn' }
  /** `crosses`: stars inside of segments match past colons too. */
  | { readonly form: 'resource'; readonly use: UseClass; readonly crosses: boolean }

/** The union of a list's patterns. Entries that match nothing are left out. */
export function boundedOf(
  texts: readonly string[],
  reading: TextReading,
  {
    variables,
    pins,
    symbols,
  }: { readonly variables: boolean; readonly pins: Pins; readonly symbols: Symbols },
): Bounded {
  const open = new Set<string>()
  const globs: Glob[] = []
  const upper: Glob[] = []
  for (const text of texts)
    for (const pieces of piecesOf(text, reading, variables)) {
      const known = substituted(pieces, pins)
      if (known === null) continue
      for (const piece of known) if (piece.kind === 'variable') open.add(piece.name.toLowerCase())
      const glob = readGlob(known, reading, symbols)
      if (glob === null) continue
      globs.push(glob)
      upper.push(hasMarkers(glob) ? relaxed(known, reading) : glob)
    }
  const lang = symbols.langs.of(globs)
  if (open.size === 0) return { lang, upper: lang, lower: lang, variables: [] }
  return {
    lang,
    upper: symbols.langs.of(upper),
    lower: symbols.langs.of(globs.filter((glob) => !hasMarkers(glob))),
    variables: [...open],
  }
}

function piecesOf(text: string, reading: TextReading, variables: boolean): readonly (readonly Piece[])[] {
  if (reading.form === 'resource') {
    const all = resourcePieces(text, variables, reading.use)
    return reading.crosses ? all.flatMap((pieces) => [pieces, ...crossing(pieces)]) : all
  }
  const wildcards = reading.form === 'glob' || reading.form === 'arn'
  const pieces = readPieces(text, { wildcards, variables })
  return pieces === null ? [] : [pieces]
}

/**
 * A pattern with one star of those that stay in their segments reaching past some colons. An ARN has five before what it is
 * about, one before a name, and one before the version of what is called so: those with more are names of nothing.
 */
function crossing(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const colons = pieces
    .map((piece) => (piece.kind === 'literal' ? piece.text.split(':').length - 1 : 0))
    .reduce((sum, each) => sum + each, 0)
  return pieces.flatMap((piece, place) =>
    piece.kind !== 'starInSegment'
      ? []
      : Array.from({ length: Math.max(0, COLONS + 2 - colons) }, (_, more) => [
          ...pieces.slice(0, place),
          piece,
          ...Array.from({ length: more + 1 }, () => [{ kind: 'literal', text: ':' } as const, piece]).flat(),
          ...pieces.slice(place + 1),
        ]),
  )
}

/** With the values of variables that are known; null: one has none, so nothing is matched. */
export function substituted(pieces: readonly Piece[], pins: Pins): readonly Piece[] | null {
  if (!pieces.some(({ kind }) => kind === 'variable')) return pieces
  const known: Piece[] = []
  for (const piece of pieces) {
    if (piece.kind !== 'variable') {
      known.push(piece)
      continue
    }
    const values = pins.valueOf(piece.name.toLowerCase())
    if (values === undefined) {
      known.push(piece)
      continue
    }
    if (values !== null && values.length > 1) return null
    const text = values?.[0] ?? piece.fallback
    if (text === null) return null
    known.push({ kind: 'literal', text })
  }
  return known
}

/** null: it matches nothing. */
function readGlob(pieces: readonly Piece[], reading: TextReading, symbols: Symbols): Glob | null {
  // One that ignores case isn't the same text as one that doesn't.
  const folds = reading.form === 'folded' ? 'folded ' : ''
  const markerOf = (variable: Variable) => [variableMarker(variable, symbols, folds)]
  if (reading.form === 'folded') return foldedPieces(pieces, markerOf)
  if (reading.form !== 'arn') return globOf(pieces, markerOf)
  // What isn't known may hold colons, and where it stands early other wildcards then stay in other segments: only the whole
  // is the same. Past the fifth colon it is text like any other.
  if (colonsBeforeVariables(pieces) < COLONS)
    return [symbols.markerOf(`arn ${JSON.stringify(pieces)}`, pieces)]
  const inSegments = arnPieces(pieces)
  return inSegments === null ? null : withScheme(globOf(inSegments, markerOf), symbols)
}

/** What stands for a variable, where its case matters unless told. */
export const variableMarker = (variable: Variable, symbols: Symbols, folds = ''): number =>
  symbols.markerOf(`${folds}${variable.name.toLowerCase()} ${variable.fallback}`, [variable])

/** Colons of an ARN before its last segment. */
const COLONS = 5

/** How many stand before the first variable; without any, enough. */
function colonsBeforeVariables(pieces: readonly Piece[]): number {
  const first = pieces.findIndex(({ kind }) => kind === 'variable')
  if (first < 0) return COLONS
  return pieces
    .slice(0, first)
    .reduce((sum, piece) => sum + (piece.kind === 'literal' ? piece.text.split(':').length - 1 : 0), 0)
}

/** Any text in a variable's place. */
const relaxed = (pieces: readonly Piece[], { form }: TextReading): Glob =>
  form === 'folded' ? canonical(foldedPieces(pieces, anyValue)) : globOf(pieces, anyValue)

const foldedPieces = (pieces: readonly Piece[], tokensOf: (variable: Variable) => readonly number[]): Glob =>
  pieces.flatMap((piece) =>
    piece.kind === 'literal' ? foldedGlob(piece.text) : piece.kind === 'variable' ? tokensOf(piece) : [],
  )

const COLON = 0x3a

/** An ARN operator's value is an ARN: what stands for its first segment can only be `arn`. */
function withScheme(glob: Glob, { langs }: Symbols): Glob | null {
  const colon = glob.indexOf(COLON)
  const scheme = glob.slice(0, colon)
  if (!langs.of([scheme]).has('arn')) return null
  return [...'arn'].map((letter) => letter.charCodeAt(0)).concat(glob.slice(colon))
}
