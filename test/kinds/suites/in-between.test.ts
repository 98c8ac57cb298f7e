// Between two steps nobody may do what they may neither before nor after, whatever kinds a plan is about.
import { describe, expect, it } from 'vitest'
import { PolicyEvaluator } from '../../../src/evaluator/policy-evaluator.ts'
import type { AccountState } from '../../../src/model/index.ts'
import { applyPlan } from '../../../src/reconcile/apply-plan.ts'
import type { IamWriter } from '../../../src/target/ports.ts'
import { InBetween, requestsBetween } from '../../between/in-between-requests.ts'
import fc from '../../fixed-seed.ts'
import { applyOptions, stepsText } from '../../reconcile/world.ts'
import { converge, declared, declaredBy, intentOf, planIn, withListed } from '../listed.ts'

describe('of every kind that is listed', () => {
  it('no plan lets anybody do more for a few calls, unless it says so', async () => {
    const evaluator = await PolicyEvaluator.create()
    let quiet = 0
    for (const [start, goal] of fc.sample(fc.tuple(declared(), declared()), 15))
      await withListed(async (world) => {
        await converge(world, intentOf(start))
        const [declaredBefore = {}] = declaredBy(intentOf(start))
        const before = await world.observe()
        const { plan } = await planIn(world, intentOf(goal), declaredBefore)
        const states: AccountState[] = []
        const writer: IamWriter = {
          async write(operation, input) {
            const answer = await world.iam.write(operation, input)
            states.push(await world.observe())
            return answer
          },
        }
        await applyPlan(plan, writer, applyOptions())
        const after = states.at(-1)
        if (after === undefined || plan.changes.some(({ brieflyWider }) => brieflyWider !== null)) return
        quiet++
        const between = new InBetween(evaluator)
        const requests = requestsBetween([before, ...states])
        for (const [step, now] of states.entries())
          expect(
            between.widerIn(before, now, after, requests),
            `after ${step} of\n${stepsText(plan)}`,
          ).toBeNull()
        evaluator.forget()
      })
    expect(quiet).toBeGreaterThan(5)
  })
})
