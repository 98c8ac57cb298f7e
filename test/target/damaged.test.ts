import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { using } from '../../src/cli/account-target.ts'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { observe } from '../../src/reconcile/observe.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { openReadable, openWritable } from '../../src/target/local/open-local-target.ts'
import { ACCOUNT, AWS_POLICIES } from '../iam/account.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'

const partsOf = (database: string) => ({
  database,
  shownAs: 'a.db',
  account: ACCOUNT,
  facts: AWS_POLICIES,
  clock: () => 1_767_225_600_000,
  randomBytes,
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
async function reading(database: string): Promise<string> {
  try {
    await using(openReadable(partsOf(database)), async ({ iam, journal }) => {
      await journal.declared()
      await journal.facts()
      await journal.history()
      await observe(iam, ACCOUNT)
    })
    return 'read'
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const [diagnostic] = error.diagnostics
    expect(diagnostic?.help).toBe(
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
    'a journal row of another shape',
    `UPDATE journal SET declared = '{"a":1}'`,
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
    'facts of another shape',
    `UPDATE journal SET outcome = 'complete', facts = '{"organization":{},"resources":[]}'`,
    ': an entry of its journal makes no sense',
  ],
  [
    'a trust policy that is none',
    `UPDATE identities SET trust_policy = '{"Version":"2012-10-17"}'`,
    ': a row makes no sense',
  ],
  ['a trust policy that is no JSON', `UPDATE identities SET trust_policy = '{'`, ': a row makes no sense'],
  [
    'a text that is not UTF-8',
    `UPDATE identities SET description = CAST(x'61ff62' AS TEXT)`,
    ': there are bytes in it that are no text',
  ],
]

describe('a database that is damaged is said to be, with what to do:', () => {
  it.each(DAMAGES)('%s', async (_, sql, said) => {
    const database = await databaseOf()
    const connection = new Connection(database)
    connection.exec(`PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; ${sql}`)
    connection.close()
    expect(await reading(database)).toBe(`store.corrupt: the database \`a.db\` is damaged${said}`)
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
