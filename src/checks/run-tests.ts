import type { AccountFacts } from '../evaluator/account.ts'
import type { Decision, Request } from '../evaluator/decision.ts'
import type { DesiredState, PolicyTest } from '../manifest/desired.ts'
import type { CheckResult } from './check-result.ts'
import { declaredState } from './declared-state.ts'

/**
 * Runs the tests of an account on what its YAML says.
 * @returns one result for each test, in their order
 */
export async function runTests(desired: DesiredState, facts: AccountFacts): Promise<readonly CheckResult[]> {
  // The evaluator takes time to start, and most projects that are watched have no tests yet.
  if (desired.tests.length === 0) return []
  const { createAccountEvaluator } = await import('../evaluator/account.ts')
  const evaluator = await createAccountEvaluator(declaredState(desired), facts)
  return desired.tests.map((test) => {
    let last: Decision | null = null
    for (const question of questionsOf(test)) {
      const answered = evaluator.evaluate(question)
      if (answered.answer === null)
        return {
          ...common(test),
          result: 'unknown',
          actual: null,
          witness: question,
          why: answered.diagnostics.map(({ message }) => message).join('; '),
        }
      const { request, decision } = answered.answer
      if ((decision === 'allow') !== (test.expect === 'allow'))
        return { ...common(test), result: 'fail', actual: decision, witness: request, why: null }
      last = decision
    }
    return { ...common(test), result: 'pass', actual: last, witness: null, why: null }
  })
}

const common = ({ name, expect, span }: PolicyTest) => ({
  kind: 'test' as const,
  name,
  expected: expect,
  span,
})

/** A test with several actions or resources holds only if every combination does. */
function questionsOf({ principal, actions, resources, context }: PolicyTest): readonly Request[] {
  return actions.flatMap((action) => resources.map((resource) => ({ principal, action, resource, context })))
}
