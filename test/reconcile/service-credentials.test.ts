// Credentials for single services, through lock, journal and embedded IAM: what is unlike access keys.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { IamError } from '../../src/iam/service-error.ts'
import { type AppliedAccount, applyAccount } from '../../src/reconcile/apply-account.ts'
import { type Intent, planAccount } from '../../src/reconcile/plan-account.ts'
import type { IamWriter } from '../../src/target/ports.ts'
import { intentOf } from '../kinds/listed.ts'
import { type ToyWorld, withToyWorld } from '../kinds/toy/world.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { applyOptions, Killed } from './world.ts'

const withWorld = (use: (world: ToyWorld) => Promise<void>) =>
  withToyWorld(join(temporaryFolder(), 'account.db'), use)

const DAY = 86_400_000
/** When everything is made in such a world. */
const START = Date.UTC(2026, 0, 1)
const GIT = { serviceName: 'codecommit' }
const MODEL = { serviceName: 'bedrock', credentialAgeDays: 30 }

const declaring = (credentials: object | null, at = START): Intent => ({
  ...intentOf({
    users: { alice: credentials === null ? {} : { serviceSpecificCredentials: credentials } },
  }),
  at,
})

let number = 0
async function apply(
  intent: Intent,
  world: ToyWorld,
  {
    clock = START,
    write = world.iam.write.bind(world.iam),
  }: { readonly clock?: number; readonly write?: IamWriter['write'] } = {},
) {
  const told: Readonly<Record<string, unknown>>[] = []
  const target = { journal: world.journal, iam: { read: world.iam.read.bind(world.iam), write } }
  const { plan, diagnostics } = await planAccount(intent, target)
  const { secrets, ...options } = applyOptions()
  if (secrets === undefined) throw new Error('none')
  const sink = {
    objection: async () => null,
    take: async ({ what, name }: { what: string; name?: string }, value: { reveal(): string }) => {
      told.push({ what, name, ...JSON.parse(value.reveal()) })
      return { withdraw: async () => true }
    },
  }
  const applied = await applyAccount(
    {
      intent,
      target,
      consented: plan,
      entry: { id: `entry-${number++}`, commit: null, dirty: null, actor: 'test' },
      process: { pid: process.pid, host: 'here' },
      lockTimeout: 0,
    },
    { ...options, clock: () => clock, secrets: { ...secrets, sink } },
  ).catch((error: unknown) => error)
  return { plan, diagnostics, told, applied }
}

const verified = { type: 'applied', verification: { type: 'verified' } } satisfies Partial<AppliedAccount>
const listed = async ({ iam }: ToyWorld) =>
  (await iam.read('ListServiceSpecificCredentials', { UserName: 'alice' })).ServiceSpecificCredentials ?? []
const operations = ({ plan }: { readonly plan: { readonly steps: readonly { operation: string }[] } }) =>
  plan.steps.map(({ operation }) => operation)

