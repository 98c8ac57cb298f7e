import { rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DiagnosticError, errorOf } from '../../src/diagnostics/index.ts'
import { IamError } from '../../src/iam/service-error.ts'
import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { PLAN_KINDS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { WriteOperation } from '../../src/model/operations.ts'
import {
  type AppliedAccount,
  type ApplyPorts,
  type ApplyRequest,
  applyAccount,
} from '../../src/reconcile/apply-account.ts'
import { observe } from '../../src/reconcile/observe.ts'
import { type Intent, planAccount } from '../../src/reconcile/plan-account.ts'
import { openReadable, openWritable } from '../../src/target/local/open-local-target.ts'
import type { WritableTarget } from '../../src/target/ports.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { type Blueprint, desiredOf, TIGHT_QUOTAS } from '../arbitraries/state.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { FACTS, intentOf, Killed, meaningOf, meaningOfDesired, SCOPE_DECLARED } from './world.ts'

const allow = (action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow' as const, Action: action, Resource: '*' }],
})

const EMPTY: Blueprint = { policies: {}, groups: {}, roles: {}, users: {} }
/** Six steps: policy, group, its attachment, role, user, its membership. */
const SMALL: Blueprint = {
  policies: { read: { path: '/', document: allow('s3:Get*') } },
  groups: { admins: { path: '/', managedPolicies: ['read'] } },
  roles: { deploy: { path: '/', trusts: ['ec2.amazonaws.com'] } },
  users: { alice: { path: '/', groups: ['admins'] } },
}
const WITH_BOB: Blueprint = { ...SMALL, users: { ...SMALL.users, bob: { path: '/' } } }

const intent = (blueprint: Blueprint): Intent => intentOf(desiredOf(blueprint), SCOPE_DECLARED)
const newDatabase = () => join(temporaryFolder(), 'account.db')
const open = (database: string): Promise<WritableTarget> =>
  openWritable({
    database,
    account: ACCOUNT,
    facts: FACTS,
    quotas: { ...TIGHT_QUOTAS },
    clock: () => Date.UTC(2026, 0, 1),
    randomBytes: fixedBytes,
  })

async function withTarget<T>(use: (target: WritableTarget, database: string) => Promise<T>): Promise<T> {
  const database = newDatabase()
  const target = await open(database)
  try {
    return await use(target, database)
  } finally {
    await target.close()
  }
}

let entries = 0
async function requestFor(
  blueprint: Blueprint | Intent,
  target: WritableTarget,
  changes: Partial<ApplyRequest> = {},
): Promise<ApplyRequest> {
  const wanted = 'desired' in blueprint ? blueprint : intent(blueprint)
  const { plan } = await planAccount(wanted, target)
  return {
    intent: wanted,
    target,
    consented: plan,
    entry: { id: `entry-${++entries}`, commit: 'c0ffee', dirty: false, actor: 'alice@laptop' },
    process: { pid: process.pid, host: hostname() },
    lockTimeout: 0,
    ...changes,
  }
}

/** Time passes by sleeping only. */
function ports(changes: Partial<ApplyPorts> = {}): ApplyPorts {
  let now = Date.UTC(2026, 0, 2)
  return {
    signal: new AbortController().signal,
    clock: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds
    },
    random: () => 0.5,
    ...changes,
  }
}

const apply = async (
  blueprint: Blueprint | Intent,
  target: WritableTarget,
  changes: Partial<ApplyPorts> = {},
): Promise<AppliedAccount> => applyAccount(await requestFor(blueprint, target), ports(changes))

/** The same target, with something done before each write (which is counted from 0). */
const watched = (target: WritableTarget, before: (write: number, operation: WriteOperation) => unknown) => {
  let writes = 0
  return {
    journal: target.journal,
    iam: {
      read: target.iam.read.bind(target.iam) as WritableTarget['iam']['read'],
      write: (async (operation, input) => {
        await before(writes++, operation)
        return target.iam.write(operation, input)
      }) as WritableTarget['iam']['write'],
    },
  }
}

const expectFree = async (target: WritableTarget) => expect(await target.journal.holder()).toBeNull()

