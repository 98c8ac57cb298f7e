import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { using } from '../../src/cli/opening/account-target.ts'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { STORE_KINDS } from '../../src/kinds/store.ts'
import { observe } from '../../src/reconcile/observe.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { backUp } from '../../src/store/sqlite/files/backup.ts'
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
      await observe(iam, ACCOUNT, OBSERVE_KINDS)
    }),
  )

/** Opens it as an apply does, which reads all of it again. */
const writing = (database: string): Promise<string> =>
  ending('written', () =>
    using(openWritable(partsOf(database)), async ({ iam, journal }) => {
      await journal.declared()
      await journal.facts()
      await observe(iam, ACCOUNT, OBSERVE_KINDS)
    }),
  )

const backingUp = (database: string): Promise<string> =>
  ending('copied', async () => {
    backUp(
      { path: database, shownAs: 'a.db' },
      { path: `${database}.backup`, shownAs: 'backup' },
      ACCOUNT,
      STORE_KINDS,
    )
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
    'DROP INDEX entities_name',
    ': its index `entities_name` is missing, or not what it was made as',
  ],
  [
    'a column that was renamed',
    'ALTER TABLE entities RENAME COLUMN path TO other',
    ': its table `entities` is missing, or not what it was made as',
  ],
  [
    'a table without its types',
    'CREATE TABLE copy AS SELECT * FROM settings; DROP TABLE settings; ALTER TABLE copy RENAME TO settings',
    ': its table `settings` is missing, or not what it was made as',
  ],
  [
    'a trigger: what an apply writes would do more than it says',
    `CREATE TRIGGER "more" AFTER INSERT ON entities
     BEGIN INSERT INTO links VALUES (new.id, 'policy', 'arn:aws:iam::aws:policy/AdministratorAccess', '', NULL); END`,
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
    `UPDATE documents SET text = '{"Version":"2012-10-17"}'`,
    ': a row makes no sense',
  ],
  ['a trust policy that is no JSON', `UPDATE documents SET text = '{'`, ': a row makes no sense'],
  [
    'a role without a trust policy',
    `DELETE FROM documents WHERE slot = 'trust'`,
    ': a row of its table `entities` makes no sense',
  ],
  [
    'an entity of a kind that there is none of',
    `UPDATE entities SET kind = 'robot'`,
    ': a row of its table `entities` makes no sense',
  ],
  [
    'a path that is none',
    `UPDATE entities SET path = 'nowhere'`,
    ': a row of its table `entities` makes no sense',
  ],
  [
    'a name that is none',
    `UPDATE entities SET name = 'de ploy', name_key = 'de ploy'`,
    ': a row of its table `entities` makes no sense',
  ],
  [
    'a name that goes on after its end',
    `UPDATE entities SET name = 'deploy' || char(0) || 'er', name_key = 'deploy' || char(0) || 'er'`,
    ': a row of its table `entities` makes no sense',
  ],
  [
    'a name that is found by another',
    `UPDATE entities SET name_key = 'other'`,
    ': a row of its table `entities` makes no sense',
  ],
  [
    'a policy whose default version is not there',
    `INSERT INTO entities VALUES ('P', 'policy', 'p', 'p', '/', 0, NULL,
     '{"description":"","updated":0,"defaultVersion":1,"latestVersion":1}')`,
    ': a row of its table `entities` makes no sense',
  ],
  [
    'an attachment of what is no policy',
    `INSERT INTO links SELECT id, 'policy', 'nothing', '', NULL FROM entities`,
    ': a row of its table `links` makes no sense',
  ],
  [
    'a member that is no user',
    `INSERT INTO links SELECT id, 'group', id, '', id FROM entities`,
    ': a row of its table `links` makes no sense',
  ],
  [
    'two boundaries',
    `INSERT INTO links SELECT id, 'boundary', 'arn:aws:iam::aws:policy/' || column1, '', NULL FROM entities, (VALUES ('A'), ('B'))`,
    ': a row of its table `links` makes no sense',
  ],
  [
    'a link that its kind has none of',
    `UPDATE entities SET kind = 'policy', body = '{"description":"","updated":0,"defaultVersion":1,"latestVersion":1}';
     DELETE FROM documents; INSERT INTO documents SELECT id, 'version', '1', '{"Statement":[]}', NULL, 0 FROM entities;
     INSERT INTO links SELECT id, 'policy', 'arn:aws:iam::aws:policy/A', '', NULL FROM entities`,
    ': a row of its table `links` makes no sense',
  ],
  [
    'a document of a sort that its kind has none of',
    `INSERT INTO documents SELECT id, 'version', '1', '{"Statement":[]}', NULL, 0 FROM entities`,
    ': a row of its table `documents` makes no sense',
  ],
  [
    'what stands under another and should not',
    'UPDATE entities SET parent_id = id',
    ': a row of its table `entities` makes no sense',
  ],
  [
    'a body that is no JSON',
    `UPDATE entities SET body = '{'`,
    ': a row of its table `entities` makes no sense',
  ],
  [
    'a body of another shape',
    `UPDATE entities SET body = '{"description":7}'`,
    ': a row of its table `entities` makes no sense',
  ],
  [
    'a setting of another shape',
    `INSERT INTO settings VALUES ('passwordPolicy', '{"minimumPasswordLength":"many"}')`,
    ': a row of its table `settings` makes no sense',
  ],
  [
    'what belongs to nobody',
    `INSERT INTO links VALUES ('nobody', 'policy', 'arn:aws:iam::aws:policy/ReadOnlyAccess', '', NULL)`,
    ': a row of its table `links` makes no sense',
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
    `UPDATE entities SET body = CAST(x'61ff62' AS TEXT)`,
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
      connection.first<{ rootpage: number }>(`SELECT rootpage FROM sqlite_master WHERE name = 'documents'`)
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
