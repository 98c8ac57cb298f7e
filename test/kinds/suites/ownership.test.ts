// Promise P5, of every attribute of every kind that is listed.
import { describe, expect, it } from 'vitest'
import fc from '../../fixed-seed.ts'
import { sampleOf } from '../../sample-size.ts'
import {
  converge,
  type Declared,
  declared,
  declaredBy,
  differencesOf,
  factsOf,
  intentOf,
  LISTED,
  OURS,
  planIn,
  withListed,
} from '../listed.ts'
import { TOY_MANIFEST_KINDS } from '../toy/kinds.ts'

/** The same names, and of each only what it can't be without. */
const silent = (sections: Declared): Declared =>
  Object.fromEntries(
    LISTED.map((kind) => {
      const { schema } = TOY_MANIFEST_KINDS.entities[kind]
      const isNeeded = (key: string) =>
        key === 'path' || schema.shape[key]?.safeParse(undefined).success === false
      const only = (entity: object) =>
        Object.fromEntries(Object.entries(entity).filter(([key]) => isNeeded(key)))
      const { section } = factsOf(kind)
      return [
        section,
        Object.fromEntries(
          Object.entries(sections[section] ?? {}).map(([name, entity]) => [name, only(entity)]),
        ),
      ]
    }),
  )

describe('of every attribute of every kind that is listed', () => {
  it('what was declared and is no longer goes; what nobody declared stays, and is shown', () =>
    fc.assert(
      fc.asyncProperty(declared(), (sections) =>
        withListed(async (world) => {
          const whole = intentOf(sections)
          const rest = intentOf(silent(sections))
          await converge(world, whole)
          const foreign = await planIn(world, rest)
          expect(foreign.plan.steps).toEqual([])
          const [before = {}] = declaredBy(whole)
          const held = await world.observe()
          for (const kind of LISTED) {
            const { differs } = differencesOf(held, rest, kind, before)
            const owned = [...rest.desired.entities[kind].keys()].flatMap((name) =>
              Object.entries(before[`${kind}/${name}`] ?? {})
                .filter(([, members]) => members.length > 0)
                .map(([attribute]) => `${name}.${attribute}`),
            )
            for (const attribute of differs) expect(owned, kind).toContain(attribute)
          }
          await converge(world, rest, before)
          const observed = await world.observe()
          for (const kind of LISTED)
            expect(differencesOf(observed, rest, kind), kind).toEqual({ differs: [], unmanaged: [] })
        }),
      ),
      { numRuns: sampleOf(25) },
    ))

  it('who is no longer declared goes only where the scope says so', () =>
    withListed(async (world) => {
      const [sections = {}] = fc.sample(declared('all'), 1)
      await converge(world, intentOf(sections))
      const nobody = intentOf({}, 'declared')
      const [before = {}] = declaredBy(intentOf(sections))
      const foreign = await planIn(world, nobody)
      const own = await planIn(world, nobody, before)
      expect(foreign.plan.changes).toEqual([])
      for (const kind of OURS) {
        expect(
          foreign.plan.unmanaged.filter((each) => each.kind === kind && !/:role\/aws-/.test(each.arn)),
          kind,
        ).toHaveLength(3)
        expect(
          own.plan.changes.filter((each) => each.kind === kind && each.action === 'delete'),
        ).toHaveLength(3)
      }
    }))
})