describe('an apply', () => {
  it('makes the account what is declared, verifies it, and leaves an entry and a free lock', () =>
    withTarget(async (target) => {
      const request = await requestFor(SMALL, target)
      const applied = await applyAccount(request, ports())
      expect(applied).toMatchObject({
        type: 'applied',
        outcome: 'complete',
        summary: { done: request.consented.steps.length, failed: 0, skipped: 0 },
        verification: { type: 'verified' },
        diagnostics: [],
      })
      expect(meaningOf(await observe(target.iam, ACCOUNT, OBSERVE_KINDS))).toEqual(
        meaningOfDesired(desiredOf(SMALL)),
      )
      expect(await target.journal.history()).toEqual([
        {
          ...request.entry,
          time: '2026-01-02T00:00:00.000Z',
          digest: request.consented.digest,
          summary: { done: request.consented.steps.length, failed: 0, skipped: 0 },
          outcome: 'complete',
          reason: null,
        },
      ])
      expect(await target.journal.declared()).toEqual(declarationsOf(desiredOf(SMALL), PLAN_KINDS))
      await expectFree(target)
    }))

  it('with nothing to change and nothing new to record writes nothing at all', () =>
    withTarget(async (target) => {
      await apply(SMALL, target)
      expect(await planAccount(intent(SMALL), target)).toMatchObject({ recorded: true, plan: { steps: [] } })
      expect(await apply(SMALL, target)).toMatchObject({ type: 'unchanged', recorded: false })
      expect(await target.journal.history()).toHaveLength(1)
      await expectFree(target)
    }))

  it('with nothing to change records what is declared from now on: it is owned, and removed when it no longer is', () =>
    withTarget(async (target) => {
      await apply(SMALL, target)
      await target.iam.write('CreateUser', { UserName: 'bob' })
      expect(await planAccount(intent(WITH_BOB), target)).toMatchObject({ recorded: false })
      expect(await apply(WITH_BOB, target)).toMatchObject({ type: 'unchanged', recorded: true })
      expect(await target.journal.history()).toMatchObject([
        { outcome: 'complete', summary: { done: 0, failed: 0, skipped: 0 } },
        { outcome: 'complete' },
      ])
      const { plan } = await planAccount(intent(SMALL), target)
      expect(plan.changes).toMatchObject([{ action: 'delete', kind: 'user', name: 'bob' }])
    }))

  it('does not delete what the last apply did not declare, but does what the base declared', () =>
    withTarget(async (target) => {
      await target.iam.write('CreateUser', { UserName: 'bob' })
      expect((await planAccount(intent(EMPTY), target)).plan.steps).toEqual([])
      const withBase = { ...intent(EMPTY), base: declarationsOf(desiredOf(WITH_BOB), PLAN_KINDS) }
      expect(await apply(withBase, target)).toMatchObject({
        type: 'applied',
        verification: { type: 'verified' },
        plan: { changes: [{ action: 'delete', kind: 'user', name: 'bob' }] },
      })
    }))

  it('has in the journal what it declares before its first step', () =>
    withTarget(async (target) => {
      const request = await requestFor(SMALL, target)
      let seen: unknown = null
      await applyAccount(
        {
          ...request,
          target: watched(target, async (write) => {
            if (write === 0) seen = await target.journal.declared()
          }),
        },
        ports(),
      )
      expect(seen).toEqual(declarationsOf(desiredOf(SMALL), PLAN_KINDS))
    }))
})

