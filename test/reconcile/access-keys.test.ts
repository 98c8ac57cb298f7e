// Names, rotation and lost answers of access keys, through lock, journal and embedded IAM.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DiagnosticError, errorOf } from '../../src/diagnostics/index.ts'
import { IamError } from '../../src/iam/service-error.ts'
import { type AppliedAccount, applyAccount } from '../../src/reconcile/apply-account.ts'
import { type Intent, planAccount } from '../../src/reconcile/plan-account.ts'
import type { SecretSink } from '../../src/reconcile/secret-supply.ts'
import type { IamReader, IamWriter } from '../../src/target/ports.ts'
import { intentOf } from '../kinds/listed.ts'
import { type ToyWorld, withToyWorld } from '../kinds/toy/world.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { applyOptions, Killed } from './world.ts'

/** In a folder of its own: its lock is a file beside it. */
const withWorld = (use: (world: ToyWorld) => Promise<void>) =>
  withToyWorld(join(temporaryFolder(), 'account.db'), use)

const DAY = 86_400_000
/** When everything is made in such a world. */
const START = Date.UTC(2026, 0, 1)
const ROTATED = { ci: { rotateAfter: '90d', grace: '7d' } }
const keysOf = (accessKeys: object | null, at = START): Intent => ({
  ...intentOf({ users: { alice: accessKeys === null ? {} : { accessKeys } } }),
  at,
})

interface Given {
  readonly world: ToyWorld
  readonly clock?: number
  readonly take?: SecretSink['take']
  readonly write?: (iam: IamWriter) => IamWriter['write']
  /** By the id of a key, when it was last used. */
  readonly used?: Readonly<Record<string, number>>
}

const reading = ({ world, used = {} }: Given): IamReader => ({
  read: async (operation, input) => {
    const answer = await world.iam.read(operation, input)
    if (operation !== 'GetAccessKeyLastUsed') return answer
    const at = used[String(Reflect.get(input, 'AccessKeyId'))]
    return at === undefined
      ? answer
      : ({ ...answer, AccessKeyLastUsed: { LastUsedDate: new Date(at) } } as typeof answer)
  },
})

let number = 0
async function apply(intent: Intent, given: Given) {
  const { world, clock = START } = given
  const told: string[] = []
  const { read } = reading(given)
  const write = given.write?.(world.iam) ?? world.iam.write.bind(world.iam)
  const target = { journal: world.journal, iam: { read, write } }
  const { plan } = await planAccount(intent, target)
  const { secrets, ...options } = applyOptions()
  const sink: SecretSink = {
    objection: async () => null,
    take:
      given.take ??
      (async ({ id = '' }) => {
        told.push(id)
        return { withdraw: async () => true }
      }),
  }
  const applied = applyAccount(
    {
      intent,
      target,
      consented: plan,
      entry: { id: `entry-${number++}`, commit: null, dirty: null, actor: 'test' },
      process: { pid: process.pid, host: 'here' },
      lockTimeout: 0,
    },
    { ...options, clock: () => clock, ...(secrets === undefined ? {} : { secrets: { ...secrets, sink } }) },
  )
  return { plan, told, applied: await applied.catch((error: unknown) => error) }
}

const ids = async ({ iam }: ToyWorld) =>
  ((await iam.read('ListAccessKeys', { UserName: 'alice' })).AccessKeyMetadata ?? []).map(
    ({ AccessKeyId, Status }) => `${AccessKeyId ?? ''} ${Status ?? ''}`,
  )
const operations = ({ plan }: { readonly plan: { readonly steps: readonly { operation: string }[] } }) =>
  plan.steps.map(({ operation }) => operation)
const verified = { type: 'applied', verification: { type: 'verified' } } satisfies Partial<AppliedAccount>

