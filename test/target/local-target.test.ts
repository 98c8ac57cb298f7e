import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { IamError } from '../../src/iam/service-error.ts'
import type { Declarations } from '../../src/model/declarations.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { openReadable, openWritable } from '../../src/target/local/open-local-target.ts'
import type { LockHolder, NewJournalEntry, WritableTarget } from '../../src/target/ports.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { ACCOUNT, AWS_POLICIES, refusal } from '../iam/account.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'

const partsOf = (database: string) => ({
  database,
  account: ACCOUNT,
  facts: AWS_POLICIES,
  clock: () => 1_767_225_600_000,
  randomBytes: fixedBytes,
})
const newDatabase = (): string => join(temporaryFolder(), 'a.db')
const open = (database = newDatabase()) => openWritable(partsOf(database))

const HOLDER: LockHolder = {
  pid: process.pid,
  host: hostname(),
  start: '2026-01-01T00:00:00Z',
  commit: 'c0ffee',
}
const entry = (id: string, declared: Declarations = {}): NewJournalEntry => ({
  id,
  time: `2026-01-0${id}T00:00:00Z`,
  commit: 'c0ffee',
  dirty: true,
  actor: 'alice@laptop',
  digest: 'sha256:00',
  declared,
  facts: null,
})
const SUMMARY = { done: 3, failed: 0, skipped: 0 }
const COMPLETE = { outcome: 'complete', summary: SUMMARY, reason: null } as const

async function lockOf(target: WritableTarget, holder = HOLDER) {
  const taken = await target.journal.tryLock(holder)
  if (!('lock' in taken)) throw new Error('the lock is held')
  return taken.lock
}

describe('a local target', () => {
  it('reads what was written; a reader has no way to write', async () => {
    const database = newDatabase()
    const writer = await open(database)
    await writer.iam.write('CreateUser', { UserName: 'alice' })
    const reader = await openReadable(partsOf(database))
    expect((await reader.iam.read('GetUser', { UserName: 'alice' })).User?.UserName).toBe('alice')
    expect(reader.iam).not.toHaveProperty('write')
    for (const method of ['tryLock', 'begin', 'finish']) expect(reader.journal).not.toHaveProperty(method)
    await reader.close()
    await writer.close()
  })

  it('a missing database is an empty account, and is not created by reading', async () => {
    const database = newDatabase()
    const reader = await openReadable(partsOf(database))
    const details = await reader.iam.read('GetAccountAuthorizationDetails', {})
    expect(details).toMatchObject({ UserDetailList: [], Policies: [], IsTruncated: false })
    expect(await reader.journal.history()).toEqual([])
    expect(await reader.journal.declared()).toEqual({})
    expect(await reader.journal.holder()).toBeNull()
    await reader.close()
    expect(existsSync(database)).toBe(false)
  })

  it('takes quotas by the names of the catalogue', async () => {
    const target = await openWritable({
      ...partsOf(newDatabase()),
      quotas: { usersPerAccount: 1, nonsense: 7 },
    })
    await target.iam.write('CreateUser', { UserName: 'a' })
    expect((await refusal(target.iam.write('CreateUser', { UserName: 'b' }))).code).toBe('LimitExceeded')
    await target.close()
  })

  it('a call on a store that stays locked can be tried again', async () => {
    const database = newDatabase()
    const target = await openWritable({ ...partsOf(database), busyMilliseconds: 20 })
    const other = new Connection(database)
    other.exec('BEGIN IMMEDIATE')
    const refused = await refusal(target.iam.write('CreateUser', { UserName: 'a' }))
    expect(refused).toBeInstanceOf(IamError)
    expect([refused.code, refused.retryable]).toEqual(['ServiceFailure', true])
    other.exec('ROLLBACK')
    other.close()
    await target.iam.write('CreateUser', { UserName: 'a' })
    await target.close()
  })
})