describe('a plan that is no longer what was agreed to', () => {
  it('is stale: nothing is written, and both plans are returned', () =>
    withTarget(async (target) => {
      const request = await requestFor(SMALL, target)
      await target.iam.write('CreateUser', { UserName: 'alice' })
      const before = meaningOf(await observe(target.iam, ACCOUNT, OBSERVE_KINDS))
      const outcome = await applyAccount(request, ports())
      expect(outcome).toMatchObject({ type: 'stale', consented: request.consented })
      if (outcome.type !== 'stale') return
      expect(outcome.current.digest).not.toBe(request.consented.digest)
      expect(outcome.current.changes.find(({ name }) => name === 'alice')?.action).toBe('update')
      expect(meaningOf(await observe(target.iam, ACCOUNT, OBSERVE_KINDS))).toEqual(before)
      expect(await target.journal.history()).toEqual([])
      await expectFree(target)
    }))

  it('a change to what the plan does not touch leaves it standing', () =>
    withTarget(async (target) => {
      const request = await requestFor(SMALL, target)
      await target.iam.write('CreateUser', { UserName: 'somebody-else' })
      expect(await applyAccount(request, ports())).toMatchObject({
        type: 'applied',
        verification: { type: 'verified' },
      })
    }))

  it('asks under the lock who it is to the target, as the plan before it did', () =>
    withTarget(async (target) => {
      let asked = 0
      const caller = async () => {
        asked++
        return null
      }
      const request = await requestFor(SMALL, { ...target, caller })
      expect(asked).toBe(1)
      await applyAccount(
        { ...request, target: { iam: target.iam, journal: target.journal, caller } },
        ports(),
      )
      expect(asked).toBe(2)
    }))

  it('is refused by the guard under the lock as well', () =>
    withTarget(async (target) => {
      await apply(WITH_BOB, target)
      const [span] = [desiredOf(SMALL).entities.user.get('alice')?.span]
      if (span === undefined) throw new Error('alice is declared')
      const guarded: Intent = {
        ...intent(SMALL),
        guard: { maxDeletePercent: 100, minimumExisting: 1, protect: [{ kind: 'user', name: 'bob', span }] },
      }
      expect(await apply(guarded, target)).toMatchObject({
        type: 'refused',
        plan: { refusals: [{ rule: 'protect', entities: ['user/bob'] }] },
      })
      expect((await observe(target.iam, ACCOUNT, OBSERVE_KINDS)).entities.user.has('bob')).toBe(true)
      expect(await target.journal.history()).toHaveLength(1)
      await expectFree(target)

      const request = await requestFor(guarded, target)
      const overridden = await applyAccount({ ...request, overridesGuard: true }, ports())
      expect(overridden).toMatchObject({ type: 'applied', verification: { type: 'verified' } })
    }))

  it('no consent makes room: a quota stands', () =>
    withTarget(async (target) => {
      const full: Intent = { ...intent(SMALL), quotas: { ...TIGHT_QUOTAS, usersPerAccount: 0 } }
      const request = await requestFor(full, target)
      expect(await applyAccount({ ...request, overridesGuard: true }, ports())).toMatchObject({
        type: 'refused',
        plan: { refusals: [{ rule: 'quota' }] },
      })
    }))

  it('with errors is not applied', () =>
    withTarget(async (target) => {
      await target.iam.write('CreateUser', { UserName: 'ALICE' })
      const outcome = await apply(SMALL, target)
      expect(outcome.type).toBe('invalid')
      if (outcome.type === 'invalid')
        expect(outcome.diagnostics.map(({ code }) => code)).toContain('plan.name-differs-in-case')
      expect(await target.journal.history()).toEqual([])
      await expectFree(target)
    }))
})

