import { parseDate } from '../../policy/condition-values.ts'
import { OPERATORS, type OperatorMeaning } from '../../policy/operators.ts'
import type { ParsedCondition } from '../../policy/parsed.ts'
import { isTimeOfRequest } from '../key-facts.ts'

/** Whether a time that meets an operator is never after its values. */
function isUntil(meaning: OperatorMeaning): boolean {
  if (!('comparison' in meaning) || meaning.negated) return false
  switch (meaning.comparison) {
    case 'equals':
    case 'less':
    case 'lessEquals':
      return true
    case 'greater':
    case 'greaterEquals':
      return false
  }
}

/**
 * When conditions ceased to be met by any request to come: every request has the time at which it is made.
 * @returns ISO 8601; null: they may be met yet
 */
export function endOf(conditions: readonly ParsedCondition[], now: Date): string | null {
  const ends = conditions.flatMap(({ operator, key, values }) => {
    if (!isTimeOfRequest(key.toLowerCase()) || !isUntil(OPERATORS[operator])) return []
    const times = values.map(parseDate)
    // One value suffices, and what can't be read meets nothing.
    const last = Math.max(...times.flatMap((time) => time ?? []))
    return Number.isFinite(last) && last < now.getTime() ? [last] : []
  })
  return ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString().replace('.000Z', 'Z')
}
