import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { openWritable } from '../../src/target/local/open-local-target.ts'
import type { JournalEnding } from '../../src/target/ports.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { ACCOUNT, AWS_POLICIES } from '../iam/account.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { ENTRY } from './journal-entry.ts'

const HOLDER = { pid: process.pid, host: hostname(), start: '2026-01-01T00:00:00Z', commit: null }
const COMPLETE: JournalEnding = {
  outcome: 'complete',
  summary: { done: 1, failed: 0, skipped: 0 },
  reason: null,
}

const newDatabase = () => join(temporaryFolder(), 'state', 'a.db')
const open = (database: string) =>
  openWritable({
    database,
    shownAs: 'state/a.db',
    account: ACCOUNT,
    facts: AWS_POLICIES,
    clock: () => Date.UTC(2026, 0, 1),
    randomBytes: fixedBytes,
  })

/** A target in the middle of an apply. */
async function applying(database: string) {
  const target = await open(database)
  const taken = await target.journal.tryLock(HOLDER)
  if (!('lock' in taken)) throw new Error('the lock is held')
  await target.journal.begin(ENTRY)
  await target.iam.write('CreateUser', { UserName: 'alice' })
  return target
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof DiagnosticError)
      return `${error.diagnostics[0]?.code}: ${error.diagnostics[0]?.message}`
    throw error
  }
  return 'done'
}

const REMOVED =
  'store.removed: `state/a.db` was deleted, moved or replaced while it was in use; what was written since is in no file'

describe.skipIf(process.platform === 'win32')('what is taken away in the middle of an apply', () => {
  it.each([
    ['deleted', (folder: string) => rmSync(folder, { recursive: true })],
    ['moved', (folder: string) => renameSync(folder, `${folder}-elsewhere`)],
    [
      'replaced',
      (folder: string) => {
        rmSync(folder, { recursive: true })
        mkdirSync(folder)
      },
    ],
  ])('a folder that is %s is noticed by the next step, by reading, and at the end', async (_, take) => {
    const database = newDatabase()
    const target = await applying(database)
    take(dirname(database))
    expect(await codeOf(target.iam.write('CreateUser', { UserName: 'bob' }))).toBe(REMOVED)
    expect(await codeOf(target.iam.read('ListRoles', {}))).toBe(REMOVED)
    expect(await codeOf(target.journal.finish('1', COMPLETE))).toContain('store.removed')
    await target.close()
  })

  it('a lock that is deleted by itself is noticed before the apply counts as complete', async () => {
    const database = newDatabase()
    const target = await applying(database)
    rmSync(`${database}.lock`)
    expect(await codeOf(target.journal.finish('1', COMPLETE))).toContain('`state/a.db.lock` was deleted')
    expect((await target.journal.history()).map(({ outcome }) => outcome)).toEqual(['interrupted'])
    await target.close()
  })

  it('lets no second apply in as long as the first runs', async () => {
    const database = newDatabase()
    const target = await applying(database)
    rmSync(dirname(database), { recursive: true })
    const second = await open(database)
    expect(await second.journal.tryLock(HOLDER)).toEqual({ heldBy: null })
    await target.close()
    expect(await second.journal.tryLock(HOLDER)).toHaveProperty('lock')
    await second.close()
  })

  it('locks leave nothing behind in the user’s own folder', async () => {
    const locks = join(process.env.XDG_STATE_HOME ?? '', 'iam-sync', 'locks')
    const before = new Set(existsSync(locks) ? readdirSync(locks) : [])
    const target = await applying(newDatabase())
    const during = readdirSync(locks).filter((name) => !before.has(name))
    expect(during.length).toBeGreaterThan(0)
    expect(statSync(locks).mode & 0o777).toBe(0o700)
    await target.close()
  })

  it('database, log, lock and reserve are their owner’s alone', async () => {
    const database = newDatabase()
    const target = await applying(database)
    const modes = readdirSync(dirname(database)).map((name) => [
      name,
      (statSync(join(dirname(database), name)).mode & 0o777).toString(8),
    ])
    expect(Object.fromEntries(modes)).toEqual({
      'a.db': '600',
      'a.db-reserve': '600',
      'a.db-shm': '600',
      'a.db-wal': '600',
      'a.db.lock': '600',
    })
    await target.journal.finish('1', COMPLETE)
    await target.close()
    expect(readdirSync(dirname(database))).not.toContain('a.db-reserve')
  })
})
