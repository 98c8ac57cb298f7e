import type { BrieflyWider } from '../../plan/plan.ts'
import { printable } from '../layout/paint.ts'

/** A test that a request passes: an operator, a key, and the values that it compares with. */
interface ConditionTest {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

/** @param condition in canonical spelling; a text of another form is shown as it is */
export function conditionOf(condition: string): ConditionTest | string {
  const end = condition.lastIndexOf(']')
  try {
    const [operator, key, values] = JSON.parse(condition.slice(0, end + 1)) as [string, string, string[]]
    return { operator, key, values }
  } catch {
    return condition
  }
}

const conditionText = (condition: string): string => {
  const test = conditionOf(condition)
  return typeof test === 'string' ? test : `${test.key} ${test.operator} ${test.values.join(' or ')}`
}

/** What somebody may do between two steps, in one line. */
export function widerText({ principal, request }: BrieflyWider): string {
  if (request === null)
    return `for a few calls ${printable(principal)} may be able to do more than before and after: too many patterns meet to tell`
  const { action, resource, conditions } = request
  const when = conditions.length === 0 ? '' : ` when ${conditions.map(conditionText).join(' and ')}`
  return printable(
    `for a few calls ${principal} may do ${action} on ${resource}${when}, which they may neither before nor after`,
  )
}
