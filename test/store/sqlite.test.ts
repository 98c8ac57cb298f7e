import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { type EntityRow, StoreBusyError } from '../../src/iam/store-port.ts'
import type { Account } from '../../src/model/index.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { readOnlyUri } from '../../src/store/sqlite/files/location.ts'
import { isOsLocked, tryOsLock } from '../../src/store/sqlite/files/os-lock.ts'
import { MIGRATIONS } from '../../src/store/sqlite/schema/migrations.ts'
import { openReadable, openWritable } from './open-sqlite.ts'
import { describeStoreContract } from './store-contract.ts'
import { temporaryFolder } from './temporary-folder.ts'

const ACCOUNT: Account = { id: '111122223333', partition: 'aws' }
const ALL = { after: null, limit: 100, pathPrefix: '/' }
const ALICE: EntityRow<'user'> = {
  kind: 'user',
  id: 'AIDA-alice',
  name: 'alice',
  path: '/',
  created: 0,
  parentId: null,
  body: {},
}

describeStoreContract('sqlite, in memory', async () => {
  const { iam, close } = await openWritable({ file: ':memory:', account: ACCOUNT })
  return { store: iam, close }
})

describeStoreContract('sqlite, in a file', async () => {
  const { iam, close } = await openWritable({ file: join(temporaryFolder(), 'a.db'), account: ACCOUNT })
  return { store: iam, close }
})

/** A database with one user in it. */
async function databaseWithAlice(file = join(temporaryFolder(), 'a.db')): Promise<string> {
  const { iam, close } = await openWritable({ file, account: ACCOUNT })
  await iam.write((rows) => rows.insert(ALICE))
  await close()
  return file
}

/** Code and message of what opening is refused with. */
async function failureOf(opening: Promise<unknown>): Promise<readonly [string, string]> {
  try {
    await opening
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const [diagnostic] = error.diagnostics
    expect(error.diagnostics).toHaveLength(1)
    expect(diagnostic?.help).toBeTruthy()
    return [diagnostic?.code ?? '', diagnostic?.message ?? '']
  }
  throw new Error('opening was not refused')
}

async function usersIn(file: string): Promise<readonly string[]> {
  const { iam, close } = await openReadable({ file, account: ACCOUNT })
  const users = await iam.read((rows) => rows.entities('user', ALL))
  await close()
  return users.map(({ name }) => name)
}

describe('a database that is opened for reading', () => {
  it('refuses every write, by itself', async () => {
    const file = await databaseWithAlice()
    const before = readFileSync(file)
    const connection = new Connection(readOnlyUri(file))
    for (const statement of [
      'DELETE FROM entities',
      `INSERT INTO settings (name, value) VALUES ('accountAlias', '"x"')`,
      'CREATE TABLE t (a)',
      'DROP TABLE journal',
      'PRAGMA user_version = 7',
    ])
      expect(() => connection.exec(statement), statement).toThrow(/readonly/)
    connection.close()
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('is not created: a missing one is an empty account', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'state', 'a.db')
    const { iam, journal, close } = await openReadable({ file, account: ACCOUNT })
    expect(await iam.read((rows) => rows.entities('user', ALL))).toEqual([])
    expect(await journal.entries()).toEqual([])
    await close()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is an empty account as long as nothing was created in it', async () => {
    const file = join(temporaryFolder(), 'a.db')
    writeFileSync(file, '')
    expect(await usersIn(file)).toEqual([])
    expect(statSync(file).size).toBe(0)
    new Connection(file).exec('PRAGMA user_version = 1')
    expect(await usersIn(file)).toEqual([])
  })

  it('shows what a writer has committed, while it is still open, and one state throughout a read', async () => {
    const file = join(temporaryFolder(), 'a.db')
    const writer = await openWritable({ file, account: ACCOUNT })
    const reader = await openReadable({ file, account: ACCOUNT })
    const count = () => reader.iam.read((rows) => rows.count('user'))
    expect(await count()).toBe(0)
    await reader.iam.read(async (rows) => {
      expect(await rows.count('user')).toBe(0)
      await writer.iam.write((own) => own.insert(ALICE))
      expect(await rows.count('user')).toBe(0)
    })
    expect(await count()).toBe(1)
    await reader.close()
    await writer.close()
  })

  it('may lie under a name with any characters', async () => {
    const folder = join(temporaryFolder(), 'a b?mode=rw#%41&é')
    mkdirSync(folder)
    const file = await databaseWithAlice(join(folder, 'file?x=1#%42.db'))
    expect(readdirSync(folder)).toContain('file?x=1#%42.db')
    expect(await usersIn(file)).toEqual(['alice'])
  })
})

