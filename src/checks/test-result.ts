import type { Decision } from '../evaluator/decision.ts'
import type { EstateQuestion } from '../evaluator/estate/estate-question.ts'
import type { Evaluator } from '../evaluator/estate/evaluator.ts'
import type { PolicyTest } from '../manifest/desired.ts'
import type { CheckResult } from './check-result.ts'

/** Asks a test's questions, until one is not answered as expected. @param account the id of the one that declares it */
export function testResult(test: PolicyTest, account: string, evaluator: Evaluator): CheckResult {
  let last: Decision | null = null
  for (const question of questionsOf(test, account)) {
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
}

const common = ({ name, expect, span }: PolicyTest) => ({
  kind: 'test' as const,
  name,
  expected: expect,
  violations: [],
  span,
})

/** A test with several actions or resources holds only if every combination does. */
function questionsOf(
  { principal, actions, resources, context }: PolicyTest,
  account: string,
): readonly EstateQuestion[] {
  return actions.flatMap((action) =>
    resources.map((resource) => ({ principal, action, resource, context, account })),
  )
}
