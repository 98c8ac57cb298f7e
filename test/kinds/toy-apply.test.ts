import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import { type ApplyPorts, applyAccount } from '../../src/reconcile/apply-account.ts'
import { type Intent, planAccount } from '../../src/reconcile/plan-account.ts'
import { planJson } from '../../src/report/plans/plan-json.ts'
import { planText } from '../../src/report/plans/plan-text.ts'
import type { IamWriter } from '../../src/target/ports.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { applyOptions, failingAt, KILLED, Killed } from '../reconcile/world.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { TOY_REPORT_KINDS } from './toy/kinds.ts'
import { intentFrom, toyIntent } from './toy/project.ts'
import { openToyWorld, type ToyWorld, withToyWorld } from './toy/world.ts'

const PORTS: ApplyPorts = { ...applyOptions(), clock: () => Date.UTC(2026, 0, 2) }

let entries = 0
/** Plans, agrees to it, and applies: lock, journal, steps, and another look. */
async function apply(world: ToyWorld, intent: Intent, writer: IamWriter = world.iam) {
  const { plan, diagnostics } = await planAccount(intent, world)
  expect(diagnostics).toEqual([])
  expect(plan.refusals).toEqual([])
  const applied = await applyAccount(
    {
      intent,
      target: {
        journal: world.journal,
        iam: { read: world.iam.read.bind(world.iam), write: writer.write.bind(writer) },
      },
      consented: plan,
      entry: { id: `entry-${++entries}`, commit: 'c0ffee', dirty: false, actor: 'alice@laptop' },
      process: { pid: process.pid, host: hostname() },
      lockTimeout: 0,
    },
    PORTS,
  )
  return { plan, applied }
}

/** Applies wholly, and finds nothing to do afterwards. */
async function converge(world: ToyWorld, intent: Intent) {
  const { plan, applied } = await apply(world, intent)
  expect(applied).toMatchObject({ type: 'applied', outcome: 'complete', verification: { type: 'verified' } })
  const again = await planAccount(intent, world)
  expect(again.plan.steps).toEqual([])
  expect(again.recorded).toBe(true)
  return plan
}

const withWorld = (use: (world: ToyWorld) => Promise<void>): Promise<void> =>
  withToyWorld(join(temporaryFolder(), 'a.db'), use)

const CAR = toyIntent('{ car: { path: /x/, roles: [web], tags: { team: a } } }')
const NONE = toyIntent('{}')

const operationsOf = ({ steps }: { readonly steps: readonly { readonly operation: string }[] }) =>
  steps.map(({ operation }) => operation)