describe('a database that is opened for writing', () => {
  it('is created with its folder, for its owner only', async () => {
    const file = await databaseWithAlice(join(temporaryFolder(), 'deep', 'state', 'a.db'))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await usersIn(file)).toEqual(['alice'])
  })

  it('is whole in its one file once it is closed', async () => {
    const file = await databaseWithAlice()
    const copy = join(temporaryFolder(), 'copy.db')
    copyFileSync(file, copy)
    expect(await usersIn(copy)).toEqual(['alice'])
  })

  it('checks foreign keys, and writes its log ahead', async () => {
    const file = await databaseWithAlice()
    const connection = new Connection(file)
    expect(connection.pragma('journal_mode')).toBe('wal')
    expect(connection.pragma('foreign_key_check')).toBeUndefined()
    expect(connection.pragma('integrity_check')).toBe('ok')
    connection.close()
  })

  it('that somebody else keeps locked is a busy store, and nothing is written', async () => {
    const file = await databaseWithAlice()
    const writer = await openWritable({ file, account: ACCOUNT, busyMilliseconds: 20 })
    const other = new Connection(file)
    other.exec('BEGIN IMMEDIATE')
    await expect(writer.iam.write((rows) => rows.delete('AIDA-alice'))).rejects.toThrow(StoreBusyError)
    expect(await writer.iam.read((rows) => rows.count('user'))).toBe(1)
    const [code, message] = await failureOf(
      openWritable({ file, account: ACCOUNT, busyMilliseconds: 20, shownAs: 'state/a.db' }),
    )
    expect([code, message]).toEqual([
      'store.locked',
      'the database `state/a.db` is locked by another process',
    ])
    other.exec('ROLLBACK')
    await writer.iam.write((rows) => rows.delete('AIDA-alice'))
    other.close()
    await writer.close()
  })

  it('can be created by several at once', async () => {
    const file = join(temporaryFolder(), 'a.db')
    const stores = await Promise.all(
      Array.from({ length: 5 }, () => openWritable({ file, account: ACCOUNT })),
    )
    await Promise.all(
      stores.map(({ iam }, index) =>
        iam.write((rows) => rows.insert({ ...ALICE, id: `AIDA-${index}`, name: `u${index}` })),
      ),
    )
    for (const { close } of stores) await close()
    expect(await usersIn(file)).toHaveLength(5)
  })

  it('takes no calls once it is closed, and closing twice is closing once', async () => {
    const { iam, close } = await openWritable({ file: ':memory:', account: ACCOUNT })
    const last = iam.write((rows) => rows.insert(ALICE))
    await close()
    await close()
    await last
    await expect(iam.read((rows) => rows.count('user'))).rejects.toThrow('the store is closed')
  })
})

describe('the account of a database', () => {
  it('is the only one that it can be opened for', async () => {
    const file = await databaseWithAlice()
    for (const account of [
      { id: '444455556666', partition: 'aws' },
      { id: '111122223333', partition: 'aws-cn' },
    ] as const)
      for (const open of [openReadable, openWritable]) {
        const [code, message] = await failureOf(open({ file, account, shownAs: 'a.db' }))
        expect([code, message]).toEqual([
          'store.other-account',
          `the database \`a.db\` holds account \`111122223333\` (partition \`aws\`), not \`${account.id}\` (\`${account.partition}\`)`,
        ])
      }
    expect(await usersIn(file)).toEqual(['alice'])
  })
})

