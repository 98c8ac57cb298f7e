import { isUtf8 } from 'node:buffer'
import { DiagnosticError } from '../../../diagnostics/index.ts'
import type { Connection } from '../connection.ts'
import { corrupt, ERROR, sqliteFailure } from '../failures.ts'
import { madeBy, SHAPE } from './made-schema.ts'
import { assertRows, type RowRules, SENSELESS_ENTRY } from './senseless.ts'

/** What acts by itself, or shows rows that aren't there. No migration makes any. */
const FOREIGN = `SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY type, name LIMIT 1`

/**
 * @throws DiagnosticError `store.corrupt` when tables or columns of the schema are missing, or aren't what they were made as,
 * and when there are triggers or views
 */
export function assertShape(connection: Connection, migrations: readonly string[], file: string): void {
  const wrong = wrongPart(connection, migrations)
  if (wrong !== null) throw corrupt(file, wrong)
}

/**
 * A later version only adds to the tables of an earlier one, so that they would do for it.
 * @param migrations all of the schema's history
 * @throws DiagnosticError `store.corrupt` when a database has what only a later version than its own makes
 */
export function assertNotLater(
  connection: Connection,
  migrations: readonly string[],
  version: number,
  file: string,
): void {
  const own = new Set(madeBy(migrations.slice(0, version)).shape)
  const later = new Set(madeBy(migrations).shape.filter((part) => !own.has(part)))
  if (connection.all<{ readonly part: string }>(SHAPE).some(({ part }) => later.has(part)))
    throw corrupt(file, OTHER_VERSION)
}

/** What is wrong with tables that are sound, but another version's. */
export const OTHER_VERSION = 'its tables are not those of the version that it says it is of'

/**
 * Looks at every text before one is read as such: bytes that are not UTF-8, as a failing disk leaves them, end the process in
 * libsql, where nothing can be caught.
 * @throws DiagnosticError `store.corrupt`
 */
export function assertTexts(connection: Connection, file: string): void {
  assertTextsOf(connection, 'sqlite_master', ['type', 'name', 'tbl_name', 'sql'], file)
  const columns = connection.all<{ readonly table: string; readonly name: string }>(
    `SELECT m.name AS "table", c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'`,
  )
  for (const table of new Set(columns.map(({ table }) => table)))
    assertTextsOf(
      connection,
      table,
      columns.flatMap((column) => (column.table === table ? [column.name] : [])),
      file,
    )
  // An index has copies of its own, and is read in place of its table where it has all that is asked for. A table without
  // row numbers is the index of its primary key.
  const indexed = connection.all<IndexedColumn>(INDEXED)
  for (const index of new Set(indexed.map(({ index }) => index))) {
    const own = indexed.filter((column) => column.index === index)
    const [{ table, partial } = { table: '', partial: 0 }] = own
    const names = own.map(({ name }) => name)
    const rows =
      partial === 0 ? '' : ` WHERE ${names.map((name) => `${quoted(name)} IS NOT NULL`).join(' AND ')}`
    assertTextsOf(connection, table, names, file, ` INDEXED BY ${quoted(index)}${rows}`)
  }
}

interface IndexedColumn {
  readonly table: string
  readonly index: string
  readonly partial: number
  readonly name: string
}

const INDEXED = `
SELECT m.name AS "table", l.name AS "index", l.partial, i.name
FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) i
WHERE m.type = 'table' AND i.name IS NOT NULL`

function assertTextsOf(
  connection: Connection,
  table: string,
  columns: readonly string[],
  file: string,
  by = '',
): void {
  // An ASCII character between two texts keeps the end of the one from completing the beginning of the other.
  // Not by `||`, which keeps a copy for each column: an account's declarations in the journal may be fifteen megabytes.
  const row = `concat_ws(' ', ${columns.map(quoted).join(', ')})`
  const sql = `SELECT count(*) AS count, CAST(group_concat(row, ' ') AS BLOB) AS texts
    FROM (SELECT ${row} AS row FROM ${quoted(table)}${by} LIMIT ? OFFSET ?)`
  let count = ROWS_AT_ONCE
  for (let from = 0; count === ROWS_AT_ONCE; from += ROWS_AT_ONCE) {
    const part = connection.first<TextsOfRows>(sql, ROWS_AT_ONCE, from)
    count = part?.count ?? 0
    const texts = part?.texts ?? null
    if (texts !== null && !isUtf8(texts)) throw corrupt(file, 'there are bytes in it that are no text')
  }
}

/** So that not all of a table is in memory, twice. */
const ROWS_AT_ONCE = 20_000

interface TextsOfRows {
  readonly count: number
  /** null: there are no rows. */
  readonly texts: Uint8Array | null
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Whether it is a damage of the database that made a read fail. Looks at all of it, so it takes a while.
 * @returns DiagnosticError `store.corrupt`, or null: nothing is wrong with it
 */
export function damageOf(
  connection: Connection,
  migrations: readonly string[],
  rules: RowRules,
  file: string,
): DiagnosticError | null {
  try {
    const wrong = wrongPart(connection, migrations)
    if (wrong !== null) return corrupt(file, wrong)
    if (connection.pragma('quick_check(1)') !== 'ok') return corrupt(file, null)
    assertRows(connection, rules, file)
    rules.assertReadable(connection)
    const table = senselessTextIn(connection, rules)
    if (table === null) return null
    return corrupt(file, table === 'journal' ? SENSELESS_ENTRY : 'a row makes no sense')
  } catch (error) {
    return error instanceof DiagnosticError ? error : corrupt(file, null)
  }
}

const senselessTextIn = (connection: Connection, { texts }: RowRules): string | null =>
  texts.find(([table, column, key]) =>
    textsIn(connection, table, column).some((text) => !isJsonWith(text, key)),
  )?.[0] ?? null

function textsIn(connection: Connection, table: string, column: string): readonly string[] {
  try {
    return connection
      .all<{ readonly text: string }>(`SELECT ${column} AS text FROM ${table} WHERE ${column} IS NOT NULL`)
      .map(({ text }) => text)
  } catch (error) {
    // A database of an earlier version doesn't have the column.
    if (sqliteFailure(error)?.code === ERROR) return []
    throw error
  }
}

/** @param key of an object or a list; null: anything is as it should be */
function isJsonWith(text: string, key: string | null): boolean {
  try {
    const json: unknown = JSON.parse(text)
    if (key === null) return true
    if (typeof json !== 'object' || json === null) return false
    const value: unknown = (json as Readonly<Record<string, unknown>>)[key]
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

function wrongPart(connection: Connection, migrations: readonly string[]): string | null {
  const foreign = connection.first<{ readonly type: string; readonly name: string }>(FOREIGN)
  if (foreign !== null) return `its ${foreign.type} \`${foreign.name}\` is not of its schema`
  const found = new Set(connection.all<{ readonly part: string }>(SHAPE).map(({ part }) => part))
  for (const part of madeBy(migrations).shape) {
    if (found.has(part)) continue
    const [, kind, name] = /^(table|index) ([^|]*)/.exec(part) ?? []
    return `its ${kind} \`${name}\` is missing, or not what it was made as`
  }
  return null
}
