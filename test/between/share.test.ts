// Counts, of random plans, how many are of each sort. A few by default; `test/soak/in-between.mjs` takes thousands.
import { describe, expect, it } from 'vitest'
import { PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import { blueprintPair } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { stepsText } from '../reconcile/world.ts'
import { applied } from './applied.ts'
import { stepsThatStay } from './every-order.ts'
import { InBetween, requestsBetween } from './in-between-requests.ts'
import { smallPair } from './small-pairs.ts'

const PLANS = Number(process.env.IN_BETWEEN_PLANS ?? 20)

describe('of random plans', () => {
  for (const [accounts, pairs] of [
    ['small accounts', smallPair()],
    ['accounts with everything', blueprintPair()],
  ] as const)
    it(`none is wider in between without saying so: ${accounts}`, async () => {
      const evaluator = await PolicyEvaluator.create()
      const counts = { plans: 0, interim: 0, briefly: 0, wider: 0 }
      for (const pair of fc.sample(pairs, PLANS)) {
        const { plan, before, states } = await applied(pair)
        counts.plans++
        const after = states.at(-1)
        if (after === undefined) continue
        const isSaid = plan.changes.some(({ brieflyWider }) => brieflyWider !== null)
        if (isSaid) counts.briefly++
        else if (stepsThatStay(plan.steps).length < plan.steps.length) counts.interim++
        const between = new InBetween(evaluator)
        const requests = requestsBetween([before, ...states])
        const found = states.map((now) => between.widerIn(before, now, after, requests))
        const step = found.findIndex((each) => each !== null)
        if (step >= 0) counts.wider++
        if (!isSaid) expect(found[step] ?? null, `after step ${step} of\n${stepsText(plan)}`).toBeNull()
        evaluator.forget()
      }
      expect(counts.plans).toBe(PLANS)
      if (process.env.IN_BETWEEN_PLANS !== undefined) console.log(accounts, counts)
    })
})
