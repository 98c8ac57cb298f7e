import { mayBeEmpty } from '../../evaluator/keys/key-forms.ts'
import { fold } from '../../evaluator/program/fold.ts'
import { type Piece, readPieces } from '../../evaluator/program/pieces.ts'
import type { StringForm } from '../../policy/operators.ts'
import type { ParsedCondition } from '../../policy/parsed.ts'
import type { Literal } from './atom.ts'
import { boundedOf, substituted } from './compile-text.ts'
import type { Lang } from './lang.ts'
import type { Pins } from './pins.ts'
import type { Symbols } from './symbols.ts'
import { codePoints, foldedGlob, globOf, literalGlob, textOf } from './tokens.ts'

/** Ways for a variable to stand in a text: beyond, nobody asks. */
const MOST_SPLITS = 400

/**
 * `aws:PrincipalTag/team` equals `${aws:ResourceTag/team}`: with the first known, that the second has its value. Only
 * where each text has one variable at most, all the same one.
 * @param given the only value of the condition's own key
 * @returns whether it holds without its negation; null: it isn't such a condition
 */
export function turnedAround(
  values: ParsedCondition['values'],
  form: StringForm,
  given: string,
  { pins, symbols }: { readonly pins: Pins; readonly symbols: Symbols },
): Literal | boolean | null {
  const asWritten = (text: string) => (form === 'folded' ? fold(text) : text)
  const wanted = codePoints(asWritten(given))
  const texts = new Set<string>()
  let name: string | null = null
  let whenAbsent = false
  for (const value of values) {
    const read = readPieces(value, { wildcards: form === 'glob', variables: true })
    const pieces = read === null ? null : substituted(read, pins)
    if (pieces === null) continue
    const place = pieces.findIndex(({ kind }) => kind === 'variable')
    const variable = pieces[place]
    if (variable?.kind !== 'variable') {
      if (boundedOf([value], { form }, { variables: true, pins, symbols }).lang.has(given)) return true
      continue
    }
    const [head, tail] = [pieces.slice(0, place), pieces.slice(place + 1)]
    if (tail.some(({ kind }) => kind === 'variable')) return null
    const langOf = (around: readonly Piece[]) =>
      symbols.langs.of([
        globOf(
          around.map((piece) => foldedPiece(piece, asWritten)),
          () => [],
        ),
      ])
    const between = textsBetween(langOf(head), langOf(tail), wanted)
    if (between === null) return null
    if (between.size === 0) continue
    if (name !== null && name.toLowerCase() !== variable.name.toLowerCase()) return null
    name = variable.name
    if (variable.fallback !== null) whenAbsent ||= between.has(asWritten(variable.fallback))
    for (const text of between) texts.add(text)
  }
  if (name !== null && !mayBeEmpty(name.toLowerCase())) texts.delete('')
  if (name === null || (texts.size === 0 && !whenAbsent)) return false
  const lang = symbols.langs.of([...texts].map(form === 'folded' ? foldedGlob : literalGlob))
  const atom = symbols.atoms.keyAtom({
    key: name.toLowerCase(),
    spelling: name,
    whenAbsent,
    predicate: { kind: 'text', lang, upper: lang, lower: lang },
    // A variable of several values has none.
    several: 'never',
    variables: [],
  })
  return atom + 1
}

const foldedPiece = (piece: Piece, asWritten: (text: string) => string): Piece =>
  piece.kind === 'literal' ? { ...piece, text: asWritten(piece.text) } : piece

/** What may stand between two patterns in a text; null: too many texts. */
function textsBetween(head: Lang, tail: Lang, points: readonly number[]): ReadonlySet<string> | null {
  const places = Array.from({ length: points.length + 1 }, (_, place) => place)
  const begins = places.filter((place) => head.has(textOf(points.slice(0, place))))
  const ends = places.filter((place) => tail.has(textOf(points.slice(place))))
  if (begins.length * ends.length > MOST_SPLITS) return null
  const texts = new Set<string>()
  for (const begin of begins)
    for (const end of ends) if (begin <= end) texts.add(textOf(points.slice(begin, end)))
  return texts
}
