import { describe, expect, it } from 'vitest'
import { sameDeclarations, uniteDeclarations } from '../../src/model/declarations.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { comparePlans } from '../../src/reconcile/compare-plans.ts'
import { type Blueprint, desiredOf } from '../arbitraries/state.ts'
import { planFor, withWorld } from './world.ts'

const EMPTY: Blueprint = { policies: {}, groups: {}, roles: {}, users: {} }
const users = (parts: Blueprint['users']): Blueprint => ({ ...EMPTY, users: parts })
const ALICE = { path: '/', tags: { team: 'payments' } }

/** The plan that makes an empty account this. */
const planOf = (blueprint: Blueprint): Promise<Plan> =>
  withWorld(async (world) => planFor(desiredOf(blueprint), await world.observe(), {}).plan)

const names = (changes: Plan['changes']) => changes.map(({ name }) => name)

describe('two plans', () => {
  it('of the same are the same, wherever it is declared now', async () => {
    const plan = await planOf(users({ alice: ALICE }))
    const moved = {
      ...plan,
      changes: plan.changes.map((change) => ({ ...change, span: { file: 'other.yaml', start: 7, end: 9 } })),
    }
    expect(comparePlans(plan, moved)).toEqual({
      added: [],
      gone: [],
      different: [],
      refusals: { added: [], gone: [] },
      same: true,
    })
  })

  it('tell what was added, what is gone and what is different, apart from step numbers', async () => {
    const before = await planOf(users({ alice: ALICE, bob: { path: '/' }, carol: { path: '/' } }))
    const after = await planOf(
      users({ aaron: { path: '/' }, alice: { ...ALICE, tags: { team: 'search' } }, carol: { path: '/' } }),
    )
    const compared = comparePlans(before, after)
    expect(names(compared.added)).toEqual(['aaron'])
    expect(names(compared.gone)).toEqual(['bob'])
    expect(compared.different.map(({ before, after }) => [before.name, after.name])).toEqual([
      ['alice', 'alice'],
    ])
    expect(compared.same).toBe(false)
  })

  it('tell of refusals that came and went', async () => {
    const plan = await planOf(EMPTY)
    const refusal = { rule: 'protect', message: 'protected', help: 'keep it', entities: ['user/ci'] } as const
    const refused: Plan = { ...plan, refusals: [refusal] }
    expect(comparePlans(plan, refused)).toMatchObject({
      refusals: { added: [refusal], gone: [] },
      same: false,
    })
    expect(comparePlans(refused, plan)).toMatchObject({
      refusals: { added: [], gone: [refusal] },
      same: false,
    })
  })

  it('of entities of two kinds with one name are kept apart', async () => {
    const before = await planOf({ ...EMPTY, users: { a: { path: '/' } } })
    const after = await planOf({ ...EMPTY, groups: { a: { path: '/' } } })
    const compared = comparePlans(before, after)
    expect(compared.added.map(({ kind }) => kind)).toEqual(['group'])
    expect(compared.gone.map(({ kind }) => kind)).toEqual(['user'])
  })
})

describe('declarations', () => {
  it('are the same in whatever order they stand', () => {
    const one = { 'user/a': { groups: ['x', 'y'], tags: [] }, 'user/b': {} }
    const other = { 'user/b': {}, 'user/a': { tags: [], groups: ['y', 'x'] } }
    expect(sameDeclarations(one, other)).toBe(true)
    expect(sameDeclarations(one, { 'user/a': one['user/a'] })).toBe(false)
    expect(sameDeclarations(one, { ...one, 'user/b': { groups: [] } })).toBe(false)
  })

  it('united hold every entity, attribute and member of each', () => {
    expect(
      uniteDeclarations(
        { 'user/a': { groups: ['x'] }, passwordPolicy: {} },
        { 'user/a': { groups: ['w'], tags: ['t'] }, 'role/r': { description: ['*'] } },
      ),
    ).toEqual({
      'role/r': { description: ['*'] },
      'user/a': { groups: ['w', 'x'], tags: ['t'] },
      passwordPolicy: {},
    })
  })
})