describe('access keys', () => {
  it('are made, handed over and known by their names; a second plan is empty', () =>
    withWorld(async (world) => {
      const { told, applied } = await apply(keysOf({ ci: {}, deploy: null }), { world })
      expect(applied).toMatchObject(verified)
      expect(told).toHaveLength(2)
      for (const id of told) expect(id).toMatch(/^AKIA[A-Z2-7]{16}$/)
      const notes = await world.journal.credentials()
      expect(notes.map(({ name, id, delivered }) => [name, id, delivered])).toEqual([
        ['ci', told[0], START],
        ['deploy', told[1], START],
      ])
      const { plan, applied: put } = await apply(keysOf({ deploy: { status: 'inactive' }, ci: {} }), {
        world,
      })
      expect(plan.changes.map(({ action, name }) => `${action} ${name}`)).toEqual(['update alice/deploy'])
      expect(put).toMatchObject(verified)
      expect((await ids(world)).toSorted()).toEqual([`${told[0]} Active`, `${told[1]} Inactive`].toSorted())
    }))

  it('rotate: another is made beside the one that is due, which goes after the grace', () =>
    withWorld(async (world) => {
      const { told } = await apply(keysOf(ROTATED), { world })
      const due = START + 90 * DAY
      expect(operations(await apply(keysOf(ROTATED, due - 1), { world }))).toEqual([])
      const rotated = await apply(keysOf(ROTATED, due), { world, clock: due })
      expect(operations(rotated)).toEqual(['CreateAccessKey'])
      expect(rotated.applied).toMatchObject(verified)
      // The embedded IAM's clock stands still here: the new one is as old as the one before, and the journal knows better.
      expect(await ids(world)).toHaveLength(2)
      const early = await planAccount(keysOf(ROTATED, due + 7 * DAY - 1), world)
      expect(early.plan.steps).toEqual([])
      const after = await apply(keysOf({ ci: { rotateAfter: '400d', grace: '7d' } }, due + 7 * DAY), {
        world,
      })
      expect(operations(after)).toEqual(['UpdateAccessKey', 'DeleteAccessKey'])
      expect(after.applied).toMatchObject(verified)
      expect(await ids(world)).toEqual([`${rotated.told[0]} Active`])
      expect(rotated.told[0]).not.toBe(told[0])
    }))

  it('that were used after others were handed over stay as they are, which is said', () =>
    withWorld(async (world) => {
      const { told } = await apply(keysOf(ROTATED), { world })
      const due = START + 90 * DAY
      await apply(keysOf(ROTATED, due), { world, clock: due })
      const later = keysOf({ ci: { rotateAfter: '400d', grace: '7d' } }, due + 8 * DAY)
      const used = { [told[0] ?? '']: due + 3 * DAY }
      const given = await planAccount(later, { iam: reading({ world, used }), journal: world.journal })
      expect(given.plan.steps).toEqual([])
      expect(given.diagnostics.map(({ code, severity }) => [severity, code])).toEqual([
        ['warning', 'plan.key-still-used'],
      ])
      // Used between the plan and the step.
      let reads = 0
      const plain = reading({ world })
      const racing: ToyWorld['iam'] = {
        write: world.iam.write.bind(world.iam),
        read: (operation, input) =>
          (operation === 'GetAccessKeyLastUsed' && reads++ >= 4 ? reading({ world, used }) : plain).read(
            operation,
            input,
          ),
      }
      const raced = await apply(later, { world: { ...world, iam: racing } })
      expect(operations(raced)).toEqual(['UpdateAccessKey', 'DeleteAccessKey'])
      expect(raced.applied).toMatchObject({
        results: [{ error: { code: 'apply.key-in-use' } }, { status: 'skipped' }],
      })
      for (const each of await ids(world)) expect(each).toMatch(/ Active$/)
      // Nor is there room for another rotation before somebody sees to it.
      const next = await planAccount(keysOf(ROTATED, due + 100 * DAY), {
        iam: reading({ world, used }),
        journal: world.journal,
      })
      expect([next.plan.steps, next.diagnostics.map(({ code }) => code)]).toEqual([
        [],
        ['plan.key-still-used', 'plan.no-room-for-key'],
      ])
      const [AccessKeyId = ''] = told
      await world.iam.write('UpdateAccessKey', { UserName: 'alice', AccessKeyId, Status: 'Inactive' })
      expect(await apply(later, { world, used })).toMatchObject({
        plan: { steps: [{ operation: 'DeleteAccessKey' }] },
        applied: verified,
      })
    }))

  it('two that are in use leave no room for rotation; of an inactive one there is', () =>
    withWorld(async (world) => {
      const both = { ci: { rotateAfter: '90d' }, other: {} }
      await apply(keysOf(both), { world })
      const due = START + 91 * DAY
      const blocked = await planAccount(keysOf(both, due), world)
      expect([blocked.plan.steps, blocked.diagnostics.map(({ code }) => code)]).toEqual([
        [],
        ['plan.no-room-for-key'],
      ])
      await apply(keysOf({ ...both, other: { status: 'inactive' } }), { world })
      const made = await apply(keysOf({ ...both, other: { status: 'inactive' } }, due), { world, clock: due })
      expect(operations(made)).toEqual(['DeleteAccessKey', 'CreateAccessKey'])
      // The clock of this IAM stands still, so that the new one is due as well.
      expect(made.applied).toMatchObject({ outcome: 'complete' })
      expect(await ids(world)).toHaveLength(2)
    }))

  it('that nobody knows are named by their age, which is said and written down; others are left or go', () =>
    withWorld(async (world) => {
      await apply(keysOf(null), { world })
      const { AccessKey } = await world.iam.write('CreateAccessKey', { UserName: 'alice' })
      const { plan, diagnostics } = await planAccount(keysOf({ ci: {} }), world)
      expect([plan.steps, diagnostics.map(({ code }) => code)]).toEqual([[], ['plan.key-named-by-age']])
      await apply(keysOf({ ci: {} }), { world })
      expect(await world.journal.credentials()).toMatchObject([{ name: 'ci', id: AccessKey?.AccessKeyId }])
      expect((await planAccount(keysOf({ ci: {} }), world)).diagnostics).toEqual([])
      expect(operations(await apply(keysOf({}), { world }))).toEqual(['DeleteAccessKey'])
      expect(await ids(world)).toEqual([])
    }))
})

