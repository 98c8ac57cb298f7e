// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { isBoolean, isDecimal, parseDate, parseIpRange } from '../policy/condition-values.ts'
import type { ParsedCondition, ParsedStatement } from '../policy/parsed.ts'

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
  if (operator === 'Null')
    return isVoid && given !== null && quantifier === null
      ? doubt('18', '`Null` and a key that is an empty list or an empty string')
      : null
  if (quantifier === 'ForAnyValue' && ifExists && isVoid && effect === 'Deny')
    return doubt('24', '`ForAnyValue` with `IfExists` in a Deny, and a key without values')
  if (quantifier === null && given !== null && given.length > 1)
    return doubt('25', 'a plain operator on a key with several values')
  if (quantifier === null && given !== null && given.length === 0 && ifExists)
    return doubt('17', '`IfExists` and a key that is an empty list')
  return given === null || given.length === 0 ? null : doubtOfValues(operator, values, given)
}

function doubtOfValues(
  operator: ParsedCondition['operator'],
  values: readonly string[],
  given: readonly string[],
): Doubt | null {
  const texts = [...values.filter((value) => !value.includes('${')), ...given]
  if (operator.startsWith('Arn'))
    return texts.some((text) => !/^arn:(?:[^:]*:){4}/.test(text))
      ? doubt('20', 'an `Arn…` operator, and a text that is no ARN')
      : null
  if (operator === 'Bool' && values.some((value) => value.includes('${')))
    return doubt('28', 'a variable in `Bool`')
  const isRead = READERS.find(([names]) => names.test(operator))?.[1]
  if (isRead === undefined) return null
  if (operator.startsWith('Date') && texts.some((text) => /^\d{4}$/.test(text)))
    return doubt('22', 'four digits as a date: a year, or seconds')
  return texts.every(isRead) ? null : doubt('26', 'a value that is no number, date, address or boolean')
}

const READERS: readonly (readonly [operator: RegExp, isRead: (text: string) => boolean])[] = [
  [/^Numeric/, isDecimal],
  [/^Date/, (text) => parseDate(text) !== null],
  [/IpAddress$/, (text) => parseIpRange(text) !== null],
  [/^Bool$/, isBoolean],
]
