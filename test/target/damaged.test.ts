import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { using } from '../../src/cli/account-target.ts'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { observe } from '../../src/reconcile/observe.ts'
import { backUp } from '../../src/store/sqlite/backup.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { openReadable, openWritable } from '../../src/target/local/open-local-target.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { ACCOUNT, AWS_POLICIES } from '../iam/account.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'

const partsOf = (database: string) => ({
  database,
  shownAs: 'a.db',
  account: ACCOUNT,
  facts: AWS_POLICIES,
  clock: () => 1_767_225_600_000,
  randomBytes: fixedBytes,
})
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
})

/** A database with a role and a complete apply in it. */
async function databaseOf(): Promise<string> {
  const database = join(temporaryFolder(), 'a.db')
  const target = await openWritable(partsOf(database))
  await target.iam.write('CreateRole', {
    RoleName: 'deploy',
    AssumeRolePolicyDocument: TRUST,
    Description: 'of zürich',
  })
  await target.journal.begin({
    id: '1',
    time: '2026-01-01T00:00:00Z',
    commit: null,
    dirty: null,
    actor: 'alice@laptop',
    digest: 'sha256:00',
    declared: { 'role/deploy': {} },
    facts: { organization: null, resources: [] },
  })
  await target.close()
  return database
}

/** Reads all that a plan reads, and says how that ends. */
const reading = (database: string): Promise<string> =>
  ending('read', () =>
    using(openReadable(partsOf(database)), async ({ iam, journal }) => {
      await journal.declared()
      await journal.facts()
      await journal.history()
      await observe(iam, ACCOUNT)
    }),
  )

/** Opens it as an apply does, which reads all of it again. */
const writing = (database: string): Promise<string> =>
  ending('written', () =>
    using(openWritable(partsOf(database)), async ({ iam, journal }) => {
      await journal.declared()
      await journal.facts()
      await observe(iam, ACCOUNT)
    }),
  )

const backingUp = (database: string): Promise<string> =>
  ending('copied', async () => {
    backUp({ path: database, shownAs: 'a.db' }, { path: `${database}.backup`, shownAs: 'backup' })
  })

/** @param done what is said when nothing fails */
async function ending(done: string, work: () => Promise<void>): Promise<string> {
  try {
    await work()
    return done
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const [diagnostic] = error.diagnostics
    if (diagnostic?.code === 'store.corrupt')
      expect(diagnostic.help).toBe(
        'restore a backup (`iam-sync restore`), or move the file away and apply again',
      )
    return `${diagnostic?.code}: ${diagnostic?.message}`
  }
}

const DAMAGES: readonly (readonly [what: string, sql: string, said: string])[] = [
  [
    'a table that was dropped',
    'DROP TABLE tags',
    ': its table `tags` is missing, or not what it was made as',
  ],
  [
    'an index that was dropped',
    'DROP INDEX identities_name',
    ': its index `identities_name` is missing, or not what it was made as',
  ],
  [
    'a column that was renamed',
    'ALTER TABLE policies RENAME COLUMN path TO other',
    ': its table `policies` is missing, or not what it was made as',
  ],
  [
    'a table without its types',
    'CREATE TABLE copy AS SELECT * FROM settings; DROP TABLE settings; ALTER TABLE copy RENAME TO settings',
    ': its table `settings` is missing, or not what it was made as',
  ],
  [
    'a trigger: what an apply writes would do more than it says',
    `CREATE TRIGGER "more" AFTER INSERT ON identities
     BEGIN INSERT INTO attachments VALUES (new.id, 'arn:aws:iam::aws:policy/AdministratorAccess'); END`,
    ': its trigger `more` is not of its schema',
  ],
  [
    'a view in the place of a table',
    'ALTER TABLE tags RENAME TO "more"; CREATE VIEW tags AS SELECT * FROM "more"',
    ': its view `tags` is not of its schema',
  ],
  ['no version', 'DELETE FROM schema_version', ': it does not say which version it is of'],
  ['no table of versions', 'DROP TABLE schema_version', ': it does not say which version it is of'],
  [
    'an earlier version than its tables',
    'UPDATE schema_version SET version = 1',
    ': its tables are not those of the version that it says it is of',
  ],
  ['no account', 'DELETE FROM account', ': it does not say which account it holds'],
  [
    'a journal row that is no JSON',
    `UPDATE journal SET declared = '{'`,
    ': an entry of its journal makes no sense',
  ],
  [
    'a journal row whose time is none: it would write to the terminal',
    `UPDATE journal SET time = char(27) || '[31mEVIL' || char(10) || '2027-01-01 fake complete'`,
    ': an entry of its journal makes no sense',
  ],
  [
    'a journal row of a day that never was',
    `UPDATE journal SET time = '2026-02-31T00:00:00Z'`,
    ': an entry of its journal makes no sense',
  ],
  [
    'a journal row that ended in no way there is',
    `UPDATE journal SET outcome = char(27) || '[31m'`,
    ': an entry of its journal makes no sense',
  ],
  [
    'a trust policy that is none',
    `UPDATE identities SET trust_policy = '{"Version":"2012-10-17"}'`,
    ': a row makes no sense',
  ],
  ['a trust policy that is no JSON', `UPDATE identities SET trust_policy = '{'`, ': a row makes no sense'],
  [
    'a role without a trust policy',
    'UPDATE identities SET trust_policy = NULL',
    ': a row of its table `identities` makes no sense',
  ],
  [
    'an identity of a kind that there is none of',
    `UPDATE identities SET kind = 'robot', trust_policy = NULL`,
    ': a row of its table `identities` makes no sense',
  ],
  [
    'a path that is none',
    `UPDATE identities SET path = 'nowhere'`,
    ': a row of its table `identities` makes no sense',
  ],
  [
    'a name that is none',
    `UPDATE identities SET name = 'de ploy', name_key = 'de ploy'`,
    ': a row of its table `identities` makes no sense',
  ],
  [
    'a name that goes on after its end',
    `UPDATE identities SET name = 'deploy' || char(0) || 'er', name_key = 'deploy' || char(0) || 'er'`,
    ': a row of its table `identities` makes no sense',
  ],
  [
    'a name that is found by another',
    `UPDATE identities SET name_key = 'other'`,
    ': a row of its table `identities` makes no sense',
  ],
  [
    'a policy whose default version is not there',
    `INSERT INTO policies VALUES ('P', 'p', 'p', '/', '', 0, 0, 1, 1)`,
    ': a row of its table `policies` makes no sense',
  ],
  [
    'an attachment of what is no policy',
    `INSERT INTO attachments SELECT id, 'nothing' FROM identities`,
    ': a row of its table `attachments` makes no sense',
  ],
  [
    'a member that is no user',
    'INSERT INTO memberships SELECT id, id FROM identities',
    ': a row of its table `memberships` makes no sense',
  ],
  [
    'what belongs to nobody',
    `INSERT INTO attachments VALUES ('nobody', 'arn:aws:iam::aws:policy/ReadOnlyAccess')`,
    ': a row of its table `attachments` makes no sense',
  ],
  [
    'a complete apply that does not say what it declared',
    `UPDATE journal SET outcome = 'complete', declared = NULL`,
    ': an entry of its journal makes no sense',
  ],
  [
    'an apply after it that does not',
    `UPDATE journal SET outcome = 'complete';
     INSERT INTO journal (id, time, actor, digest) VALUES ('2', '2026-01-02T00:00:00Z', 'a', 'b')`,
    ': an entry of its journal makes no sense',
  ],
  [
    'a text that is not UTF-8',
    `UPDATE identities SET description = CAST(x'61ff62' AS TEXT)`,
    ': there are bytes in it that are no text',
  ],
]

