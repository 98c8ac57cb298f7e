import { OPERATORS } from '../../policy/operators.ts'
import type { ParsedCondition, ParsedStatement } from '../../policy/parsed.ts'
import { type PolicyPlace, S3_KEYS, s3ReadingOf, type Unfixed, unfixedBy } from './fixed-value.ts'

/** Why a condition on a listed key leaves everybody in. */
export interface Wideness {
  readonly key: string
  readonly by: Unfixed | 'absent' | 'negated' | 'operator'
  /** The value that isn't fixed; empty: it isn't about one. */
  readonly value: string
}

/**
 * Whether a condition of an Allow narrows everybody to somebody.
 * @param isPresent whether something else makes sure that a key is there, by key in lower case
 * @returns true; the reason why not; null: it speaks of no listed key
 */
export function narrows(
  condition: ParsedCondition,
  place: PolicyPlace,
  isPresent: (key: string) => boolean,
): true | Wideness | null {
  const key = condition.key.toLowerCase()
  if (!S3_KEYS.has(key)) return null
  if (isNegated(condition)) return { key: condition.key, by: 'negated', value: '' }
  const wide = unfixedIn(condition, place)
  if (wide !== null) return wide
  const passesAbsent = condition.ifExists || condition.quantifier === 'ForAllValues'
  return passesAbsent && !isPresent(key) ? { key: condition.key, by: 'absent', value: '' } : true
}

/**
 * Whether whoever escapes a condition of a Deny is somebody: its values are fixed, and it is met where the key is absent.
 * A negated test with a set operator is met by several values in other ways, which takes several of the listed keys that
 * have one value only.
 */
export function escapeNarrows(condition: ParsedCondition, place: PolicyPlace): boolean {
  const key = condition.key.toLowerCase()
  if (!S3_KEYS.has(key) || !isNegated(condition)) return false
  // `ForAnyValue` is false where the key is absent; `ForAllValues` lets through who has one fixed value among others.
  if (condition.quantifier === 'ForAnyValue') return false
  return unfixedIn(condition, place) === null
}

/** Whether a statement is about requests with a key only. */
export const requires = ({ conditions }: ParsedStatement, key: string): boolean =>
  conditions.some((condition) => condition.key.toLowerCase() === key && isTestOfPresence(condition, 'false'))

/** Whether a condition is met by all that lack a key, and by nobody else. */
export const isAbsence = (condition: ParsedCondition): boolean => isTestOfPresence(condition, 'true')

const isTestOfPresence = ({ operator, quantifier, values }: ParsedCondition, absent: 'true' | 'false') =>
  OPERATORS[operator].family === 'presence' &&
  quantifier === null &&
  values.length > 0 &&
  values.every((value) => value === absent)

function unfixedIn(condition: ParsedCondition, place: PolicyPlace): Wideness | null {
  const { key, values } = condition
  const reading = s3ReadingOf(condition)
  if (reading === null) return { key, by: 'operator', value: '' }
  for (const value of values) {
    const by = unfixedBy(value, key.toLowerCase(), reading, place)
    if (by !== null) return { key, by, value }
  }
  return null
}

const isNegated = ({ operator }: ParsedCondition): boolean => OPERATORS[operator].negated