describe('a key whose secret is lost', () => {
  it('by an answer that never came is deleted, and made anew: never two', () =>
    withWorld(async (world) => {
      let lost = 0
      const { told, applied } = await apply(keysOf({ ci: {} }), {
        world,
        write: (iam) => async (operation, input) => {
          const answer = await iam.write(operation, input)
          if (operation === 'CreateAccessKey' && lost++ === 0)
            throw new IamError('ServiceFailure', 'no answer', { retryable: true })
          return answer
        },
      })
      expect(applied).toMatchObject(verified)
      expect(await ids(world)).toEqual([`${told[0]} Active`])
    }))

  it.each(['before the call', 'after the call', 'at handing over', 'after handing over'])(
    'by a kill %s is made anew by the next apply',
    (moment) =>
      withWorld(async (world) => {
        let isDelivering = false
        const put = world.journal.putCredential.bind(world.journal)
        world.journal.putCredential = async (note) => {
          if (isDelivering && moment === 'after handing over') throw new Killed()
          await put(note)
        }
        const first = await apply(keysOf({ ci: {} }), {
          world,
          write: (iam) => async (operation, input) => {
            if (operation !== 'CreateAccessKey') return iam.write(operation, input)
            if (moment === 'before the call') throw new Killed()
            const answer = await iam.write(operation, input)
            if (moment === 'after the call') throw new Killed()
            return answer
          },
          take: async () => {
            isDelivering = true
            if (moment === 'at handing over') throw new Killed()
            return { withdraw: async () => true }
          },
        })
        expect(first.applied).toMatchObject({ name: 'Killed' })
        world.journal.putCredential = put
        const { told, applied } = await apply(keysOf({ ci: {} }), { world })
        expect(applied).toMatchObject(verified)
        expect(await ids(world)).toEqual([`${told[0]} Active`])
        expect((await planAccount(keysOf({ ci: {} }), world)).plan.steps).toEqual([])
      }),
  )

  it('since nobody takes it is deleted again at once, and nothing quotes it', () =>
    withWorld(async (world) => {
      let secret = ''
      const { applied } = await apply(keysOf({ ci: {} }), {
        world,
        take: async (_, value) => {
          secret = String(JSON.parse(value.reveal()).SecretAccessKey)
          throw new DiagnosticError(errorOf({ code: 'secret.program-failed', message: 'no room' }))
        },
      })
      expect(applied).toMatchObject({ outcome: 'partial' })
      expect(await ids(world)).toEqual([])
      expect(secret).toHaveLength(40)
      expect(JSON.stringify([applied, await world.journal.credentials()])).not.toContain(secret)
    }))
})

describe('a sink that takes nothing', () => {
  it('fails what it is for, and nothing else', () =>
    withWorld(async (world) => {
      const { applied } = await apply(
        { ...intentOf({ users: { alice: { accessKeys: { ci: {}, deploy: {} } }, bob: {} } }), at: START },
        {
          world,
          take: async ({ name }) => {
            if (name === 'ci')
              throw new DiagnosticError(errorOf({ code: 'secret.program-failed', message: 'no room' }))
            return { withdraw: async () => true }
          },
        },
      )
      expect(applied).toMatchObject({
        outcome: 'partial',
        summary: { done: 3, failed: 1, skipped: 0 },
      })
      expect(await ids(world)).toHaveLength(1)
    }))
})