/** What an entry says, only those who plan and apply can tell. */
const ENTRIES: typeof DAMAGES = [
  [
    'a journal row of another shape',
    `UPDATE journal SET declared = '{"a":1}'`,
    ': an entry of its journal makes no sense',
  ],
  [
    'facts of another shape',
    `UPDATE journal SET outcome = 'complete', facts = '{"organization":{},"resources":[]}'`,
    ': an entry of its journal makes no sense',
  ],
]

describe('a database that is damaged is said to be, with what to do:', () => {
  it.each([...DAMAGES, ...ENTRIES])('%s', async (what, sql, said) => {
    const database = await databaseOf()
    const connection = new Connection(database)
    connection.exec(`PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; ${sql}`)
    connection.close()
    const looks = [reading, writing, ...(ENTRIES.some(([entry]) => entry === what) ? [] : [backingUp])]
    for (const look of looks)
      expect(await look(database)).toBe(`store.corrupt: the database \`a.db\` is damaged${said}`)
  })

  it.each([
    ['S', 'store.corrupt: the database `a.db` is damaged: it is cut off after its first bytes'],
    ['SQLite form', 'store.corrupt: the database `a.db` is damaged: it is cut off after its first bytes'],
    ['\n', 'store.not-a-database: `a.db` is not a database'],
  ])('a file of %j', async (bytes, said) => {
    const database = join(temporaryFolder(), 'a.db')
    writeFileSync(database, bytes)
    for (const look of [reading, writing, backingUp]) expect(await look(database)).toBe(said)
    expect(readFileSync(database, 'latin1')).toBe(bytes)
  })

  it('a page full of zeros, before an apply meets it and before a copy is made of it', async () => {
    const database = await databaseOf()
    const connection = new Connection(database)
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const page = Number(
      connection.first<{ rootpage: number }>(`SELECT rootpage FROM sqlite_master WHERE name = 'trusts'`)
        ?.rootpage,
    )
    connection.close()
    const bytes = readFileSync(database)
    writeFileSync(database, bytes.fill(0, (page - 1) * 4096, page * 4096))
    for (const look of [writing, backingUp])
      expect(await look(database)).toMatch(/^store\.corrupt: the database `a\.db` is damaged/)
  })

  it('pages full of nothing', async () => {
    const database = await databaseOf()
    const connection = new Connection(database)
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    connection.close()
    const bytes = readFileSync(database)
    writeFileSync(database, bytes.fill(0xff, 8192))
    expect(await reading(database)).toMatch(/^store\.corrupt: the database `a\.db` is damaged/)
  })

  it('what was never damaged is read, and an error of another kind stays what it is', async () => {
    const database = await databaseOf()
    expect(await reading(database)).toBe('read')
    const other = new TypeError('a defect')
    const failing = using(openReadable(partsOf(database)), () => Promise.reject(other))
    await expect(failing).rejects.toBe(other)
  })
})
