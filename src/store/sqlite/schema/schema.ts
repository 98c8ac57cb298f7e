import type { Account } from '../../../model/index.ts'
import type { Connection } from '../connection.ts'
import { CONSTRAINT, corrupt, ERROR, failed, sqliteFailure } from '../failures.ts'
import { assertShape, OTHER_VERSION } from './damage.ts'
import type { KindRegistry } from './kind-registry.ts'
import { rulesOf } from './kind-rules.ts'
import { madeBy } from './made-schema.ts'
import { assertRows } from './senseless.ts'

/** What a file turns out to hold. `empty`: no table at all, as a file that was only just created. */
type SchemaState = { readonly kind: 'empty' } | { readonly kind: 'version'; readonly version: number }

/** @throws DiagnosticError `store.not-ours` when it is a database of something else */
export function readSchemaState(connection: Connection, file: string): SchemaState {
  const tables = connection.all<{ readonly name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  )
  if (tables.length === 0) return { kind: 'empty' }
  const names = new Set(tables.map(({ name }) => name))
  if (!names.has('schema_version') && !OWN.some((own) => own.every((name) => names.has(name))))
    throw failed(
      'store.not-ours',
      `\`${file}\` is a database of another program`,
      'check `target.database` in iam-sync.yaml, and name a file that does not exist yet',
    )
  return { kind: 'version', version: versionOf(connection, file) }
}

/** Names of tables that no other program's database has together, now and in earlier versions. */
const OWN = [
  ['entities', 'links', 'documents', 'lock_holder'],
  ['identities', 'policy_versions', 'inline_policies', 'lock_holder'],
] as const

/** @throws DiagnosticError `store.corrupt` */
function versionOf(connection: Connection, file: string): number {
  let rows: readonly { readonly version: unknown }[]
  try {
    rows = connection.all('SELECT version FROM schema_version')
  } catch (error) {
    if (sqliteFailure(error)?.code !== ERROR) throw error
    rows = []
  }
  const [row] = rows
  if (rows.length !== 1 || row === undefined || !Number.isInteger(row.version) || Number(row.version) < 1)
    throw corrupt(file, 'it does not say which version it is of')
  return Number(row.version)
}

/** @throws DiagnosticError `store.newer-schema` */
export function refuseNewer(version: number, known: number, file: string): void {
  if (version > known)
    throw failed(
      'store.newer-schema',
      `the database \`${file}\` was written by a newer iam-sync (schema ${version}; this one knows ${known})`,
      'update iam-sync',
    )
}

/**
 * Which account a database holds.
 * @throws DiagnosticError `store.corrupt`
 */
export function accountIn(
  connection: Connection,
  file: string,
): { readonly id: string; readonly partition: string } {
  const rows = connection.all<{ readonly id: string; readonly partition: string }>(
    'SELECT id, partition FROM account',
  )
  const [row] = rows
  if (row === undefined || rows.length > 1) throw corrupt(file, 'it does not say which account it holds')
  return row
}

/** @throws DiagnosticError `store.other-account` */
export const refuseOtherAccount = (connection: Connection, account: Account, file: string): void =>
  refuseAccount(accountIn(connection, file), account, file)

/** @param stored what a database holds. @throws DiagnosticError `store.other-account` */
export function refuseAccount(stored: ReturnType<typeof accountIn>, account: Account, file: string): void {
  if (stored.id === account.id && stored.partition === account.partition) return
  throw failed(
    'store.other-account',
    `the database \`${file}\` holds account \`${stored.id}\` (partition \`${stored.partition}\`), not \`${account.id}\` (\`${account.partition}\`)`,
    'give each account a `target.database` of its own',
  )
}

/**
 * Brings a database to the newest schema, in one transaction; a new one is made in it at once, and gets its account.
 * @param migrations all of the schema's history
 * @throws DiagnosticError `store.*`
 */
export function migrate<E, S>(
  connection: Connection,
  account: Account,
  file: string,
  migrations: readonly string[],
  kinds: KindRegistry<E, S>,
): void {
  connection.exec('BEGIN IMMEDIATE')
  try {
    const state = readSchemaState(connection, file)
    const version = state.kind === 'empty' ? 0 : state.version
    refuseNewer(version, migrations.length, file)
    // What is damaged already is told by the names of its own tables.
    if (version > 0 && version < migrations.length) assertRows(connection, rulesOf(version, kinds), file)
    if (state.kind === 'empty') {
      connection.exec(madeBy(migrations).script)
      connection.exec('CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT')
      connection.run('INSERT INTO schema_version (version) VALUES (?)', migrations.length)
      connection.run('INSERT INTO account (id, partition) VALUES (?, ?)', account.id, account.partition)
    } else if (version < migrations.length) {
      for (const migration of migrations.slice(version)) connection.exec(migration)
      connection.run('UPDATE schema_version SET version = ?', migrations.length)
    }
    assertShape(connection, migrations, file)
    assertRows(connection, rulesOf(migrations.length, kinds), file)
    refuseOtherAccount(connection, account, file)
    // Opening succeeds only where writing does: a file that can't be written is found out now.
    connection.run('UPDATE schema_version SET version = version')
    connection.exec('COMMIT')
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK')
    const code = sqliteFailure(error)?.code
    if (code === ERROR || code === CONSTRAINT) throw corrupt(file, OTHER_VERSION)
    throw error
  }
}