describe('the lock', () => {
  it('is held by one target at a time, in the same process too, and says by whom', async () => {
    const database = newDatabase()
    const first = await open(database)
    const second = await open(database)
    const reader = await openReadable(partsOf(database))
    expect(await reader.journal.holder()).toBeNull()
    const lock = await lockOf(first)
    expect(await second.journal.tryLock({ ...HOLDER, commit: null })).toEqual({ heldBy: HOLDER })
    expect(await first.journal.tryLock(HOLDER)).toEqual({ heldBy: HOLDER })
    expect(await reader.journal.holder()).toEqual(HOLDER)
    await lock.release()
    expect(await reader.journal.holder()).toBeNull()
    const again = await lockOf(second, { ...HOLDER, commit: null })
    expect(await first.journal.holder()).toEqual({ ...HOLDER, commit: null })
    // Releasing twice must not free what is another's by now.
    await lock.release()
    expect(await first.journal.holder()).toEqual({ ...HOLDER, commit: null })
    expect('lock' in (await first.journal.tryLock(HOLDER))).toBe(false)
    await again.release()
    for (const target of [first, second, reader]) await target.close()
  })

  it('goes with the target that is closed without releasing it', async () => {
    const database = newDatabase()
    const first = await open(database)
    await lockOf(first)
    await first.close()
    const second = await open(database)
    expect(await second.journal.holder()).toBeNull()
    await lockOf(second)
    await second.close()
  })

  it('is the same one whatever link the database is reached by', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'real'))
    const database = join(folder, 'real', 'a.db')
    const first = await open(database)
    symlinkSync(database, join(folder, 'link.db'))
    symlinkSync(join(folder, 'real'), join(folder, 'linked'))
    const lock = await lockOf(first)
    for (const path of [join(folder, 'link.db'), join(folder, 'linked', 'a.db')]) {
      const target = await open(path)
      expect('lock' in (await target.journal.tryLock(HOLDER))).toBe(false)
      await target.close()
    }
    await lock.release()
    await first.close()
  })

  it('does not keep its holder, or anybody, from reading and writing', async () => {
    const database = newDatabase()
    const first = await open(database)
    const second = await open(database)
    await lockOf(first)
    await first.iam.write('CreateUser', { UserName: 'a' })
    await second.iam.write('CreateUser', { UserName: 'b' })
    const details = await second.iam.read('GetAccountAuthorizationDetails', {})
    expect(details.UserDetailList).toHaveLength(2)
    await first.close()
    await second.close()
  })

  it('is a file in which nothing ever stands', async () => {
    const database = newDatabase()
    const target = await open(database)
    const lock = await lockOf(target)
    expect(statSync(`${database}.lock`).size).toBe(0)
    await lock.release()
    await target.close()
    expect(readdirSync(join(database, '..')).filter((name) => name.includes('lock'))).toEqual(['a.db.lock'])
    expect(statSync(`${database}.lock`).size).toBe(0)
  })

  it('is not disturbed by those who ask whether it is held', async () => {
    const database = newDatabase()
    const target = await open(database)
    const readers = await Promise.all(Array.from({ length: 8 }, () => openReadable(partsOf(database))))
    let asking = true
    const principals = readers.map(async (reader) => {
      while (asking) await reader.journal.holder()
    })
    for (let time = 0; time < 50; time++) await (await lockOf(target)).release()
    asking = false
    await Promise.all(principals)
    for (const each of [target, ...readers]) await each.close()
  })

  it('names nobody rather than a process that is gone', async () => {
    const database = newDatabase()
    const target = await open(database)
    const gone = 2 ** 22 - 1
    await lockOf(target, { ...HOLDER, pid: gone })
    expect(await target.journal.holder()).toBeNull()
    const elsewhere = { ...HOLDER, pid: gone, host: 'another-machine' }
    const other = await open()
    await lockOf(other, elsewhere)
    expect(await other.journal.holder()).toEqual(elsewhere)
    await target.close()
    await other.close()
  })
})

