// Between two steps nobody may do what they may neither before nor after, whatever kinds a plan is about.
import { describe, expect, it } from 'vitest'
import { PolicyEvaluator } from '../../../src/evaluator/policy-evaluator.ts'
import { expectNeverWider } from '../../between/never-wider.ts'
import fc from '../../fixed-seed.ts'
import { followed } from '../../reconcile/world.ts'
import { sampleOf } from '../../sample-size.ts'
import { converge, declared, declaredBy, intentOf, planIn, SAMPLE_PORTS, withListed } from '../listed.ts'

describe('of every kind that is listed', () => {
  it('no plan lets anybody do more for a few calls, unless it says so', async () => {
    const evaluator = await PolicyEvaluator.create()
    let quiet = 0
    for (const [start, goal] of fc.sample(fc.tuple(declared(), declared()), sampleOf(15)))
      await withListed(async (world) => {
        await converge(world, intentOf(start))
        const [declaredBefore = {}] = declaredBy(intentOf(start))
        const before = await world.observe()
        const { plan } = await planIn(world, intentOf(goal), declaredBefore)
        const { states } = await followed(plan, world, { secrets: SAMPLE_PORTS })
        if (states.length === 0 || plan.changes.some(({ brieflyWider }) => brieflyWider !== null)) return
        quiet++
        expectNeverWider(evaluator, plan, before, states)
      })
    expect(quiet).toBeGreaterThanOrEqual(sampleOf(6))
  })
})