describe('the schema of a database', () => {
  const NEWER = [
    ...MIGRATIONS,
    `CREATE TABLE keys (id TEXT) STRICT; INSERT INTO keys SELECT id FROM entities;`,
    'ALTER TABLE keys ADD COLUMN secret TEXT',
  ]
  const columnsOfKeys = (file: string) => {
    const connection = new Connection(readOnlyUri(file))
    const columns = connection.all<{ readonly name: string }>('PRAGMA table_info(keys)')
    connection.close()
    return columns.map(({ name }) => name)
  }

  it('is migrated when it is older, once, and by writers only', async () => {
    const file = await databaseWithAlice()
    const before = readFileSync(file)
    const reader = await openReadable({ file, account: ACCOUNT, migrations: NEWER })
    expect(await reader.iam.read((rows) => rows.entity('user', 'alice'))).toEqual(ALICE)
    await reader.close()
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(columnsOfKeys(file)).toEqual([])

    for (let time = 0; time < 2; time++) {
      const writer = await openWritable({ file, account: ACCOUNT, migrations: NEWER })
      expect(await writer.iam.read((rows) => rows.entity('user', 'alice'))).toEqual(ALICE)
      await writer.close()
      expect(columnsOfKeys(file)).toEqual(['id', 'secret'])
    }
  })

  it('is migrated in a copy of its own for each reader, whichever thread of the process it is in', async () => {
    const file = await databaseWithAlice()
    const first = await openReadable({ file, account: ACCOUNT, migrations: NEWER })
    // Each thread has the modules for itself, as here.
    vi.resetModules()
    const elsewhere = await import('./open-sqlite.ts')
    expect(elsewhere.openReadable).not.toBe(openReadable)
    const second = await elsewhere.openReadable({ file, account: ACCOUNT, migrations: NEWER })
    for (const { iam } of [first, second])
      expect(await iam.read((rows) => rows.entity('user', 'alice'))).toEqual(ALICE)
    await first.close()
    await second.close()
  })

  it('is left as it was when a migration fails', async () => {
    const file = await databaseWithAlice()
    const broken = [...MIGRATIONS, 'CREATE TABLE keys (id TEXT) STRICT; SELECT no_such_function()']
    await expect(openWritable({ file, account: ACCOUNT, migrations: broken })).rejects.toThrow()
    expect(columnsOfKeys(file)).toEqual([])
    expect(await usersIn(file)).toEqual(['alice'])
  })

  it('is refused when it is newer', async () => {
    const file = await databaseWithAlice()
    await (await openWritable({ file, account: ACCOUNT, migrations: NEWER })).close()
    for (const open of [openReadable, openWritable])
      expect(await failureOf(open({ file, account: ACCOUNT, shownAs: 'a.db' }))).toEqual([
        'store.newer-schema',
        `the database \`a.db\` was written by a newer iam-sync (schema ${MIGRATIONS.length + 2}; this one knows ${MIGRATIONS.length})`,
      ])
  })
})

