import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openIamReader } from '../../src/iam/embedded-iam.ts'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { readOnlyUri } from '../../src/store/sqlite/files/location.ts'
import type { ReadableSqliteStore } from '../../src/store/sqlite/open.ts'
import { MIGRATIONS } from '../../src/store/sqlite/schema/migrations.ts'
import { ACCOUNT, AWS_POLICIES, policyArn } from '../iam/account.ts'
import { IS_WHOLE } from '../sample-size.ts'
import { compileLocalTarget } from '../target/compiled.ts'
import { openReadable, openWritable } from './open-sqlite.ts'
import { temporaryFolder } from './temporary-folder.ts'

/**
 * `fixtures/schema-N.sql` is the dump of a database that the version of its time has written, by calls of the IAM API and
 * applies; `schema-N.json` is what that version read of it. `write-fixture.mjs` writes those of a new schema.
 */
const FIXTURES = new URL('./fixtures/', import.meta.url)
const textOf = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8')
const SHIPPED = readdirSync(FIXTURES)
  .flatMap((name) => /^schema-(\d+)\.sql$/.exec(name)?.[1] ?? [])
  .map(Number)
  .sort((a, b) => a - b)

function databaseOf(version: number): string {
  const file = join(temporaryFolder(), 'a.db')
  const connection = new Connection(file)
  connection.exec('PRAGMA journal_mode = WAL')
  connection.exec(textOf(`schema-${version}.sql`))
  connection.close()
  return file
}

const versionIn = (file: string): number => {
  const connection = new Connection(readOnlyUri(file))
  const row = connection.first<{ readonly version: number }>('SELECT version FROM schema_version')
  connection.close()
  return row?.version ?? 0
}

/** All that can be read of a store, as JSON has it. */
async function readAll({ iam: store, journal }: Pick<ReadableSqliteStore, 'iam' | 'journal'>) {
  const iam = openIamReader({ account: ACCOUNT, kinds: IAM_KINDS, store, awsPolicies: AWS_POLICIES })
  const policyTags: Record<string, unknown> = {}
  for (const name of ['Edge', 'team/a/reader', 'Zeta'])
    policyTags[`policy/${name}`] = (
      await iam.read('ListPolicyTags', { PolicyArn: policyArn(`/${name}`) })
    ).Tags
  const groups: Record<string, unknown> = {}
  for (const name of ['Developers', 'admins', 'empty'])
    groups[name] = (await iam.read('GetGroup', { GroupName: name })).Users
  return JSON.parse(
    JSON.stringify({
      details: await iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 }),
      roles: (await iam.read('ListRoles', {})).Roles,
      policyTags,
      groups,
      passwordPolicy: (await iam.read('GetAccountPasswordPolicy', {})).PasswordPolicy,
      aliases: (await iam.read('ListAccountAliases', {})).AccountAliases,
      entries: await journal.entries(),
      declarations: await journal.declarations(),
      facts: await journal.facts(),
      holder: await journal.holder(),
    }),
  )
}

async function readBack(file: string): Promise<unknown> {
  const store = await openReadable({ file, account: ACCOUNT })
  try {
    return await readAll(store)
  } finally {
    await store.close()
  }
}

const expected = (version: number): unknown => JSON.parse(textOf(`schema-${version}.json`))

describe('a database of every schema that was ever shipped', () => {
  it('has a fixture', () => {
    expect(SHIPPED).toEqual(MIGRATIONS.map((_, index) => index + 1))
  })

  it.each(SHIPPED)('%i is read as it was written, and left alone', async (version) => {
    const file = databaseOf(version)
    const before = readFileSync(file)
    expect(await readBack(file)).toEqual(expected(version))
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it.each(SHIPPED)(
    '%i is migrated by a writer, nothing of it lost, and is sound after it',
    async (version) => {
      const file = databaseOf(version)
      const writer = await openWritable({ file, account: ACCOUNT })
      expect(await readAll(writer)).toEqual(expected(version))
      expect(writer.damage()).toBeNull()
      await writer.close()
      expect(versionIn(file)).toBe(MIGRATIONS.length)
      expect(await readBack(file)).toEqual(expected(version))
    },
  )
})

/** Writes a NULL where the schema allows none, as a damaged page holds it. */
function forget(file: string): void {
  const schema = (from: string, to: string) => {
    const connection = new Connection(file)
    connection.exec(
      `PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '${from}', '${to}') WHERE name = 'identities'`,
    )
    connection.close()
  }
  schema('path TEXT NOT NULL', 'path TEXT')
  const connection = new Connection(file)
  connection.exec(`UPDATE identities SET path = NULL WHERE name = 'bob'`)
  connection.close()
  schema('path TEXT', 'path TEXT NOT NULL')
}

describe('a damaged database of an earlier schema', () => {
  it.each(SHIPPED.slice(0, 3))('%i is said to be one, and left alone', async (version) => {
    for (const damage of [
      forget,
      (file: string) => run(file, `UPDATE identities SET path = 'nowhere' WHERE name = 'bob'`),
      (file: string) => run(file, 'DELETE FROM policy_versions'),
      (file: string) =>
        run(file, `UPDATE policies SET id = (SELECT id FROM identities LIMIT 1) WHERE name = 'Zeta'`),
      (file: string) => run(file, 'DROP TABLE trusts'),
      (file: string) => run(file, `INSERT INTO attachments VALUES ('nobody', 'arn:aws:iam::aws:policy/A')`),
    ]) {
      const file = databaseOf(version)
      damage(file)
      for (const open of [openReadable, openWritable])
        await expect(open({ file, account: ACCOUNT })).rejects.toThrow(/store\.corrupt/)
      expect(versionIn(file)).toBe(version)
    }
  })
})

function run(file: string, sql: string): void {
  const connection = new Connection(file)
  connection.exec(`PRAGMA foreign_keys = OFF; ${sql}`)
  connection.close()
}

/** Statements of the longest migration, and one more than there are in any. */
const DEATHS = [1, 2, 7, 13, 99]
/** Of a sample two for each schema, each of them with another. */
const deathsOf = (version: number) => DEATHS.filter((_, at) => IS_WHOLE || (at + version) % DEATHS.length < 2)

describe('a migration that is killed', () => {
  let compiled: string
  beforeAll(() => {
    compiled = compileLocalTarget()
  })
  afterAll(() => rmSync(dirname(compiled), { recursive: true, force: true }))

  const migrateAndDie = (file: string, statements: number) =>
    spawnSync(
      process.execPath,
      [
        fileURLToPath(new URL('fixtures/migrate-and-die.mjs', import.meta.url)),
        compiled,
        file,
        String(statements),
      ],
      { encoding: 'utf8' },
    )

  it.each(SHIPPED.slice(0, -1))(
    'leaves a database of schema %i as it was, and the next one goes through',
    async (version) => {
      for (const statements of deathsOf(version)) {
        const file = databaseOf(version)
        const child = migrateAndDie(file, statements)
        expect([child.signal, child.stderr]).toEqual(['SIGKILL', ''])
        expect(versionIn(file)).toBe(version)
        expect(await readBack(file)).toEqual(expected(version))
        await (await openWritable({ file, account: ACCOUNT })).close()
        expect(versionIn(file)).toBe(MIGRATIONS.length)
        expect(await readBack(file)).toEqual(expected(version))
      }
    },
    60_000,
  )
})
