import { isDecimal, parseDate, parseIpRange } from '../../../policy/condition-values.ts'
import { type ConditionOperator, OPERATORS, type OperatorMeaning } from '../../../policy/operators.ts'
import type { ParsedCondition } from '../../../policy/parsed.ts'
import { mayBeEmpty } from '../../keys/key-forms.ts'
import type { OpenKey } from './open-principal.ts'
import type { Texts } from './open-texts.ts'
import { firstPlaces, placesAfter } from './pattern-places.ts'
import { addressesAfter, numbersBetween, OUTSIDE } from './values-between.ts'

/** A key's values in a request; null: it hasn't got the key. */
type Given = readonly string[] | null

/** Values that are worth trying for a key, beside its being absent. */
export interface Candidates {
  /** As the first policy spells it. */
  readonly key: string
  readonly values: readonly Given[]
  /** Whether these stand for all values that there are. */
  readonly areComplete: boolean
}

/** More than that are not tried. */
export const MOST_VALUES = 24
/** Milliseconds around 1970 that a date can still tell. */
export const LAST_DATE = 8.64e15 - 1000
/** Part of no pattern that anybody writes. */
const OTHER = 'some-other-value'
/** Beside it, for patterns that it is like. */
const OTHERS = ['0', 'Z']

/** Whatever a key's values decide. */
export interface Tests {
  /** As the first policy spells it. */
  readonly key: string
  readonly conditions: readonly ParsedCondition[]
  /** With which a statement is about what is asked about, where the key stands in it as a variable. */
  readonly named: readonly string[]
  /** It is compared with what nothing settles either: no list of values stands for all. */
  readonly isEndless?: boolean
}

/**
 * Values on each side of every test that is made of a key: equal and not, inside and outside, less and more.
 * @param textsOf puts in what is known for the variables of a policy's text
 * @param open what the key may be at all
 */
export function candidatesFor(
  { key, conditions, named, isEndless }: Tests,
  textsOf: Texts,
  open: OpenKey,
): Candidates {
  const singles = new Set<string>(named)
  const patterns = new Set<string>()
  const tested: { readonly operator: ConditionOperator; readonly value: string }[] = []
  for (const { operator, values } of conditions)
    for (const written of values)
      for (const value of textsOf(written)) {
        tested.push({ operator, value })
        for (const example of examplesOf(operator, value)) singles.add(example)
        if (!takesWildcards(OPERATORS[operator]) || !/[*?]/.test(value)) continue
        patterns.add(value)
        // Of `${*}` the star itself is meant, and nothing else is like it.
        if (value !== written) singles.add(value)
      }
  for (const value of valuesBetween(tested, singles)) singles.add(value)
  if (!mayBeEmpty(key.toLowerCase())) singles.delete('')
  for (const pattern of patterns) {
    if (!canBegin(pattern, open.begins)) patterns.delete(pattern)
    else {
      const { fillings = [], kinds = [] } = open
      for (const filling of [...FILLINGS, ...fillings]) singles.add(filled(pattern, filling, open.begins))
      for (const one of kinds)
        for (const value of goingOn(pattern, one, ['', 'example', ...fillings])) singles.add(value)
    }
  }
  for (const example of open.examples) singles.add(example)
  if (patterns.size > 0) for (const other of OTHERS) singles.add(other)
  for (const value of singles) if (!open.canBe(value)) singles.delete(value)
  const chosen = [...singles].slice(0, MOST_VALUES)
  const hasSets = conditions.some(({ quantifier }) => quantifier !== null)
  return {
    key,
    values: [
      ...(open.mayBeAbsent ? [null] : []),
      ...chosen.map((value) => [value]),
      ...(hasSets ? setsOf(chosen) : []),
    ],
    // How several patterns overlap, or what sets of values there are, takes more than examples to know.
    areComplete:
      isEndless !== true &&
      patterns.size + named.length < 2 &&
      (patterns.size === 0 || open.patternsAreTold !== false) &&
      !(hasSets && singles.size > MOST_IN_SETS) &&
      singles.size <= MOST_VALUES,
  }
}

/** Of more values than that not all sets are tried. */
const MOST_IN_SETS = 3

/** Sets of at least two values: all where there are few. */
function setsOf(values: readonly string[]): readonly (readonly string[])[] {
  if (values.length > MOST_IN_SETS)
    return [values.slice(0, 2), values.filter((value) => value !== OTHER)].filter(({ length }) => length > 1)
  let sets: readonly (readonly string[])[] = [[]]
  for (const value of values) sets = [...sets, ...sets.map((set) => [...set, value])]
  return sets.filter(({ length }) => length > 1)
}