describe('two applies at once', () => {
  const HOLDER = { pid: process.pid, host: hostname(), start: '2026-01-01T00:00:00Z', commit: null }
  const take = async (target: WritableTarget) => {
    const taken = await target.journal.tryLock(HOLDER)
    if (!('lock' in taken)) throw new Error('the lock is held')
    return taken.lock
  }

  it('the second is told who holds the lock, and writes nothing', () =>
    withTarget(async (target, database) => {
      const other = await open(database)
      const lock = await take(other)
      expect(await apply(SMALL, target)).toEqual({ type: 'locked', heldBy: HOLDER })
      expect((await observe(target.iam, ACCOUNT, OBSERVE_KINDS)).entities.user.size).toBe(0)
      await lock.release()
      await other.close()
    }))

  it('the second waits as long as it was told to, asking ten times a second', () =>
    withTarget(async (target, database) => {
      const other = await open(database)
      const lock = await take(other)
      const waits: unknown[] = []
      const slept: number[] = []
      let now = 0
      const outcome = await applyAccount(
        await requestFor(SMALL, target, { lockTimeout: 250 }),
        ports({
          clock: () => now,
          sleep: async (milliseconds) => {
            slept.push(milliseconds)
            now += milliseconds
          },
          onLockWait: (heldBy) => waits.push(heldBy),
        }),
      )
      expect(outcome).toEqual({ type: 'locked', heldBy: HOLDER })
      expect(slept).toEqual([100, 100, 50])
      expect(waits).toEqual([HOLDER])
      await lock.release()
      await other.close()
    }))

  /** A second apply, of `entry`, that begins to wait while the first has the lock. */
  const inTurn = (target: WritableTarget, database: string, entry: Partial<ApplyRequest['entry']>) =>
    (async () => {
      const other = await open(database)
      const request = await requestFor(SMALL, target, { lockTimeout: 60_000 })
      const first = await requestFor(SMALL, other)
      let second: Promise<AppliedAccount> | null = null
      const running = applyAccount(
        {
          ...first,
          target: watched(other, (write) => {
            if (write === 0)
              second = applyAccount(
                { ...request, entry: { ...request.entry, ...entry } },
                ports({ clock: () => 0, sleep: () => new Promise((resolve) => setTimeout(resolve, 5)) }),
              )
          }),
        },
        ports(),
      )
      expect(await running).toMatchObject({ type: 'applied', verification: { type: 'verified' } })
      const outcome = await second
      expect(await target.journal.history()).toHaveLength(1)
      await expectFree(target)
      await other.close()
      return outcome
    })()

  it('the second goes on as soon as the first is done; of the same commit it finds nothing left to do', () =>
    withTarget(async (target, database) => {
      expect(await inTurn(target, database, {})).toMatchObject({
        type: 'done-by-another',
        plan: { changes: [] },
      })
    }))

  it('the same changes are the same without a commit too', () =>
    withTarget(async (target, database) => {
      const outcome = await inTurn(target, database, { commit: null, dirty: null })
      expect(outcome).toMatchObject({ type: 'done-by-another' })
    }))

  it('what somebody made by hand meanwhile leaves the plan stale, though nothing is left to do', () =>
    withTarget(async (target) => {
      const request = await requestFor(SMALL, target)
      for (const { operation, input } of request.consented.steps)
        await target.iam.write(operation as 'CreateUser', input as { UserName: string })
      expect(await applyAccount(request, ports())).toMatchObject({ type: 'stale', current: { steps: [] } })
    }))

  it('an abort ends the wait', () =>
    withTarget(async (target, database) => {
      const other = await open(database)
      const lock = await take(other)
      const abort = new AbortController()
      const outcome = await applyAccount(
        await requestFor(SMALL, target, { lockTimeout: 60_000 }),
        ports({ signal: abort.signal, clock: () => 0, sleep: async () => abort.abort() }),
      )
      expect(outcome).toEqual({ type: 'interrupted' })
      await lock.release()
      await other.close()
    }))
})

