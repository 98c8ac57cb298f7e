import { describe, expect, it } from 'vitest'
import { declaredState } from '../../src/checks/declared-state.ts'
import { PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { type Blueprint, desiredOf } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { planFor, stepsText } from '../reconcile/world.ts'
import { sampleOf } from '../sample-size.ts'
import { applied } from './applied.ts'
import { someOrderIsNarrow, stepsThatStay } from './every-order.ts'
import { InBetween, requestsBetween } from './in-between-requests.ts'
import { tinyPair } from './small-pairs.ts'

/** Random plans that are looked through, and how many of them are tried in all orders. */
const PLANS = 400
const TRIED = sampleOf(25)

const planned = ([start, goal]: readonly [Blueprint, Blueprint]): Plan =>
  planFor(
    desiredOf(goal),
    declaredState(desiredOf(start)),
    declarationsOf(desiredOf(start), MANIFEST_KINDS.entities),
  ).plan

const needsMore = (plan: Plan) =>
  stepsThatStay(plan.steps).length < plan.steps.length ||
  plan.changes.some(({ brieflyWider }) => brieflyWider !== null)

describe('where a document comes in between, or somebody may do more all the same', () => {
  it('no order of the steps alone would do', async () => {
    const evaluator = await PolicyEvaluator.create()
    const pairs = fc.sample(tinyPair(), PLANS).filter((pair) => needsMore(planned(pair)))
    expect(pairs.length).toBeGreaterThan(3)
    for (const pair of pairs.slice(0, TRIED)) {
      const { plan, before, states } = await applied(pair)
      const after = states.at(-1)
      if (after === undefined) continue
      expect(
        await someOrderIsNarrow(pair[0], stepsThatStay(plan.steps), new InBetween(evaluator), {
          before,
          after,
          requests: requestsBetween([before, ...states]),
        }),
        `${JSON.stringify(pair)}\n${stepsText(plan)}`,
      ).toBe(false)
      evaluator.forget()
    }
  })
})