describe('the journal', () => {
  it('lists applies newest first, with how they ended', async () => {
    const target = await open()
    for (const [id, outcome] of [
      ['1', 'complete'],
      ['2', 'partial'],
      ['3', 'interrupted'],
    ] as const) {
      await target.journal.begin(entry(id))
      await target.journal.finish(id, {
        outcome,
        summary: { done: Number(id), failed: 1, skipped: 2 },
        reason: id === '2' ? 'store.disk-full' : null,
      })
    }
    await target.journal.begin({ ...entry('4'), commit: null, dirty: null })
    expect(await target.journal.history()).toEqual([
      {
        id: '4',
        time: '2026-01-04T00:00:00Z',
        commit: null,
        dirty: null,
        actor: 'alice@laptop',
        digest: 'sha256:00',
        summary: { done: 0, failed: 0, skipped: 0 },
        outcome: 'interrupted',
        reason: null,
      },
      ...[
        ['3', 'interrupted'],
        ['2', 'partial'],
        ['1', 'complete'],
      ].map(([id = '', outcome]) => ({
        id,
        time: `2026-01-0${id}T00:00:00Z`,
        commit: 'c0ffee',
        dirty: true,
        actor: 'alice@laptop',
        digest: 'sha256:00',
        summary: { done: Number(id), failed: 1, skipped: 2 },
        outcome,
        reason: id === '2' ? 'store.disk-full' : null,
      })),
    ])
    await target.close()
  })

  it('leaves out the apply that is under way, as long as its lock is held', async () => {
    const target = await open()
    await target.journal.begin(entry('1'))
    const lock = await lockOf(target)
    // Begun by nobody who has the lock now.
    expect((await target.journal.history()).map(({ id, outcome }) => [id, outcome])).toEqual([
      ['1', 'interrupted'],
    ])
    await target.journal.begin(entry('2'))
    expect((await target.journal.history()).map(({ id }) => id)).toEqual(['1'])
    await target.journal.finish('2', COMPLETE)
    expect((await target.journal.history()).map(({ id }) => id)).toEqual(['2', '1'])
    await target.journal.begin(entry('3'))
    await lock.release()
    expect((await target.journal.history()).map(({ outcome }) => outcome)).toEqual([
      'interrupted',
      'complete',
      'interrupted',
    ])
    await target.close()
  })

  it('what is declared: the last complete apply, united with every later one', async () => {
    const target = await open()
    const { journal } = target
    const apply = async (
      id: string,
      declared: Declarations,
      outcome?: 'complete' | 'partial' | 'interrupted',
    ) => {
      await journal.begin(entry(id, declared))
      if (outcome !== undefined) await journal.finish(id, { ...COMPLETE, outcome })
    }
    expect(await journal.declared()).toEqual({})
    await apply('1', { 'user/a': { tags: ['x'] } }, 'partial')
    expect(await journal.declared()).toEqual({ 'user/a': { tags: ['x'] } })
    await apply('2', { 'user/b': { tags: ['y'], groups: ['g'] }, 'role/r': {} }, 'complete')
    expect(await journal.declared()).toEqual({ 'user/b': { tags: ['y'], groups: ['g'] }, 'role/r': {} })
    await apply('3', { 'user/b': { tags: ['z', 'a'] } }, 'interrupted')
    await apply('4', { 'user/c': { permissionsBoundary: ['*'] } })
    expect(await journal.declared()).toEqual({
      'user/b': { tags: ['a', 'y', 'z'], groups: ['g'] },
      'role/r': {},
      'user/c': { permissionsBoundary: ['*'] },
    })
    await apply('5', { 'user/b': { tags: ['y'] } }, 'complete')
    expect(await journal.declared()).toEqual({ 'user/b': { tags: ['y'] } })
    await target.close()
  })

  it('is read by a reader while it is written, and survives closing', async () => {
    const database = newDatabase()
    const target = await open(database)
    await target.journal.begin(entry('1', { 'user/a': {} }))
    const reader = await openReadable(partsOf(database))
    expect(await reader.journal.declared()).toEqual({ 'user/a': {} })
    await target.journal.finish('1', COMPLETE)
    await target.close()
    expect((await reader.journal.history())[0]).toMatchObject({ outcome: 'complete', summary: SUMMARY })
    await reader.close()
  })

  it('an entry is begun once, and finished only when it was begun', async () => {
    const target = await open()
    await target.journal.begin(entry('1'))
    await expect(target.journal.begin(entry('1'))).rejects.toThrow()
    await expect(target.journal.finish('2', COMPLETE)).rejects.toThrow('no journal entry 2')
    await target.close()
  })

  it('does not grow with what earlier applies declared', async () => {
    const database = newDatabase()
    const target = await open(database)
    const declared = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [`user/user-${index}`, { tags: ['team', 'stage'] }]),
    )
    for (let id = 1; id <= 9; id++) {
      await target.journal.begin(entry(String(id), declared))
      await target.journal.finish(String(id), COMPLETE)
    }
    await target.close()
    expect(statSync(database).size).toBeLessThan(6 * JSON.stringify(declared).length)
  })
})
