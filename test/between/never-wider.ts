import { expect } from 'vitest'
import type { PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { AccountState } from '../../src/model/index.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { stepsText } from '../reconcile/world.ts'
import { InBetween, requestsBetween } from './in-between-requests.ts'

/**
 * Fails where somebody may do after a step of a plan what they may neither before nor after all of them.
 * @returns how much was asked
 */
export function expectNeverWider(
  evaluator: PolicyEvaluator,
  plan: Plan,
  before: AccountState,
  states: readonly AccountState[],
): number {
  const after = states.at(-1)
  if (after === undefined) throw new Error('no steps')
  const between = new InBetween(evaluator)
  const requests = requestsBetween([before, ...states])
  for (const [step, now] of states.entries())
    expect(
      between.widerIn(before, now, after, requests),
      `after step ${step} of\n${stepsText(plan)}`,
    ).toBeNull()
  evaluator.forget()
  return requests.length * states.length
}
