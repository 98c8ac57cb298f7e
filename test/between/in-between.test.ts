// No request is allowed between two steps of an apply that is allowed neither before nor after, or the plan says so.

import { describe, expect, it } from 'vitest'
import { PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import { blueprintPair } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { applied } from './applied.ts'
import { expectNeverWider } from './never-wider.ts'
import { smallPair } from './small-pairs.ts'

describe('between two steps', () => {
  for (const [accounts, pairs, runs] of [
    ['small accounts in which policies allow and deny the same things', smallPair(), 120],
    ['accounts with everything', blueprintPair(), 10],
  ] as const)
    it(`nobody may do what they may neither before nor after, unless the plan says so: ${accounts}`, async () => {
      const evaluator = await PolicyEvaluator.create()
      let asked = 0
      await fc.assert(
        fc.asyncProperty(pairs, async (pair) => {
          const { plan, before, states } = await applied(pair)
          if (states.length === 0 || plan.changes.some(({ brieflyWider }) => brieflyWider !== null)) return
          asked += expectNeverWider(evaluator, plan, before, states)
        }),
        { numRuns: sampleOf(runs) },
      )
      expect(asked).toBeGreaterThan(10_000)
    })
})
