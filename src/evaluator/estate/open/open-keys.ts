import { parseDate, parseIpRange } from '../../../policy/condition-values.ts'
import { type ConditionOperator, OPERATORS, type OperatorMeaning } from '../../../policy/operators.ts'
import type { ParsedCondition } from '../../../policy/parsed.ts'
import { mayBeEmpty } from '../../keys/key-forms.ts'
import type { OpenKey } from './open-principal.ts'
import { firstPlaces, placesAfter } from './pattern-places.ts'

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

/** Whatever a key's values decide. */
export interface Tests {
  /** As the first policy spells it. */
  readonly key: string
  readonly conditions: readonly ParsedCondition[]
  /** With which a statement is about what is asked about, where the key stands in it as a variable. */
  readonly named: readonly string[]
}

/**
 * Values on each side of every test that is made of a key: equal and not, inside and outside, less and more.
 * @param resolve puts in what is known for the variables of a policy's text
 * @param open what the key may be at all
 */
export function candidatesFor(
  { key, conditions, named }: Tests,
  resolve: (text: string) => string,
  open: OpenKey,
): Candidates {
  const singles = new Set<string>(named)
  const patterns = new Set<string>()
  let hasSets = false
  for (const { operator, quantifier, values } of conditions) {
    hasSets ||= quantifier !== null
    for (const text of values) {
      const value = resolve(text)
      for (const example of examplesOf(operator, value)) singles.add(example)
      if (takesWildcards(OPERATORS[operator]) && /[*?]/.test(value)) patterns.add(value)
      if (value.includes('${')) patterns.add(value).add(`${value} `)
    }
  }
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
  for (const value of singles) if (!open.canBe(value)) singles.delete(value)
  const chosen = [...singles].slice(0, MOST_VALUES)
  const [first, second] = chosen
  const lists =
    hasSets && first !== undefined && second !== undefined
      ? [[first, second], chosen.filter((value) => value !== OTHER)].filter(({ length }) => length > 1)
      : []
  return {
    key,
    values: [...(open.mayBeAbsent ? [null] : []), ...chosen.map((value) => [value]), ...lists],
    // How several patterns overlap, or what sets of values there are, takes more than examples to know.
    areComplete:
      patterns.size + named.length < 2 && !(hasSets && singles.size > 3) && singles.size <= MOST_VALUES,
  }
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
      return [OTHER]
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
      const outside = address.includes(':')
        ? ['2001:db8:ffff::1', 'fd00::1']
        : ['203.0.113.77', '10.255.255.254']
      return parseIpRange(value) === null ? [] : [address, ...outside]
    }
    case 'binary':
      return [value, 'AA==']
    case 'string':
    case 'arn':
      // Wildcards are characters like any other but to StringLike and what compares ARNs.
      return [takesWildcards(meaning) ? value.replace(/\*/g, 'x').replace(/\?/g, 'x') : value, OTHER]
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