function valuesBetween(
  tested: readonly { readonly operator: ConditionOperator; readonly value: string }[],
  found: Iterable<string>,
): readonly string[] {
  const of = (family: OperatorMeaning['family']) =>
    tested.flatMap(({ operator, value }) => (OPERATORS[operator].family === family ? [value] : []))
  const known = [...found]
  const dates = (texts: readonly string[]) =>
    texts.flatMap((text) => parseDate(text) ?? []).filter((time) => Math.abs(time) <= LAST_DATE)
  const numbers = (texts: readonly string[]) => texts.filter(isDecimal).map(Number)
  return [
    ...numbersBetween(numbers(of('number')), numbers(known)).map(String),
    ...numbersBetween(dates(of('date')), dates(known)).map((time) => new Date(time).toISOString()),
    ...addressesAfter(of('address')),
  ]
}

/** For the wildcards of a pattern, where a key's values have a form of their own. */
const FILLINGS = ['', 'X', 'EXAMPLE', 'example', 'EXAMPLE:example', 'role/example']

/** @param begins what all values begin with: the first wildcard stands for what of it the pattern leaves out, too */
function filled(pattern: string, filling: string, begins: string): string {
  const [literal = ''] = pattern.split('*')
  const rest = begins.startsWith(literal) ? begins.slice(literal.length) : ''
  return pattern.replace('*', `${rest}${filling}`).replace(/\*/g, filling).replace(/\?/g, 'X')
}

/** Texts that begin so and are like a pattern. */
const goingOn = (pattern: string, begins: string, fillings: readonly string[]): readonly string[] =>
  [...placesAfter(pattern, firstPlaces(pattern), begins)].flatMap((place) =>
    fillings.map((filling) => begins + pattern.slice(place).replace(/\*/g, filling).replace(/\?/g, 'X')),
  )

/** Whether a pattern may match something that begins so. */
function canBegin(pattern: string, begins: string): boolean {
  const [literal = ''] = pattern.split(/[*?$]/)
  return literal.startsWith(begins) || begins.startsWith(literal)
}

const takesWildcards = (meaning: OperatorMeaning): boolean =>
  'form' in meaning && (meaning.form === 'glob' || meaning.form === 'arn')

function examplesOf(operator: ConditionOperator, value: string): readonly string[] {
  const meaning = OPERATORS[operator]
  switch (meaning.family) {
    case 'boolean':
      return ['true', 'false']
    case 'presence':
      // What has an empty text counts as absent, but it has a text.
      return ['']
    case 'number': {
      const number = Number(value)
      return Number.isFinite(number) ? [value, String(number - 1), String(number + 1)] : []
    }
    case 'date': {
      const seconds = parseDate(value)
      if (seconds === null || Math.abs(seconds) > LAST_DATE) return []
      return [-1000, 0, 1000].map((shift) => new Date(seconds + shift).toISOString())
    }
    case 'address': {
      const [address = ''] = value.split('/')
      const outside = OUTSIDE.filter((each) => each.includes(':') === address.includes(':'))
      return parseIpRange(value) === null ? [] : [address, ...outside]
    }
    case 'binary':
      return [value, 'AA==']
    case 'string':
    case 'arn':
      // Wildcards are characters like any other but to StringLike and what compares ARNs.
      return [
        ...(takesWildcards(meaning) ? [value.replace(/[*?]/g, 'x')] : [value]),
        ...('form' in meaning && meaning.form === 'folded' ? [value.toLowerCase(), value.toUpperCase()] : []),
        OTHER,
      ]
  }
}

/**
 * Combinations of candidates, those with the fewest keys first.
 * @returns null when there are more than `most`
 */
export function combinations(
  candidates: readonly Candidates[],
  most: number,
): readonly ReadonlyMap<string, readonly string[]>[] | null {
  let count = 1
  for (const { values } of candidates) count *= values.length
  if (count > most) return null
  let combined: ReadonlyMap<string, readonly string[]>[] = [new Map()]
  for (const { key, values } of candidates)
    combined = combined.flatMap((context) =>
      values.map((given) => (given === null ? context : new Map([...context, [key, given]]))),
    )
  return combined.sort((a, b) => a.size - b.size)
}