describe('what was begun and came to nothing', () => {
  const unanswered = async (world: ToyWorld) => {
    const { applied } = await apply(keysOf({ ci: {} }), {
      world,
      write: (iam) => async (operation, input) => {
        if (operation === 'CreateAccessKey') throw new Killed()
        return iam.write(operation, input)
      },
    })
    expect(applied).toMatchObject({ name: 'Killed' })
    expect(await world.journal.credentials()).toMatchObject([{ name: 'ci', id: null }])
  }
  const makeByHand = async ({ iam }: ToyWorld) =>
    (await iam.write('CreateAccessKey', { UserName: 'alice' })).AccessKey?.AccessKeyId ?? ''

  it('is forgotten once all is as declared: a key that is made by hand later stays', () =>
    withWorld(async (world) => {
      await unanswered(world)
      expect((await apply(keysOf(null), { world })).applied).toMatchObject({ recorded: true })
      expect(await world.journal.credentials()).toEqual([])
      const id = await makeByHand(world)
      expect((await apply(keysOf({ ci: {} }), { world })).plan.steps).toEqual([])
      expect(await ids(world)).toEqual([`${id} Active`])
    }))

  it('is forgotten at once where AWS refuses the call', () =>
    withWorld(async (world) => {
      const { applied } = await apply(keysOf({ ci: {} }), {
        world,
        write: (iam) => async (operation, input) => {
          if (operation === 'CreateAccessKey') throw new IamError('AccessDenied', 'no')
          return iam.write(operation, input)
        },
      })
      expect(applied).toMatchObject({ outcome: 'partial' })
      expect(await world.journal.credentials()).toEqual([])
    }))

  it.each([
    ['was made at another time', 60 * DAY, 1],
    ['is not the only one', 0, 2],
  ])('takes no key for its own that %s', (_, later, count) =>
    withWorld(async (world) => {
      await unanswered(world)
      const [note] = await world.journal.credentials()
      if (note === undefined) throw new Error('none')
      await world.journal.putCredential({ ...note, begun: START - later })
      for (let made = 0; made < count; made++) await makeByHand(world)
      const both = { ci: {}, deploy: {} }
      const { plan, diagnostics } = await planAccount(keysOf(both), world)
      expect(operations({ plan })).not.toContain('DeleteAccessKey')
      expect(diagnostics.map(({ code }) => code)).toContain('plan.key-named-by-age')
    }),
  )
})

describe('a journal', () => {
  it('forgets keys that are gone', () =>
    withWorld(async (world) => {
      const { told } = await apply(keysOf({ ci: {}, deploy: {} }), { world })
      await apply(keysOf({ deploy: {} }), { world })
      await apply(keysOf({ deploy: { status: 'inactive' } }), { world })
      expect(await world.journal.credentials()).toMatchObject([{ name: 'deploy', id: told[1] }])
    }))

  it('that is lost lets a key in use not be taken for one that is to be out of use', () =>
    withWorld(async (world) => {
      const keys = { first: { status: 'inactive' }, second: {} }
      const { told } = await apply(keysOf(keys), { world })
      const journal = { declared: async () => ({}), facts: async () => null }
      const { plan, adopted } = await planAccount(keysOf(keys), { iam: world.iam, journal })
      expect(plan.steps).toEqual([])
      expect(adopted).toMatchObject([{ name: 'second', id: told[0] }])
    }))

  it('that is lost lets nobody put a key into use again that somebody has put out of use', () =>
    withWorld(async (world) => {
      const { told } = await apply(keysOf({ ci: { status: 'active' } }), { world })
      await world.iam.write('UpdateAccessKey', {
        UserName: 'alice',
        AccessKeyId: told[0] ?? '',
        Status: 'Inactive',
      })
      const journal = { declared: async () => ({}), facts: async () => null }
      const { plan, adopted } = await planAccount(keysOf({ ci: {} }), { iam: world.iam, journal })
      expect([operations({ plan }), adopted]).toEqual([['CreateAccessKey', 'DeleteAccessKey'], []])
    }))

  it('that is lost leaves keys alone that are not declared any more', () =>
    withWorld(async (world) => {
      await apply(keysOf({ ci: {} }), { world })
      const declared = await world.journal.declared()
      const journal = { declared: async () => declared, facts: async () => null }
      expect((await planAccount(keysOf(null), { iam: world.iam, journal })).plan.steps).toEqual([])
    }))
})