describe('credentials for single services', () => {
  it('are made and handed over with all that it takes to use them; a second plan is empty', () =>
    withWorld(async (world) => {
      const goal = { git: GIT, model: MODEL, spare: { ...GIT, status: 'inactive' } }
      const { plan, told, applied } = await apply(declaring(goal), world)
      expect(applied).toMatchObject(verified)
      expect(plan.changes.map(({ action, name }) => `${action} ${name}`)).toEqual([
        'create alice',
        'create alice/git',
        'create alice/model',
      ])
      expect(plan.steps.map(({ input }) => input)).toContainEqual({
        UserName: 'alice',
        ServiceName: 'bedrock.amazonaws.com',
        CredentialAgeDays: 30,
      })
      const id = expect.stringMatching(/^ACCA/)
      const secret = expect.stringMatching(/^[\w+/]{43}=$/)
      const what = 'service-specific credential'
      expect(told).toEqual([
        {
          what,
          name: 'git',
          ServiceSpecificCredentialId: id,
          ServiceName: 'codecommit.amazonaws.com',
          ServiceUserName: 'alice-at-111122223333',
          ServicePassword: secret,
        },
        {
          what,
          name: 'model',
          ServiceSpecificCredentialId: id,
          ServiceName: 'bedrock.amazonaws.com',
          ServiceCredentialAlias: 'alice-at-111122223333',
          ServiceCredentialSecret: secret,
        },
      ])
      expect((await planAccount(declaring(goal), world)).plan.changes).toEqual([])
    }))

  it('of one service stand in the place of none of another, also under its name', () =>
    withWorld(async (world) => {
      await apply(declaring({ a: GIT, b: GIT }), world)
      const both = await apply(declaring({ a: GIT, b: GIT, c: MODEL }), world)
      expect([operations(both), both.diagnostics]).toEqual([['CreateServiceSpecificCredential'], []])
      const turned = await apply(declaring({ a: { serviceName: 'cassandra' }, b: GIT, c: MODEL }), world)
      expect(turned.applied).toMatchObject(verified)
      expect((await listed(world)).map(({ ServiceName }) => ServiceName).toSorted()).toEqual([
        'bedrock.amazonaws.com',
        'cassandra.amazonaws.com',
        'codecommit.amazonaws.com',
      ])
    }))

  it('that end by themselves have a successor a week before, and go when they would end', () =>
    withWorld(async (world) => {
      await apply(declaring({ model: MODEL }), world)
      const due = START + 23 * DAY
      expect(operations(await apply(declaring({ model: MODEL }, due - 1), world))).toEqual([])
      const next = await apply(declaring({ model: MODEL }, due), world, { clock: due })
      expect(operations(next)).toEqual(['CreateServiceSpecificCredential'])
      const [old, young] = await listed(world)
      const grace = declaring({ model: { ...MODEL, credentialAgeDays: 90 } }, due + 6 * DAY)
      const within = await planAccount(grace, world)
      expect([within.plan.steps, within.diagnostics.map(({ code }) => code)]).toEqual([
        [],
        expect.arrayContaining(['plan.key-in-grace']),
      ])
      // The clock of this IAM stands still, so that the new one ends when the old one does.
      expect([old, young].map((each) => each?.ExpirationDate?.getTime())).toEqual(
        Array(2).fill(START + 30 * DAY),
      )
    }))

  it('that have ended are made anew, and go', () =>
    withWorld(async (world) => {
      await apply(declaring({ model: MODEL, other: MODEL }), world)
      const plan = async (at: number, credentials: object) =>
        (await planAccount(declaring(credentials, at), world)).plan
      const late = START + 31 * DAY
      const after = await plan(late, { model: MODEL })
      expect(after.changes.map(({ action }) => action).toSorted()).toEqual(['create', 'delete', 'delete'])
      expect(JSON.stringify(after.changes)).toContain('2026-01-31T00:00:00Z')
      // Nobody takes one that has ended for another.
      const inactive = await plan(late, { model: { ...MODEL, status: 'inactive' } })
      expect(operations({ plan: inactive })).toEqual(Array(2).fill('DeleteServiceSpecificCredential'))
    }))

  it('that AWS says have ended, without saying when, are made anew', () =>
    withWorld(async (world) => {
      await apply(declaring({ model: MODEL }), world)
      const ended: typeof world.iam.read = async (operation, input) => {
        const answer = await world.iam.read(operation, input)
        if (!('ServiceSpecificCredentials' in answer)) return answer
        const all = (answer.ServiceSpecificCredentials ?? []).map(({ ExpirationDate, ...each }) => ({
          ...each,
          Status: 'Expired',
        }))
        return { ...answer, ServiceSpecificCredentials: all } as typeof answer
      }
      const { plan } = await planAccount(declaring({ model: MODEL }), { ...world, iam: { read: ended } })
      expect(operations({ plan })).toEqual([
        'CreateServiceSpecificCredential',
        'DeleteServiceSpecificCredential',
      ])
    }))

  it('whose answer was lost are made anew: never two, and none of another service is taken for it', () =>
    withWorld(async (world) => {
      await apply(declaring(null), world)
      let lost = 0
      const { told, applied } = await apply(declaring({ git: GIT }), world, {
        write: async (operation, input) => {
          const answer = await world.iam.write(operation, input)
          if (operation === 'CreateServiceSpecificCredential' && lost++ === 0) {
            // Somebody makes one by hand at that moment.
            await world.iam.write('CreateServiceSpecificCredential', {
              UserName: 'alice',
              ServiceName: 'cassandra.amazonaws.com',
            })
            throw new IamError('ServiceFailure', 'no answer', { retryable: true })
          }
          return answer
        },
      })
      expect(applied).toMatchObject({ outcome: 'complete' })
      const after = await listed(world)
      expect(after.map(({ ServiceName }) => ServiceName).toSorted()).toEqual([
        'cassandra.amazonaws.com',
        'codecommit.amazonaws.com',
      ])
      expect(after.map((each) => each.ServiceSpecificCredentialId)).toContain(
        told[0]?.ServiceSpecificCredentialId,
      )
    }))

  it.each(['before', 'after'])('are whole after an apply was killed %s the call', (moment) =>
    withWorld(async (world) => {
      const first = await apply(declaring({ git: GIT, model: MODEL }), world, {
        write: async (operation, input) => {
          if (operation !== 'CreateServiceSpecificCredential') return world.iam.write(operation, input)
          if (moment === 'after') await world.iam.write(operation, input)
          throw new Killed()
        },
      })
      expect(first.applied).toMatchObject({ name: 'Killed' })
      const { told, applied } = await apply(declaring({ git: GIT, model: MODEL }), world)
      expect([told.length, applied]).toMatchObject([2, verified])
      expect(await listed(world)).toHaveLength(2)
    }),
  )
})