describe('a kind that only a test knows, from YAML to the store', () => {
  it('is created after what it names, recorded, and a second plan is empty', () =>
    withWorld(async (world) => {
      const { changes, steps } = await converge(world, CAR)
      expect(changes.map(({ action, kind, name }) => `${action} ${kind}/${name}`).sort()).toEqual([
        'create role/db',
        'create role/web',
        'create toy/car',
      ])
      expect(operationsOf({ steps })).toEqual(['CreateRole', 'CreateRole', 'CreateToy', 'AddRoleToToy'])
      const { entities } = await world.observe()
      expect(
        Object.entries(entities)
          .find(([kind]) => kind === 'toy')?.[1]
          .get('car'),
      ).toMatchObject({
        arn: `arn:aws:iam::${ACCOUNT.id}:toy/x/car`,
        roles: ['web'],
        tags: new Map([['team', 'a']]),
      })
      expect(await world.journal.declared()).toMatchObject({ 'toy/car': { roles: ['web'], tags: ['team'] } })
      expect(await world.journal.history()).toMatchObject([{ outcome: 'complete', summary: { done: 4 } }])
      expect(await world.journal.holder()).toBeNull()
    }))

  it('changes in place, is made anew at another path, and is deleted', () =>
    withWorld(async (world) => {
      await converge(world, CAR)
      const update = await converge(
        world,
        toyIntent('{ car: { path: /x/, roles: [db], tags: { size: s } } }'),
      )
      expect(operationsOf(update).sort()).toEqual(['AddRoleToToy', 'RemoveRoleFromToy', 'TagToy', 'UntagToy'])
      const replacement = await converge(world, toyIntent('{ car: { roles: [db], tags: { size: s } } }'))
      expect(replacement.changes).toMatchObject([
        { action: 'replace', details: [{ type: 'value', path: 'path', before: '/x/', after: '/' }] },
      ])
      const deletion = await converge(world, NONE)
      expect(deletion.changes).toMatchObject([{ action: 'delete', kind: 'toy', name: 'car' }])
      expect(operationsOf(deletion)).toEqual(['RemoveRoleFromToy', 'DeleteToy'])
      expect(await world.journal.declared()).not.toHaveProperty('toy/car')
    }))

  it('killed at any call, the next apply of the same makes it so, and none is left when nothing is declared', async () => {
    for (let at = 0; at < 4; at++) {
      const database = join(temporaryFolder(), 'a.db')
      const killed = await openToyWorld(database)
      const writer = failingAt(killed.iam, at, () => new Killed())
      await expect(apply(killed, CAR, writer)).rejects.toMatchObject(KILLED)
      await killed.close()
      await withToyWorld(database, async (world) => {
        const plan = await converge(world, CAR)
        expect(plan.steps).toHaveLength(4 - at)
        await converge(world, NONE)
        expect(JSON.stringify((await planAccount(NONE, world)).plan.unmanaged)).toBe('[]')
      })
    }
  })

  it('is deleted only within the scope, and is shown where it stays', () =>
    withWorld(async (world) => {
      await converge(world, CAR)
      const declared = toyIntent('{}', { scope: 'declared' })
      const { plan } = await planAccount(declared, world)
      expect(plan.changes).toMatchObject([{ action: 'delete', kind: 'toy', name: 'car' }])
      const journal = { declared: async () => ({}), facts: async () => null }
      const foreign = await planAccount(declared, { iam: world.iam, journal })
      expect(foreign.plan.changes).toEqual([])
      expect(foreign.plan.unmanaged).toMatchObject([
        { kind: 'toy', name: 'car', why: 'is not declared, and outside the scope of deletions' },
      ])
    }))

  it('what it declared before and no longer does is removed, and nothing else', () =>
    withWorld(async (world) => {
      await converge(world, CAR)
      const silent = toyIntent('{ car: { path: /x/ } }')
      const goes = await planAccount(silent, world)
      expect(operationsOf(goes.plan).sort()).toEqual(['RemoveRoleFromToy', 'UntagToy'])
      const journal = { declared: async () => ({}), facts: async () => null }
      expect((await planAccount(silent, { iam: world.iam, journal })).plan.changes).toEqual([])
    }))

  it('is guarded: by its name, and by the percentage', () =>
    withWorld(async (world) => {
      await converge(world, CAR)
      const guard = '{ maxDeletePercent: 30, minimumExisting: 1, protect: [toy/car] }'
      const { plan } = await planAccount(toyIntent('{}', { guard }), world)
      expect(plan.refusals).toMatchObject([
        { rule: 'protect', entities: ['toy/car'] },
        {
          rule: 'maxDeletePercent',
          message: 'the plan deletes 1 of 1 toys, more than the 30 % that `guard.maxDeletePercent` allows',
        },
      ])
    }))

  it('what it names must be there', () =>
    withWorld(async (world) => {
      const arn = `arn:aws:iam::${ACCOUNT.id}:role/gone`
      const { diagnostics } = await planAccount(toyIntent(`{ car: { roles: ["${arn}"] } }`), world)
      expect(diagnostics).toMatchObject([
        {
          code: 'plan.dangling-reference',
          message: '`toy/car` names `role/gone`, which is neither declared nor in the account',
        },
      ])
    }))

  it('whom it names is part of the digest of what touches it', () =>
    withWorld(async (world) => {
      const before = await planAccount(toyIntent('{ car: { roles: [web] } }'), world)
      await converge(world, toyIntent('{ car: { roles: [web], tags: { a: b } } }'))
      const digest = async () =>
        (await planAccount(toyIntent('{ car: { roles: [web], tags: { a: c } } }'), world)).plan.digest
      const first = await digest()
      await world.iam.write('UpdateRole', { RoleName: 'db', Description: 'other' })
      expect(await digest()).toBe(first)
      await world.iam.write('UpdateRole', { RoleName: 'web', Description: 'other' })
      expect(await digest()).not.toBe(first)
      expect(before.plan.digest).not.toBe(first)
    }))

  it('is part of the digest as it was observed', () =>
    withWorld(async (world) => {
      await converge(world, CAR)
      const digest = async () => (await planAccount(NONE, world)).plan.digest
      const before = await digest()
      expect(await digest()).toBe(before)
      await converge(world, toyIntent('{ car: { path: /x/, roles: [web], tags: { team: b } } }'))
      expect(await digest()).not.toBe(before)
    }))

  it('is what text and JSON show of a plan, with the word for it', () =>
    withWorld(async (world) => {
      const texts = new SourceTexts()
      const { plan } = await planAccount(CAR, world)
      expect(planText(plan, TOY_REPORT_KINDS, texts)).toMatch(
        /^\+ toy car .*\n {4}path: \/x\/\n {4}roles: \+ web\n {4}tags.team: a$/m,
      )
      expect(planJson(plan, texts)).toMatchObject({
        changes: expect.arrayContaining([expect.objectContaining({ kind: 'toy', name: 'car' })]),
      })
    }))
})

describe('a setting that only a test knows, from YAML to the store', () => {
  const declaring = (manifest: string): Intent =>
    intentFrom({
      'iam-sync.yaml': `version: 1\naccounts: { play: { id: "${ACCOUNT.id}" } }\n`,
      'main.yaml': manifest,
    })
  const settingsIn = async (world: ToyWorld) => (await world.observe()).settings

  it('is put, recorded, changed, and goes when it is no longer declared', () =>
    withWorld(async (world) => {
      const shown = []
      for (const manifest of ['tokenVersion: v1\n', 'tokenVersion: v2\n']) {
        shown.push(planText(await converge(world, declaring(manifest)), TOY_REPORT_KINDS, new SourceTexts()))
        expect(await settingsIn(world)).toMatchObject({ tokenVersion: manifest.slice(-3, -1) })
      }
      const { changes } = await converge(world, declaring('{}'))
      expect(changes).toMatchObject([{ action: 'delete', kind: 'tokenVersion', name: 'v2' }])
      expect(await settingsIn(world)).toMatchObject({ tokenVersion: null })
      expect(shown[0]).toMatch(/^\+ token version v1/m)
      expect(shown[1]).toMatch(/^~ token version v2/m)
    }))
})
