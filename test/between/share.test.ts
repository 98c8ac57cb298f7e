// Counts, of random plans, how many are of each sort. A few by default; `test/soak/in-between.mjs` takes thousands.

import { describe, expect, it } from 'vitest'
import { declaredState } from '../../src/checks/declared-state.ts'
import { PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { AccountState } from '../../src/model/index.ts'
import type { Step } from '../../src/model/step.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { isUnopened } from '../../src/plan/principals/unopened-role.ts'
import { carryOut, copyOf } from '../../src/plan/steps/carry-out.ts'
import { type Blueprint, blueprintPair, desiredOf } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { planFor, stepsText } from '../reconcile/world.ts'
import { sampleOf } from '../sample-size.ts'
import { stepsThatStay } from './every-order.ts'
import { InBetween, requestsBetween } from './in-between-requests.ts'
import { smallPair } from './small-pairs.ts'

const PLANS = Number(process.env.IN_BETWEEN_PLANS ?? sampleOf(40))
/** Which of them are looked at, `FROM-TO`: a long run is made of parts. */
const [FROM = 0, TO = PLANS] = (process.env.IN_BETWEEN_PART ?? `0-${PLANS}`).split('-').map(Number)

/**
 * The account after each step, by what the step says that it does: that this is what the embedded IAM shows then, another
 * test holds for every operation.
 */
function foretold([start, goal]: readonly [Blueprint, Blueprint]) {
  const before = declaredState(desiredOf(start))
  const { plan } = planFor(desiredOf(goal), before, declarationsOf(desiredOf(start), MANIFEST_KINDS.entities))
  const states: AccountState[] = []
  for (const { effects } of plan.steps) {
    const draft = copyOf(states.at(-1) ?? before)
    carryOut(effects, draft)
    states.push({ ...before, ...draft })
  }
  return { plan, before, states }
}

/** Creates a role that lets nobody in yet, though nobody whom it trusts is missing. */
const beginsUnopened = ({ effects }: Step): boolean =>
  effects.some(
    (effect) => effect.type === 'created' && effect.kind === 'role' && isUnopened(effect.state.trustPolicy),
  )

const sortOf = (plan: Plan): 'briefly' | 'interim' | 'ordered' =>
  plan.changes.some(({ brieflyWider }) => brieflyWider !== null)
    ? 'briefly'
    : stepsThatStay(plan.steps).length < plan.steps.length || plan.steps.some(beginsUnopened)
      ? 'interim'
      : 'ordered'

describe('of random plans', () => {
  for (const [accounts, pairs] of [
    ['small accounts', smallPair()],
    ['accounts with everything', blueprintPair()],
  ] as const)
    it(`none is wider in between without saying so: ${accounts}`, async () => {
      const evaluator = await PolicyEvaluator.create()
      const counts = { plans: 0, ordered: 0, interim: 0, briefly: 0, wider: 0 }
      for (const pair of fc.sample(pairs, TO).slice(FROM)) {
        const { plan, before, states } = foretold(pair)
        counts.plans++
        const sort = sortOf(plan)
        counts[sort]++
        const after = states.at(-1)
        if (after === undefined) continue
        const between = new InBetween(evaluator)
        const requests = requestsBetween([before, ...states])
        const found = states.map((now) => between.widerIn(before, now, after, requests))
        const step = found.findIndex((each) => each !== null)
        if (step >= 0) counts.wider++
        if (sort !== 'briefly')
          expect(found[step] ?? null, `after step ${step} of\n${stepsText(plan)}`).toBeNull()
        evaluator.forget()
      }
      expect(counts.plans).toBe(TO - FROM)
      if (process.env.IN_BETWEEN_PLANS !== undefined) console.log(`${accounts}: ${JSON.stringify(counts)}`)
      // Hundreds take minutes.
    }, 0)
})
