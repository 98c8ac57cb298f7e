import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import { openIam } from '../../src/iam/embedded-iam.ts'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import type { StoredSettings } from '../../src/kinds/kind.ts'
import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { PLAN_KINDS } from '../../src/kinds/plan.ts'
import { STORE_KINDS } from '../../src/kinds/store.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { DesiredState, Guard, Scopes } from '../../src/manifest/desired.ts'
import { type Declarations, entityArn } from '../../src/model/index.ts'
import type { ReadOperations, WriteOperations } from '../../src/model/operations.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import type { PlanKinds } from '../../src/plan/planning.ts'
import { applyPlan } from '../../src/reconcile/apply-plan.ts'
import { observe } from '../../src/reconcile/observe.ts'
import type { ObserveKinds } from '../../src/reconcile/observe-kind.ts'
import { planJson } from '../../src/report/plan-json.ts'
import { openWritableSqlite } from '../../src/store/sqlite/open.ts'
import type { IamReader, IamWriter } from '../../src/target/ports.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { desiredOf } from '../arbitraries/state.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { applyOptions, FACTS, intentOf } from '../reconcile/world.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { type ToyReads, type ToyWrites, toy as toyOfIam } from './toy/iam.ts'
import { type DesiredToy, TOY, type Toys } from './toy/kind.ts'
import { toy as toyOfObserve } from './toy/observe.ts'
import { toy as toyOfPlan } from './toy/plan.ts'
import { toy as toyOfStore } from './toy/store.ts'

// The lists of `src` are typed by its own kinds: one more is more than they ask for, and no less.
const listed = { ...PLAN_KINDS, toy: toyOfPlan }
const planKinds: PlanKinds = listed
const observeKinds: ObserveKinds = {
  ...OBSERVE_KINDS,
  entities: Object.assign({ ...OBSERVE_KINDS.entities }, { toy: toyOfObserve }),
}

async function openWorld() {
  const file = join(temporaryFolder(), 'a.db')
  const store = await openWritableSqlite<Toys, StoredSettings>({
    file,
    account: ACCOUNT,
    kinds: { ...STORE_KINDS, toy: toyOfStore },
  })
  const opened = openIam<ReadOperations & ToyReads, WriteOperations & ToyWrites, Toys, StoredSettings>({
    account: ACCOUNT,
    kinds: { ...IAM_KINDS, toy: toyOfIam },
    store: store.iam,
    awsPolicies: FACTS,
    clock: () => Date.UTC(2026, 0, 1),
    randomBytes: fixedBytes,
  })
  // It speaks all operations of the ports, and the toy's.
  const iam = opened as unknown as IamReader & IamWriter
  return { observe: () => observe(iam, ACCOUNT, observeKinds), iam, close: store.close }
}

const WEB = { path: '/', trusts: ['ec2.amazonaws.com'] }

type Declared = Readonly<Record<string, Pick<DesiredToy, 'roles' | 'tags'> & { readonly path?: string }>>

function stateOf(toys: Declared): DesiredState {
  const state = desiredOf({ policies: {}, groups: {}, users: {}, roles: { web: WEB, db: WEB } })
  const [sample] = state.entities.role.values()
  if (sample === undefined) throw new Error('no role')
  const { span, node } = sample
  const toy = new Map<string, DesiredToy>(
    Object.entries(toys).map(([name, { path = '/', ...declared }]) => [
      name,
      { kind: 'toy', name, path, arn: entityArn(ACCOUNT, TOY, path, name), span, node, ...declared },
    ]),
  )
  return { ...state, entities: Object.assign({ ...state.entities }, { toy }) }
}

const scopesOf = (type: 'all' | 'declared'): Scopes =>
  Object.assign({ ...intentOf(stateOf({})).scopes }, { toy: { type } })

type World = Awaited<ReturnType<typeof openWorld>>

async function planIn(
  world: World,
  desired: DesiredState,
  before: Declarations = {},
  over: { readonly guard?: Guard; readonly scopes?: Scopes } = {},
) {
  return planChanges({
    ...intentOf(desired, scopesOf('all')),
    kinds: planKinds,
    observed: await world.observe(),
    declaredBefore: before,
    ...over,
  })
}

async function applyIn(world: World, desired: DesiredState, before: Declarations = {}) {
  const { plan, diagnostics } = await planIn(world, desired, before)
  expect(diagnostics).toEqual([])
  expect(plan.refusals).toEqual([])
  const { results } = await applyPlan(plan, world.iam, applyOptions())
  expect(results.filter(({ status }) => status !== 'done')).toEqual([])
  expect((await planIn(world, desired, declarationsOf(desired, planKinds))).plan.steps).toEqual([])
  return plan
}

async function withWorld(use: (world: World) => Promise<void>): Promise<void> {
  const world = await openWorld()
  try {
    await use(world)
  } finally {
    await world.close()
  }
}

const CAR = stateOf({ car: { path: '/x/', roles: ['web'], tags: new Map([['team', 'a']]) } })