describe('an interruption', () => {
  it('at each step: the step under way ends, the rest is skipped, and a second apply completes it', async () => {
    const total = await withTarget(async (target) => (await requestFor(SMALL, target)).consented.steps.length)
    expect(total).toBeGreaterThan(4)
    for (let at = 0; at < total; at++)
      await withTarget(async (target) => {
        const abort = new AbortController()
        const request = await requestFor(SMALL, target)
        const outcome = await applyAccount(
          {
            ...request,
            target: watched(target, (write) => {
              if (write === at) abort.abort()
            }),
          },
          ports({ signal: abort.signal }),
        )
        const last = at === total - 1
        expect(outcome).toMatchObject({
          type: 'applied',
          outcome: last ? 'complete' : 'interrupted',
          summary: { done: at + 1, failed: 0, skipped: total - at - 1 },
          verification: { type: last ? 'verified' : 'incomplete' },
        })
        await expectFree(target)
        if (last) return
        expect(await target.journal.history()).toMatchObject([{ outcome: 'interrupted' }])
        expect(await apply(SMALL, target)).toMatchObject({
          outcome: 'complete',
          summary: { done: total - at - 1 },
          verification: { type: 'verified' },
        })
      })
  })

  it('before the first step writes nothing, not even to the journal', () =>
    withTarget(async (target) => {
      expect(await apply(SMALL, target, { signal: AbortSignal.abort() })).toEqual({ type: 'interrupted' })
      expect(await target.journal.history()).toEqual([])
      await expectFree(target)
    }))

  it('a kill at each step leaves an interrupted entry and a free lock; what it created is owned all the same', async () => {
    const total = await withTarget(async (target) => (await requestFor(SMALL, target)).consented.steps.length)
    for (let at = 0; at < total; at++)
      await withTarget(async (target) => {
        const request = await requestFor(SMALL, target)
        const killed = applyAccount(
          {
            ...request,
            target: watched(target, (write) => {
              if (write === at) throw new Killed()
            }),
          },
          ports(),
        )
        await expect(killed).rejects.toThrow(Killed)
        await expectFree(target)
        expect(await target.journal.history()).toMatchObject([{ outcome: 'interrupted' }])
        // Nothing is declared any more: everything that the killed apply made goes.
        await apply(EMPTY, target)
        expect(meaningOf(await observe(target.iam, ACCOUNT, OBSERVE_KINDS))).toEqual(
          meaningOfDesired(desiredOf(EMPTY)),
        )
        expect(await apply(EMPTY, target)).toMatchObject({ type: 'unchanged' })
      })
  })
})

