import type { Decision } from '../evaluator/decision.ts'
import type { AccountFacts } from '../evaluator/estate/account-policies.ts'
import type { EstateQuestion } from '../evaluator/estate/estate-question.ts'
import type { Evaluator } from '../evaluator/estate/evaluator.ts'
import type { DesiredState, PolicyTest, Project } from '../manifest/desired.ts'
import type { CheckResult } from './check-result.ts'
import { declaredEstate } from './declared-estate.ts'

/** Runs policy tests on what a project's YAML says: all its accounts, its organization and its resources. */
export class PolicyTests {
  readonly #project: Pick<Project, 'accounts' | 'organization' | 'resources'>
  readonly #facts: AccountFacts
  #evaluator: Promise<Evaluator> | null = null

  constructor(project: Pick<Project, 'accounts' | 'organization' | 'resources'>, facts: AccountFacts) {
    this.#project = project
    this.#facts = facts
  }

  /** @returns one result for each test of an account, in their order */
  async run({ account, tests }: DesiredState): Promise<readonly CheckResult[]> {
    // The evaluator takes time to start, and most projects that are watched have no tests yet.
    if (tests.length === 0) return []
    this.#evaluator ??= this.#open()
    const evaluator = await this.#evaluator
    return tests.map((test) => resultOf(test, account.id, evaluator))
  }

  async #open(): Promise<Evaluator> {
    const { createEvaluator } = await import('../evaluator/estate/evaluator.ts')
    return createEvaluator(declaredEstate(this.#project), this.#facts)
  }
}

/**
 * Runs the tests of all accounts of a project on what its YAML says.
 * @returns one result for each test, in their order
 */
export async function runTests(
  project: Pick<Project, 'accounts' | 'organization' | 'resources'>,
  facts: AccountFacts,
): Promise<readonly CheckResult[]> {
  const tests = new PolicyTests(project, facts)
  const results: CheckResult[] = []
  for (const { desired } of project.accounts)
    if (desired !== null) results.push(...(await tests.run(desired)))
  return results
}

function resultOf(test: PolicyTest, account: string, evaluator: Evaluator): CheckResult {
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
