// An apply that was killed is another starting point, of every kind that is listed.
import { describe, expect, it } from 'vitest'
import { uniteDeclarations } from '../../../src/model/declarations.ts'
import type { Intent } from '../../../src/reconcile/plan-account.ts'
import fc from '../../fixed-seed.ts'
import { failingAt, Killed } from '../../reconcile/world.ts'
import { IS_WHOLE, sampleOf } from '../../sample-size.ts'
import {
  converge,
  declared,
  declaredBy,
  differencesOf,
  intentOf,
  LISTED,
  planIn,
  withListed,
} from '../listed.ts'

const pair = () => fc.tuple(declared(), declared()).map(([a, b]) => [intentOf(a), intentOf(b)] as const)
type Pair = readonly [Intent, Intent]

/** @returns whether there was a call to be killed at, and the kinds of what it was a part of */
async function killedAt([start, goal]: Pair, chosen: (calls: number) => number | null) {
  const reached: string[] = []
  await withListed(async (world) => {
    await converge(world, start)
    const [before = {}, after = {}] = declaredBy(start, goal)
    const { plan } = await planIn(world, goal, before)
    const number = chosen(plan.steps.length)
    if (number === null) return
    reached.push(...plan.changes.filter(({ steps }) => steps.includes(number)).map(({ kind }) => kind))
    let kills = 0
    const writer = failingAt(world.iam, number, () => {
      kills++
      return new Killed()
    })
    // What a call with a secret throws is told without it, as another error.
    await expect(converge(world, goal, before, writer)).rejects.toThrow(Error)
    expect(kills).toBe(1)
    await converge(world, goal, uniteDeclarations(before, after))
    const observed = await world.observe()
    for (const kind of LISTED) expect(differencesOf(observed, goal, kind, before).differs, kind).toEqual([])
  })
  return reached
}

describe('of every kind that is listed', () => {
  it('an apply that was killed at any call is another starting point', () =>
    fc.assert(
      fc.asyncProperty(pair(), fc.nat({ max: 1000 }), async (intents, number) => {
        await killedAt(intents, (calls) => (calls === 0 ? null : number % calls))
      }),
      { numRuns: sampleOf(25) },
    ))

  it('at calls of one plan, which makes, changes or deletes some of every kind', async () => {
    const [intents, kindsAt] = await firstOfAllKinds()
    const times = new Map<string, number>()
    for (const [number, kinds] of kindsAt.entries()) {
      // `npm test` has two calls of each kind, the soak all.
      if (!IS_WHOLE && kinds.every((kind) => (times.get(kind) ?? 0) >= 2)) continue
      for (const kind of await killedAt(intents, () => number)) times.set(kind, (times.get(kind) ?? 0) + 1)
    }
    expect(kindsAt.length).toBeGreaterThan(10)
    expect([...times.keys()]).toEqual(expect.arrayContaining([...LISTED]))
  })
})

/** @returns it, and of each call of its plan the kinds that it is of */
async function firstOfAllKinds(): Promise<readonly [Pair, readonly (readonly string[])[]]> {
  for (const intents of fc.sample(pair(), 20)) {
    let calls: readonly (readonly string[])[] = []
    await withListed(async (world) => {
      const [start, goal] = intents
      await converge(world, start)
      const { plan } = await planIn(world, goal, declaredBy(start)[0])
      const kinds = new Set<string>(plan.changes.map(({ kind }) => kind))
      if (LISTED.every((kind) => kinds.has(kind)))
        calls = plan.steps.map((_, number) =>
          plan.changes.filter(({ steps }) => steps.includes(number)).map(({ kind }) => kind),
        )
    })
    if (calls.length > 0) return [intents, calls]
  }
  throw new Error('no sample changes some of every kind')
}