describe('failures', () => {
  const refuseAt = (target: WritableTarget, at: WriteOperation, error: () => Error) =>
    watched(target, (_, operation) => {
      if (operation === at) throw error()
    })

  it('a refused step leaves a partial entry; what needs it is skipped, the rest is done', () =>
    withTarget(async (target) => {
      const request = await requestFor(SMALL, target)
      const outcome = await applyAccount(
        {
          ...request,
          target: refuseAt(target, 'CreateGroup', () => new IamError('LimitExceeded', 'too many groups')),
        },
        ports(),
      )
      expect(outcome).toMatchObject({
        type: 'applied',
        outcome: 'partial',
        verification: { type: 'incomplete' },
      })
      if (outcome.type !== 'applied') return
      expect(outcome.results.map(({ step, status }) => [step.operation, status])).toEqual(
        expect.arrayContaining([
          ['CreatePolicy', 'done'],
          ['CreateGroup', 'failed'],
          ['AttachGroupPolicy', 'skipped'],
          ['AddUserToGroup', 'skipped'],
          ['CreateUser', 'done'],
          ['CreateRole', 'done'],
        ]),
      )
      expect(outcome.results.find(({ status }) => status === 'failed')?.error).toEqual({
        code: 'LimitExceeded',
        message: 'too many groups',
      })
      expect(await target.journal.history()).toMatchObject([
        { outcome: 'partial', summary: { failed: 1, skipped: 2 } },
      ])
    }))

  it('what an incomplete apply no longer declares is remembered until one completes', () =>
    withTarget(async (target) => {
      await apply(WITH_BOB, target)
      const request = await requestFor(SMALL, target)
      await applyAccount(
        { ...request, target: refuseAt(target, 'DeleteUser', () => new IamError('DeleteConflict', 'no')) },
        ports(),
      )
      expect(Object.keys(await target.journal.declared())).toContain('user/bob')
      expect(await apply(SMALL, target)).toMatchObject({ verification: { type: 'verified' } })
      expect(Object.keys(await target.journal.declared())).not.toContain('user/bob')
    }))

  it('a store that breaks fails the step under way and skips the rest, with its own code', () =>
    withTarget(async (target) => {
      const request = await requestFor(SMALL, target)
      const full = () => new DiagnosticError(errorOf({ code: 'store.disk-full', message: 'no room' }))
      const outcome = await applyAccount(
        {
          ...request,
          target: {
            ...refuseAt(target, 'CreateGroup', full),
            journal: Object.assign(Object.create(target.journal) as WritableTarget['journal'], {
              tryLock: target.journal.tryLock.bind(target.journal),
              begin: target.journal.begin.bind(target.journal),
              declared: target.journal.declared.bind(target.journal),
              facts: target.journal.facts.bind(target.journal),
              credentials: target.journal.credentials.bind(target.journal),
              finish: () => Promise.reject(full()),
            }),
          },
        },
        ports(),
      )
      expect(outcome).toMatchObject({
        type: 'applied',
        outcome: 'interrupted',
        diagnostics: [{ code: 'store.disk-full' }],
      })
      if (outcome.type !== 'applied') return
      const failed = outcome.results.findIndex(({ status }) => status === 'failed')
      expect(outcome.results[failed]?.error).toEqual({ code: 'store.disk-full', message: 'no room' })
      expect(outcome.results.slice(failed + 1).every(({ status }) => status === 'skipped')).toBe(true)
      await expectFree(target)
      expect(await target.journal.history()).toMatchObject([{ outcome: 'interrupted' }])
    }))

  it('a database that is deleted meanwhile ends the apply, which is not verified', () =>
    withTarget(async (target, database) => {
      const request = await requestFor(SMALL, target)
      const outcome = await applyAccount(
        {
          ...request,
          target: watched(target, (write) => {
            if (write === 2) rmSync(dirname(database), { recursive: true })
          }),
        },
        ports(),
      )
      expect(outcome).toMatchObject({
        type: 'applied',
        outcome: 'interrupted',
        summary: { done: 2, failed: 1 },
        verification: { type: 'incomplete' },
        diagnostics: [{ code: 'store.removed' }],
      })
    }))

  it('an account that somebody else changes meanwhile is not verified, and what is left is returned', () =>
    withTarget(async (target) => {
      const request = await requestFor(SMALL, target)
      let meddled = false
      const outcome = await applyAccount(
        {
          ...request,
          target: {
            ...target,
            journal: Object.assign(Object.create(target.journal) as WritableTarget['journal'], {
              tryLock: target.journal.tryLock.bind(target.journal),
              begin: target.journal.begin.bind(target.journal),
              declared: target.journal.declared.bind(target.journal),
              facts: target.journal.facts.bind(target.journal),
              credentials: target.journal.credentials.bind(target.journal),
              finish: async (...parts: Parameters<WritableTarget['journal']['finish']>) => {
                await target.journal.finish(...parts)
                await target.iam.write('RemoveUserFromGroup', { UserName: 'alice', GroupName: 'admins' })
                meddled = true
              },
            }),
          },
        },
        ports(),
      )
      expect(meddled).toBe(true)
      expect(outcome).toMatchObject({
        type: 'applied',
        outcome: 'complete',
        verification: { type: 'differs', remaining: { changes: [{ action: 'update', name: 'alice' }] } },
      })
    }))

  it('a target that can not be read any more after the apply is said, not thrown', () =>
    withTarget(async (target) => {
      const request = await requestFor(SMALL, target)
      let reads = 0
      const outcome = await applyAccount(
        {
          ...request,
          target: {
            journal: target.journal,
            iam: {
              write: target.iam.write.bind(target.iam) as WritableTarget['iam']['write'],
              read: ((operation, input) =>
                operation === 'GetAccountAuthorizationDetails' && ++reads === 2
                  ? Promise.reject(new IamError('Throttling', 'slow down'))
                  : target.iam.read(operation, input)) as WritableTarget['iam']['read'],
            },
          },
        },
        ports(),
      )
      expect(outcome).toMatchObject({
        type: 'applied',
        outcome: 'complete',
        verification: { type: 'unreadable', error: { code: 'Throttling' } },
      })
    }))
})

describe('a plan', () => {
  it('is made with a reader alone, of a database that is not there yet too', async () => {
    const target = await openReadable({ database: newDatabase(), account: ACCOUNT, facts: FACTS })
    const planned = await planAccount(intent(SMALL), target)
    expect(planned.recorded).toBe(false)
    expect(planned.plan.changes.map(({ action, kind }) => `${action} ${kind}`).sort()).toEqual([
      'create group',
      'create policy',
      'create role',
      'create user',
    ])
    await target.close()
  })
})
