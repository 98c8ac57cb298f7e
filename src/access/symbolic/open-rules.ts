import type { ParsedCondition, ParsedStatement } from '../../policy/parsed.ts'
import type { Pins } from './pins.ts'

/**
 * Rules that AWS's documentation leaves open, by their numbers in docs/semantics.md. A single decision takes the reading
 * that grants less; what the other reading would grant is not known.
 */
export type OpenRule = '24' | '25'

/** The rule that a condition hangs on, where it is open; otherwise null. @param isList whether its key may have several values */
export function openRuleOf(
  { operator, quantifier, ifExists }: ParsedCondition,
  effect: ParsedStatement['effect'],
  isList: boolean,
): OpenRule | null {
  if (operator === 'Null') return null
  if (quantifier === 'ForAnyValue') return ifExists && effect === 'Deny' ? '24' : null
  return quantifier === null && isList ? '25' : null
}

/** How open rules are read is known like the value of a key: of one that no policy can name. */
export const READING = ' reading'

export const grantsMore = (pins: Pins): boolean => pins.valueOf(READING) != null
