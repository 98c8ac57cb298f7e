// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { isBoolean, isDecimal, parseDate, parseIpRange } from '../../policy/condition-values.ts'
import { OPERATORS, type OperatorMeaning } from '../../policy/operators.ts'
import type { ParsedCondition, ParsedStatement } from '../../policy/parsed.ts'

/** A rule of which the documentation leaves open what it says, by its number in `docs/semantics.md`. */
export interface Doubt {
  readonly rule: string
  /** What is open, in a few words. */
  readonly about: string
}

const doubt = (rule: string, about: string): Doubt => ({ rule, about })

/**
 * What the documentation leaves open about a condition on these values of its key; null: nothing. Where it leaves
 * something open, a decision takes the condition for false in an Allow and for true in a Deny.
 * @param given the request's values; null: it hasn't got the key
 */
export function doubtOf(
  { operator, quantifier, ifExists, values }: ParsedCondition,
  given: readonly string[] | null,
  effect: ParsedStatement['effect'],
): Doubt | null {
  if (values.length === 0) return doubt('9', 'a condition with an empty list of values')
  const isVoid = given === null || given.length === 0 || (given.length === 1 && given[0] === '')
  const meaning = OPERATORS[operator]
  if (meaning.family === 'presence') {
    if (quantifier !== null) return null
    if (!values.every(isBoolean)) return doubt('26', 'a value of `Null` that is no boolean')
    return isVoid && given !== null
      ? doubt('18', '`Null` and a key that is an empty list or an empty string')
      : null
  }
  if (quantifier === 'ForAnyValue' && ifExists && isVoid && effect === 'Deny')
    return doubt('24', '`ForAnyValue` with `IfExists` in a Deny, and a key without values')
  if (quantifier === null && given !== null && given.length > 1)
    return doubt('25', 'a plain operator on a key with several values')
  if (quantifier === null && given !== null && given.length === 0 && ifExists)
    return doubt('17', '`IfExists` and a key that is an empty list')
  return given === null || given.length === 0 ? null : doubtOfValues(meaning.family, values, given)
}

function doubtOfValues(
  family: OperatorMeaning['family'],
  values: readonly string[],
  given: readonly string[],
): Doubt | null {
  const texts = [...values.filter((value) => !value.includes('${')), ...given]
  const unread = doubt('26', 'a value that is no number, date, address or boolean')
  switch (family) {
    case 'string':
    case 'binary':
    case 'presence':
      return null
    case 'arn':
      return texts.some((text) => !/^arn:(?:[^:]*:){4}/.test(text))
        ? doubt('20', 'an `Arn…` operator, and a text that is no ARN')
        : null
    case 'boolean':
      if (values.some((value) => value.includes('${'))) return doubt('28', 'a variable in `Bool`')
      return texts.every(isBoolean) ? null : unread
    case 'number':
      return texts.every(isDecimal) ? null : unread
    case 'date':
      if (texts.some((text) => /^\d{4}$/.test(text)))
        return doubt('22', 'four digits as a date: a year, or seconds')
      return texts.every((text) => parseDate(text) !== null) ? null : unread
    case 'address':
      return texts.every((text) => parseIpRange(text) !== null) ? null : unread
  }
}
