// No request is allowed between two steps of an apply that is allowed neither before nor after, or the plan says so.

import { describe, expect, it } from 'vitest'
import { PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { DeclaredChildren, DesiredChild } from '../../src/model/index.ts'
import { blueprintPair } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { applied, appliedWith } from './applied.ts'
import { expectNeverWider } from './never-wider.ts'
import { pairWithKeys, smallPair } from './small-pairs.ts'

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
      expect(asked).toBeGreaterThan(sampleOf(30_000))
    })

  it('nobody may do with a credential what whose it is may not while it can be used, before or after', async () => {
    const evaluator = await PolicyEvaluator.create()
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(pairWithKeys(), async ([pair, first, then]) => {
        const { plan, before, states } = await appliedWith(pair, keysOf(first), keysOf(then))
        if (states.length === 0 || plan.changes.some(({ brieflyWider }) => brieflyWider !== null)) return
        for (const { operation } of plan.steps) seen.add(operation)
        expectNeverWider(evaluator, plan, before, states)
      }),
      { numRuns: sampleOf(40) },
    )
    expect([...seen]).toEqual(
      expect.arrayContaining(['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey']),
    )
  })
})

const SPAN = { file: 'state.yaml', start: 0, end: 1 }

const keysOf = (statuses: Readonly<Record<string, readonly (DesiredChild['status'] | null)[]>>) =>
  Object.fromEntries(
    Object.entries(statuses).map(([user, keys]): [string, DeclaredChildren] => {
      const declared = keys.flatMap((status, index): readonly [string, DesiredChild][] => {
        const name = `key${index}`
        return status === null ? [] : [[name, { name, identity: name, status, span: SPAN }]]
      })
      return [user, new Map([['accessKey', new Map(declared)]])]
    }),
  )