describe('a kind that only a test knows, planned and applied', () => {
  it('is created after what it names, and a second plan is empty', () =>
    withWorld(async (world) => {
      const { changes, steps } = await applyIn(world, CAR)
      expect(changes.map(({ action, kind, name }) => `${action} ${kind}/${name}`).sort()).toEqual([
        'create role/db',
        'create role/web',
        'create toy/car',
      ])
      expect(steps.map(({ operation }) => operation)).toEqual([
        'CreateRole',
        'CreateRole',
        'CreateInstanceProfile',
        'AddRoleToInstanceProfile',
      ])
      const { entities } = await world.observe()
      expect(
        Object.entries(entities)
          .find(([kind]) => kind === 'toy')?.[1]
          .get('car'),
      ).toMatchObject({
        arn: `arn:aws:iam::${ACCOUNT.id}:instance-profile/x/car`,
        roles: ['web'],
        tags: new Map([['team', 'a']]),
      })
    }))

  it('changes in place, is made anew at another path, and is deleted', () =>
    withWorld(async (world) => {
      await applyIn(world, CAR)
      const changed = stateOf({ car: { path: '/x/', roles: ['db'], tags: new Map([['size', 's']]) } })
      const update = await applyIn(world, changed, declarationsOf(CAR, planKinds))
      expect(update.steps.map(({ operation }) => operation).sort()).toEqual([
        'AddRoleToInstanceProfile',
        'RemoveRoleFromInstanceProfile',
        'TagInstanceProfile',
        'UntagInstanceProfile',
      ])
      const moved = stateOf({ car: { roles: ['db'], tags: new Map([['size', 's']]) } })
      const replacement = await applyIn(world, moved, declarationsOf(changed, planKinds))
      expect(replacement.changes.map(({ action }) => action)).toEqual(['replace'])
      const deletion = await applyIn(world, stateOf({}), declarationsOf(moved, planKinds))
      expect(deletion.changes).toMatchObject([{ action: 'delete', kind: 'toy', name: 'car' }])
      expect(deletion.steps.map(({ operation }) => operation)).toEqual([
        'RemoveRoleFromInstanceProfile',
        'DeleteInstanceProfile',
      ])
    }))

  it('is deleted only within the scope, and is shown where it stays', () =>
    withWorld(async (world) => {
      await applyIn(world, CAR)
      const none = stateOf({})
      const over = { scopes: scopesOf('declared') }
      const { plan } = await planIn(world, none, {}, over)
      expect(plan.changes).toEqual([])
      expect(plan.unmanaged).toMatchObject([{ kind: 'toy', name: 'car' }])
      const owned = await planIn(world, none, declarationsOf(CAR, planKinds), over)
      expect(owned.plan.changes).toMatchObject([{ action: 'delete', kind: 'toy', name: 'car' }])
    }))

  it('what it declared before and no longer does is removed, and nothing else', () =>
    withWorld(async (world) => {
      await applyIn(world, CAR)
      const silent = stateOf({ car: { path: '/x/' } })
      const stays = await planIn(world, silent)
      expect(stays.plan.changes).toEqual([])
      const goes = await planIn(world, silent, declarationsOf(CAR, planKinds))
      expect(goes.plan.steps.map(({ operation }) => operation).sort()).toEqual([
        'RemoveRoleFromInstanceProfile',
        'UntagInstanceProfile',
      ])
    }))

  it('is guarded: by its name, and by the percentage', () =>
    withWorld(async (world) => {
      await applyIn(world, CAR)
      const { span } = CAR.entities.role.get('web') ?? {}
      if (span === undefined) throw new Error('no role')
      // The kinds that can be named are those of `src`.
      const kind = 'toy' as keyof PlanKinds
      const guard = { maxDeletePercent: 30, minimumExisting: 1, protect: [{ kind, name: 'car', span }] }
      const { plan } = await planIn(world, stateOf({}), {}, { guard })
      expect(plan.refusals).toMatchObject([
        { rule: 'protect', entities: ['toy/car'] },
        {
          rule: 'maxDeletePercent',
          message: 'the plan deletes 1 of 1 toys, more than the 30 % that `guard.maxDeletePercent` allows',
        },
      ])
    }))

  it('is part of the digest as it was observed, and of what JSON shows of a plan', () =>
    withWorld(async (world) => {
      await applyIn(world, CAR)
      const without = await planIn(world, stateOf({}))
      expect(planJson(without.plan, new SourceTexts())).toMatchObject({
        changes: [{ action: 'delete', kind: 'toy', name: 'car' }],
      })
      expect((await planIn(world, stateOf({}))).plan.digest).toBe(without.plan.digest)
      await applyIn(world, stateOf({ car: { path: '/x/', roles: ['web'], tags: new Map([['team', 'b']]) } }))
      expect((await planIn(world, stateOf({}))).plan.digest).not.toBe(without.plan.digest)
    }))
})
