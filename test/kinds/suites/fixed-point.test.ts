import { describe, expect, it } from 'vitest'
import type { AccountState, AnyEntityState, EntityKind } from '../../../src/model/index.ts'
import { resultingState } from '../../../src/plan/steps/resulting-state.ts'
import fc from '../../fixed-seed.ts'
import { sampleOf } from '../../sample-size.ts'
import {
  converge,
  declared,
  declaredBy,
  differencesOf,
  intentOf,
  LISTED,
  NOTHING,
  OURS,
  oursIn,
  withListed,
} from '../listed.ts'
import { SAMPLES } from '../samples.ts'

const pair = () =>
  fc.tuple(declared(), declared()).map(([start, goal]) => [intentOf(start), intentOf(goal)] as const)

/** Names of the documents that each of a kind holds itself, by its own name. */
const heldBy = (state: AccountState, kind: EntityKind) =>
  new Map(
    entitiesOf(state, kind).map((entity) => [
      entity.name,
      'inlinePolicies' in entity ? [...entity.inlinePolicies.keys()].sort() : [],
    ]),
  )
const entitiesOf = ({ entities }: AccountState, kind: EntityKind): readonly AnyEntityState[] => [
  ...entities[kind].values(),
]

describe('of every kind that is listed', () => {
  it('there is a sample, and random projects have some of it', () => {
    const drawn = fc.sample(pair(), 10).flatMap((intents) => [...intents])
    for (const kind of LISTED) {
      expect(SAMPLES, kind).toHaveProperty(kind)
      expect(Math.max(...drawn.map(({ desired }) => desired.entities[kind].size))).toBeGreaterThan(1)
    }
  })

  it('an apply makes what is declared, a second plan is empty, and nothing is left of what is declared no longer', () =>
    fc.assert(
      fc.asyncProperty(pair(), ([start, goal]) =>
        withListed(async (world) => {
          await converge(world, start)
          const [before = {}, after = {}] = declaredBy(start, goal)
          const former = await world.observe()
          const plan = await converge(world, goal, before)
          const observed = await world.observe()
          // Whose access a plan changes is asked of the state that it leads to.
          const led = resultingState({ desired: goal.desired, observed: former }, plan)
          for (const kind of LISTED) expect(heldBy(led, kind), kind).toEqual(heldBy(observed, kind))
          for (const kind of LISTED)
            expect(differencesOf(observed, goal, kind, before), kind).toEqual({ differs: [], unmanaged: [] })
          await converge(world, NOTHING, after)
          const left = await world.observe()
          for (const kind of OURS) expect(oursIn(left, kind), kind).toEqual([])
        }),
      ),
      { numRuns: sampleOf(25) },
    ))
})
