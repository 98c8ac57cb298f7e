import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { madeBy } from '../../src/store/sqlite/schema/made-schema.ts'
import { MIGRATIONS } from '../../src/store/sqlite/schema/migrations.ts'
import { ACCOUNT } from '../iam/account.ts'
import { openWritable } from './open-sqlite.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** What has been made in a database, in its order, and the rows of each of its tables. */
function contentOf(connection: Connection) {
  const made = connection.all<{ readonly type: string; readonly name: string }>(
    'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid',
  )
  const rows = made
    .filter(({ type }) => type === 'table')
    .map(({ name }) => [name, connection.all(`SELECT * FROM "${name}"`)])
  return { made, rows }
}

/** The same of one that has had each migration by itself, as a database has that is as old as the schema. */
function migratedContent(migrations: readonly string[]) {
  const connection = new Connection(':memory:')
  try {
    for (const migration of migrations) connection.exec(migration)
    return contentOf(connection)
  } finally {
    connection.close()
  }
}

it('a new database is made of the schema as it is now, and is what all migrations would have made of it', async () => {
  const file = join(temporaryFolder(), 'new.db')
  await (await openWritable({ file, account: ACCOUNT })).close()
  const connection = new Connection(file)
  const { made, rows } = contentOf(connection)
  connection.close()
  const migrated = migratedContent(MIGRATIONS)
  expect(made.filter(({ name }) => name !== 'schema_version')).toEqual(migrated.made)
  expect(rows).toEqual([
    ...migrated.rows.map(([name, found]) => [name, name === 'account' ? [{ ...ACCOUNT_ROW }] : found]),
    ['schema_version', [{ version: MIGRATIONS.length }]],
  ])
})

const ACCOUNT_ROW = { id: ACCOUNT.id, partition: ACCOUNT.partition }

it.each(MIGRATIONS.map((_, place) => place + 1))(
  'so is one of schema %i, and no migration makes rows of nothing',
  (version) => {
    const migrations = MIGRATIONS.slice(0, version)
    const connection = new Connection(':memory:')
    connection.exec(madeBy(migrations).script)
    const content = contentOf(connection)
    connection.close()
    expect(content).toEqual(migratedContent(migrations))
    for (const [name, rows] of content.rows) expect([name, rows]).toEqual([name, []])
  },
)

it('no migration is run in a database that is new', async () => {
  const counted = ['CREATE TABLE gone (id TEXT) STRICT;', ...MIGRATIONS, 'DROP TABLE gone;']
  expect(madeBy(counted).script).toBe(madeBy(MIGRATIONS).script)
})
