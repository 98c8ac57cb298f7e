import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openReadable, openWritable } from '../../src/target/local/open-local-target.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { ACCOUNT, AWS_POLICIES } from '../iam/account.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { compileLocalTarget } from './compiled.ts'

const CHILD = join(import.meta.dirname, 'fixtures', 'child.mjs')
/** An unprivileged user: permissions don't bind the superuser, as which a container may run this. */
const NOBODY = 65534

let compiled: string
beforeAll(() => {
  compiled = compileLocalTarget()
})
afterAll(() => rmSync(dirname(compiled), { recursive: true, force: true }))

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

const partsOf = (database: string) => ({
  database,
  account: ACCOUNT,
  facts: AWS_POLICIES,
  clock: () => Date.UTC(2026, 0, 1),
  randomBytes: fixedBytes,
})
const HOLDER = { pid: process.pid, host: hostname(), start: '2026-02-02T00:00:00Z', commit: null }

/** A child process, and what it says line by line. */
function start(database: string, role: 'hold' | 'apply' | 'contend') {
  const child = spawn(process.execPath, [CHILD, compiled, database, role], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    pid: child.pid,
    next: async (): Promise<unknown> => {
      const { value, done } = await lines.next()
      return done === true ? undefined : JSON.parse(value)
    },
    tell: () => child.stdin.write('\n'),
    /** Resolves once the process is gone. */
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', resolve)
        child.kill('SIGKILL')
      }),
  }
}

describe('two processes', () => {
  it('exclude each other by the lock, and see who has it', async () => {
    const database = join(temporaryFolder(), 'a.db')
    const child = start(database, 'hold')
    expect(await child.next()).toBe('locked')
    const target = await openWritable(partsOf(database))
    const held = { pid: child.pid, host: hostname(), start: '2026-01-01T00:00:00Z', commit: 'c0ffee' }
    expect(await target.journal.tryLock(HOLDER)).toEqual({ heldBy: held })
    const reader = await openReadable(partsOf(database))
    expect(await reader.journal.holder()).toEqual(held)
    child.tell()
    expect(await child.next()).toBe('released')
    const taken = await target.journal.tryLock(HOLDER)
    expect('lock' in taken).toBe(true)

    const second = start(database, 'hold')
    expect(await second.next()).toEqual({ heldBy: HOLDER })
    await reader.close()
    await target.close()
  })

  it('never have it both', async () => {
    const database = join(temporaryFolder(), 'a.db')
    const contenders = [start(database, 'contend'), start(database, 'contend'), start(database, 'contend')]
    for (const contender of contenders) expect(await contender.next()).toEqual({ taken: 30, overlaps: 0 })
  })
})

describe('a process that is killed', () => {
  it('leaves its lock free at once, loses no step that it was told is done, and shows as interrupted', async () => {
    const database = join(temporaryFolder(), 'a.db')
    const child = start(database, 'apply')
    const done: unknown[] = []
    while (done.length < 25) done.push(await child.next())
    const reader = await openReadable(partsOf(database))
    expect((await reader.journal.holder())?.pid).toBe(child.pid)
    expect(await reader.journal.history()).toEqual([])
    await reader.close()
    await child.kill()

    // The first to open it after the kill finds the log as it was left.
    const afterwards = await openReadable(partsOf(database))
    expect(await afterwards.journal.holder()).toBeNull()
    expect((await afterwards.journal.history()).map(({ outcome }) => outcome)).toEqual(['interrupted'])
    const seen = await afterwards.iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })
    expect(seen.UserDetailList?.map(({ UserName }) => UserName)).toEqual(expect.arrayContaining(done))
    await afterwards.close()

    const target = await openWritable(partsOf(database))
    expect(await target.journal.holder()).toBeNull()
    const taken = await target.journal.tryLock(HOLDER)
    expect('lock' in taken).toBe(true)
    const details = await target.iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })
    const users = new Map(details.UserDetailList?.map((user) => [user.UserName, user.Tags?.length]))
    for (const name of done) expect(users.get(name as string)).toBe(1)
    // Each step is whole: no user without its tag.
    expect(new Set(users.values())).toEqual(new Set([1]))
    expect((await target.journal.history()).map(({ id, outcome }) => [id, outcome])).toEqual([
      ['killed', 'interrupted'],
    ])
    expect(await target.journal.declared()).toEqual({ 'user/u0': { tags: ['team'] } })
    await target.close()
  })
})

describe.runIf(process.getuid?.() === 0)('another user, who', () => {
  /** A folder with a database with the user alice in it, in the state that it is in when nobody has it open. */
  async function databaseWithAlice(): Promise<string> {
    const outer = temporaryFolder()
    chmodSync(outer, 0o755)
    const folder = join(outer, 'state')
    mkdirSync(folder)
    const database = join(folder, 'a.db')
    const target = await openWritable(partsOf(database))
    await target.iam.write('CreateUser', { UserName: 'alice' })
    await target.journal.tryLock(HOLDER)
    await target.close()
    for (const name of readdirSync(folder)) if (/-(?:wal|shm)$/.test(name)) rmSync(join(folder, name))
    return database
  }
  const openAsNobody = (database: string): unknown => {
    const child = spawnSync(process.execPath, [CHILD, compiled, database, 'open'], {
      uid: NOBODY,
      gid: NOBODY,
      encoding: 'utf8',
    })
    return child.status === 0 ? JSON.parse(child.stdout) : child.stderr
  }

  it('may not read the file, is told so', async () => {
    expect(openAsNobody(await databaseWithAlice())).toEqual({
      read: ['store.cannot-open'],
      write: ['store.read-only'],
    })
  })

  it('may not enter the folder, is told so', async () => {
    const database = await databaseWithAlice()
    chmodSync(dirname(database), 0o700)
    expect(openAsNobody(database)).toEqual({ read: ['store.cannot-open'], write: ['store.read-only'] })
  })

  it('may read but write neither file nor folder, reads', async () => {
    const database = await databaseWithAlice()
    chmodSync(database, 0o644)
    chmodSync(`${database}.lock`, 0o644)
    expect(openAsNobody(database)).toEqual({ read: ['alice'], write: ['store.read-only'] })
  })

  it('may write the file but not its folder, reads, and is told so when writing', async () => {
    const database = await databaseWithAlice()
    chownSync(database, NOBODY, NOBODY)
    chmodSync(`${database}.lock`, 0o644)
    expect(openAsNobody(database)).toEqual({ read: ['alice'], write: ['store.read-only'] })
  })

  it('may write the folder but not the file, reads, and is told so when writing', async () => {
    const database = await databaseWithAlice()
    chmodSync(database, 0o644)
    chmodSync(`${database}.lock`, 0o644)
    chmodSync(dirname(database), 0o777)
    expect(openAsNobody(database)).toEqual({ read: ['alice'], write: ['store.read-only'] })
  })

  it('cannot read what is still in the log, is told so', async () => {
    const database = await databaseWithAlice()
    chmodSync(database, 0o644)
    writeFileSync(`${database}-wal`, 'x'.repeat(5000), { mode: 0o600 })
    expect(openAsNobody(database)).toEqual({ read: ['store.unmerged-log'], write: ['store.read-only'] })
  })
})
