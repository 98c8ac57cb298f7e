import { mayBeEmpty } from '../../evaluator/keys/key-forms.ts'
import { resourcePieces } from '../../evaluator/program/pieces.ts'
import { parseArn } from '../../model/index.ts'
import { isBoolean, isDecimal, parseDate, parseIpRange } from '../../policy/condition-values.ts'
import { OPERATORS, type ValueKind } from '../../policy/operators.ts'
import type { ParsedCondition, ParsedStatement } from '../../policy/parsed.ts'
import type { Pins } from './pins.ts'

/**
 * Rules that AWS's documentation leaves open, by their numbers in docs/semantics.md. A single decision takes one reading;
 * what the other one would grant is not known.
 */
export type OpenRule = '4' | '9' | '11' | '13' | '18' | '20' | '22' | '24' | '25' | '26' | '28'

/** The rules that a condition hangs on, where another reading grants more. @param isList whether a key may have several values */
export function openRulesOf(
  condition: ParsedCondition,
  effect: ParsedStatement['effect'],
  isList: (key: string) => boolean,
): readonly OpenRule[] {
  const { operator, quantifier, ifExists, values } = condition
  const { family, negated, reads } = OPERATORS[operator]
  if (family === 'presence') {
    if (effect === 'Allow' && quantifier === null && values.some((value) => !isBoolean(value))) return ['26']
    return isOfEmpty(condition, effect) ? ['18'] : []
  }
  // A positive test of an Allow may be true, a negated one of a Deny false.
  const mayMatch = (effect === 'Allow') !== negated
  if (values.length === 0) return effect === 'Allow' && quantifier === null && !ifExists ? ['9'] : []
  const rules: OpenRule[] = []
  if (quantifier === 'ForAnyValue' && ifExists && effect === 'Deny') rules.push('24')
  if (quantifier === null && isList(condition.key.toLowerCase())) rules.push('25')
  if (family === 'date' && values.some(isYear)) rules.push('22')
  if (!mayMatch) return rules
  if (family === 'arn' && values.some(isNoArn)) rules.push('20')
  const unread = values.filter((value) => !isRead(reads, value))
  if (unread.length > 0) rules.push(unread.some((value) => value.includes('${')) ? '28' : '26')
  return rules
}

/** Whether more is granted where a key that is there and empty isn't missing. */
const isOfEmpty = (
  { key, quantifier, values }: ParsedCondition,
  effect: ParsedStatement['effect'],
): boolean =>
  quantifier === null &&
  mayBeEmpty(key.toLowerCase()) &&
  values.every((value) => value.toLowerCase() === (effect === 'Allow' ? 'false' : 'true'))

/** A year, or seconds since 1970. */
export const isYear = (value: string): boolean => /^\d{4}$/.test(value)

/** A pattern that is none of an ARN, by its text: with a variable it isn't known. */
export const isNoArn = (value: string): boolean => !value.includes('${') && parseArn(value) === null

/** Whether a value is one that an operator compares with. */
function isRead(reads: ValueKind, value: string): boolean {
  switch (reads) {
    case 'boolean':
      return isBoolean(value)
    case 'number':
      return isDecimal(value)
    case 'date':
      return parseDate(value) !== null
    case 'address':
      return parseIpRange(value) !== null
    // Of what is no base64 and no ARN, other rules speak.
    case 'string':
    case 'arn':
    case 'binary':
      return true
  }
}

/** The rule by which a Deny may spare somebody whom `NotPrincipal` names alone. */
export const ruleOfPrincipal = ({ effect, principal }: ParsedStatement): readonly OpenRule[] =>
  effect === 'Deny' && principal?.negated === true ? ['13'] : []

/** The rule by which more resources may be meant where that grants more: those of an Allow, those that a Deny leaves alone. */
export const ruleOfResource = ({ effect, resource }: ParsedStatement): readonly OpenRule[] =>
  resource !== null && (effect === 'Allow') !== resource.negated && resource.entries.some(hasInnerStar)
    ? ['4']
    : []

/** Whether a star stands inside of one of the first five segments, and not at its end. */
const hasInnerStar = (entry: string): boolean =>
  /\*[^:]/.test(entry) &&
  (resourcePieces(entry, true, 'identity')[0] ?? []).some(({ kind }) => kind === 'starInSegment')

/** How open rules are read is known like the value of a key: of one that no policy can name. */
export const READING = ' reading'

export const grantsMore = (pins: Pins): boolean => pins.valueOf(READING) != null
