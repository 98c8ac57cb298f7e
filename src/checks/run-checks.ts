import type { AccountFacts } from '../evaluator/estate/account-policies.ts'
import type { Evaluator } from '../evaluator/estate/evaluator.ts'
import type { DesiredState, Project } from '../manifest/desired.ts'
import type { Estate } from '../model/index.ts'
import type { CheckResult } from './check-result.ts'
import { declaredEstate } from './declared-estate.ts'
import type { InvariantProver, OpenProver } from './invariant-prover.ts'
import { invariantResult } from './invariant-result.ts'
import { testResult } from './test-result.ts'

type CheckedProject = Pick<Project, 'accounts' | 'organization' | 'resources'>

/** Checks what a project's YAML says: all its accounts, its organization and its resources. */
export class ProjectChecks {
  readonly #project: CheckedProject
  readonly #facts: AccountFacts
  readonly #openProver: OpenProver | null
  #estate: Estate | null
  #evaluator: Promise<Evaluator> | null = null
  #prover: Promise<InvariantProver> | null = null

  /**
   * @param openProver null: invariants come out as unknown
   * @param estate what is checked in place of what the YAML says; null: nothing is
   */
  constructor(
    project: CheckedProject,
    facts: AccountFacts,
    openProver: OpenProver | null = null,
    estate: Estate | null = null,
  ) {
    this.#project = project
    this.#estate = estate
    this.#facts = facts
    this.#openProver = openProver
  }

  /** @returns one result for each test of an account, then one for each invariant, in their order */
  async run({ account, tests, invariants }: DesiredState): Promise<readonly CheckResult[]> {
    const results: CheckResult[] = []
    // What decides takes time to start, and most projects that are watched have nothing to check yet.
    if (tests.length > 0) {
      this.#evaluator ??= this.#openEvaluator()
      const evaluator = await this.#evaluator
      for (const test of tests) results.push(testResult(test, account.id, evaluator))
    }
    if (invariants.length > 0) {
      this.#prover ??= this.#openProver?.(this.#declared(), this.#facts) ?? null
      const prover = await this.#prover
      for (const invariant of invariants) results.push(await invariantResult(invariant, account, prover))
    }
    return results
  }

  async #openEvaluator(): Promise<Evaluator> {
    const { createEvaluator } = await import('../evaluator/estate/evaluator.ts')
    return createEvaluator(this.#declared(), this.#facts)
  }

  #declared(): Estate {
    this.#estate ??= declaredEstate(this.#project)
    return this.#estate
  }
}

/**
 * Runs the tests and invariants of all accounts of a project on what its YAML says.
 * @param openProver null: invariants come out as unknown
 * @returns one result for each, account by account
 */
export async function runChecks(
  project: CheckedProject,
  facts: AccountFacts,
  openProver: OpenProver | null = null,
): Promise<readonly CheckResult[]> {
  const checks = new ProjectChecks(project, facts, openProver)
  const results: CheckResult[] = []
  for (const { desired } of project.accounts)
    if (desired !== null) results.push(...(await checks.run(desired)))
  return results
}