describe('a file that is no database of ours is refused and left alone:', () => {
  const refusedAs = async (file: string, code: string) => {
    const before = existsSync(file) && statSync(file).isFile() ? readFileSync(file) : null
    for (const open of [openReadable, openWritable])
      expect((await failureOf(open({ file, account: ACCOUNT })))[0]).toBe(code)
    if (before !== null) expect(readFileSync(file).equals(before)).toBe(true)
  }

  it('text', async () => {
    const file = join(temporaryFolder(), 'a.db')
    writeFileSync(file, 'version: 1\n'.repeat(1000))
    await refusedAs(file, 'store.not-a-database')
  })

  it('a folder', async () => {
    await refusedAs(temporaryFolder(), 'store.not-a-database')
  })

  it("another program's database", async () => {
    const file = join(temporaryFolder(), 'a.db')
    new Connection(file).exec('CREATE TABLE bookmarks (url TEXT)')
    await refusedAs(file, 'store.not-ours')
  })

  it('a damaged one', async () => {
    const file = await databaseWithAlice()
    const bytes = readFileSync(file)
    bytes.fill(0xa5, 100)
    writeFileSync(file, bytes)
    await refusedAs(file, 'store.corrupt')
  })

  it('one that is cut short', async () => {
    const file = await databaseWithAlice()
    writeFileSync(file, readFileSync(file).subarray(0, 50))
    await refusedAs(file, 'store.corrupt')
  })

  it.each(['a.db', 'state/a.db'])('behind a link into nowhere: %s', async (name) => {
    const folder = temporaryFolder()
    const [link = ''] = name.split('/')
    symlinkSync(join(folder, 'no', 'such', 'folder'), join(folder, link))
    await refusedAs(join(folder, name), 'store.cannot-open')
  })

  it.each(['-wal', '-shm', '-journal', '.lock'])(
    'with a link or a FIFO in place of its file %s',
    async (suffix) => {
      const file = await databaseWithAlice()
      const victim = join(temporaryFolder(), 'victim')
      writeFileSync(victim, 'mail')
      rmSync(file + suffix, { force: true })
      symlinkSync(victim, file + suffix)
      await refusedAs(file, 'store.odd-file')
      expect(() => tryOsLock(file)).toThrow('store.odd-file')
      if (suffix === '.lock') expect(() => isOsLocked(file)).toThrow('store.odd-file')
      expect(readFileSync(victim, 'utf8')).toBe('mail')
      rmSync(file + suffix)
      execFileSync('mkfifo', [file + suffix])
      await refusedAs(file, 'store.odd-file')
      expect(() => tryOsLock(file)).toThrow('store.odd-file')
      if (suffix === '.lock') expect(() => isOsLocked(file)).toThrow('store.odd-file')
    },
  )

  it('a FIFO', async () => {
    const file = join(temporaryFolder(), 'a.db')
    execFileSync('mkfifo', [file])
    await refusedAs(file, 'store.not-a-database')
  })
})

describe('damage far from where a database begins', () => {
  it('is found when it is opened', async () => {
    const file = await databaseWithAlice()
    const writer = await openWritable({ file, account: ACCOUNT })
    for (let index = 0; index < 200; index++)
      await writer.iam.write((rows) =>
        rows.putDocument('inline', {
          ownerId: ALICE.id,
          name: `p${index}`,
          text: 'x'.repeat(2000),
          size: 2000,
          created: null,
        }),
      )
    await writer.close()
    const bytes = readFileSync(file)
    bytes.fill(0xa5, bytes.length - 4096 * 60)
    writeFileSync(file, bytes)
    for (const open of [openReadable, openWritable])
      expect((await failureOf(open({ file, account: ACCOUNT })))[0]).toBe('store.corrupt')
  })
})

/** Permissions don't bind the superuser; for that case, `test/target/processes.test.ts` opens as another user. */
describe('permissions', () => {
  const isRoot = process.getuid?.() === 0

  it.skipIf(isRoot)('a folder that cannot be written: reading works, writing is refused', async () => {
    const folder = join(temporaryFolder(), 'state')
    mkdirSync(folder)
    const file = await databaseWithAlice(join(folder, 'a.db'))
    for (const name of readdirSync(folder)) if (name !== 'a.db') chmodSync(join(folder, name), 0o400)
    chmodSync(file, 0o400)
    chmodSync(folder, 0o500)
    try {
      expect(await usersIn(file)).toEqual(['alice'])
      expect((await failureOf(openWritable({ file, account: ACCOUNT })))[0]).toBe('store.read-only')
    } finally {
      chmodSync(folder, 0o700)
    }
  })
})
