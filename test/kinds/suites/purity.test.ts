// Promise P2, of every kind that is listed.
import { describe, expect, it } from 'vitest'
import { DEFAULT_QUOTAS } from '../../../src/catalog/quotas.ts'
import type { Declarations } from '../../../src/model/declarations.ts'
import type { AccountState } from '../../../src/model/index.ts'
import { planChanges } from '../../../src/plan/plan-changes.ts'
import type { Intent } from '../../../src/reconcile/plan-account.ts'
import fc from '../../fixed-seed.ts'
import { sampleOf } from '../../sample-size.ts'
import { converge, declared, declaredBy, intentOf, withListed } from '../listed.ts'

/** The same account as a target might list it in another order. */
function turned(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].reverse().map(([key, each]) => [key, turned(each)]))
  if (Array.isArray(value))
    return value.every((each) => typeof each === 'string') ? value.toReversed() : value
  return value
}

const turnedState = (state: AccountState): AccountState => ({
  ...state,
  // All fields of all entities stay what they are.
  entities: Object.fromEntries(
    Object.entries(state.entities).map(([kind, map]) => [
      kind,
      new Map(
        [...map]
          .reverse()
          .map(([name, entity]) => [
            name,
            Object.fromEntries(Object.entries(entity).map(([field, value]) => [field, turned(value)])),
          ]),
      ),
    ]),
  ) as unknown as AccountState['entities'],
})

const plan = (
  { kinds, settings, desired, scopes, guard }: Intent,
  observed: AccountState,
  declaredBefore: Declarations,
) =>
  JSON.stringify(
    planChanges({
      kinds,
      settings,
      desired,
      scopes,
      guard,
      quotas: DEFAULT_QUOTAS,
      observed,
      declaredBefore,
      allowBrieflyWider: true,
    }),
  )

describe('of every kind that is listed', () => {
  it('the same gives the same plan, byte for byte, in whatever order a target lists it', () =>
    fc.assert(
      fc.asyncProperty(fc.tuple(declared(), declared()), ([start, goal]) =>
        withListed(async (world) => {
          await converge(world, intentOf(start))
          const observed = await world.observe()
          const [before = {}] = declaredBy(intentOf(start))
          const made = plan(intentOf(goal), observed, before)
          expect(plan(intentOf(goal), await world.observe(), before)).toBe(made)
          expect(plan(intentOf(goal), turnedState(observed), before)).toBe(made)
        }),
      ),
      { numRuns: sampleOf(25) },
    ))
})
