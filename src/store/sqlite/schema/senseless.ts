import { LAST_MOMENT } from '../../store-kind.ts'
import type { Connection } from '../connection.ts'
import { corrupt } from '../failures.ts'

/** How an apply ended, as the journal says it; null: it has not. */
const OUTCOMES: readonly unknown[] = [null, 'complete', 'partial', 'interrupted']

/** @see IAM API Reference: the patterns of UserName, GroupName, RoleName, PolicyName; their lengths are of ASCII */
export const isNoName = (column: string, longest: string, odd = ODD_CHARACTERS): string =>
  `${column} = '' OR length(CAST(${column} AS BLOB)) > ${longest} OR ${endsEarly(column)} OR ${column} GLOB ${odd}`

/** Patterns of what can't be a name, as literals. */
export const ODD_CHARACTERS = `'*[^A-Za-z0-9_+=,.@-]*'`
export const UNPRINTABLE = `'*[^!-~]*'`

/** @see IAM API Reference: the pattern of Path */
export const IS_NO_PATH = `path NOT GLOB '/*' OR path NOT GLOB '*/' OR length(path) > 512 OR ${endsEarly('path')} OR path GLOB '*[^!-~]*'`

/** SQLite takes a text for ended at its first NUL, JavaScript doesn't. */
function endsEarly(column: string): string {
  return `instr(CAST(${column} AS BLOB), x'00') > 0`
}

export const isNoPolicy = (column: string): string => `${column} NOT GLOB 'arn:aws*:iam::*:policy/*'`

export const isNoTime = (column: string): string => `${column} NOT BETWEEN 0 AND ${LAST_MOMENT}`

/** How rows are known that no apply has written, though their types are right. */
export interface RowRules {
  /** For each table what no row of it is: a query that finds one. */
  readonly senseless: readonly (readonly [table: string, rows: string])[]
  /** Texts that are JSON, with the key that each of them has. SQLite takes more for JSON than JavaScript does. */
  readonly texts: readonly (readonly [table: string, column: string, key: string | null])[]
  /** What can be told of each row only by reading it. @throws DiagnosticError `store.corrupt` */
  readonly assertReadable: (connection: Connection) => void
}

/** The journal has been the same in all versions of the schema. */
export const JOURNAL_TEXTS: RowRules['texts'] = [
  ['journal', 'declared', null],
  ['journal', 'facts', 'resources'],
]

/** What was declared is kept from the last complete apply on: without it, who owns what would be forgotten. */
const FORGOTTEN = `
SELECT 1 FROM journal WHERE declared IS NULL
AND sequence >= coalesce((SELECT max(sequence) FROM journal WHERE outcome = 'complete'), 0)`

export const SENSELESS_ENTRY = 'an entry of its journal makes no sense'

/**
 * Looks for rows that no apply has written, though their types are right: SQLite doesn't check what it reads, and whoever
 * reads on takes them at their word, or prints them.
 * @throws DiagnosticError `store.corrupt`
 */
export function assertRows(connection: Connection, { senseless }: RowRules, file: string): void {
  const entries = connection.all<{ readonly time: string; readonly outcome: string | null }>(
    'SELECT time, outcome FROM journal',
  )
  const isSound = entries.every(({ time, outcome }) => isMoment(time) && OUTCOMES.includes(outcome))
  if (!isSound || connection.first(`${FORGOTTEN} LIMIT 1`) !== null) throw corrupt(file, SENSELESS_ENTRY)
  const [table] =
    senseless.find(([, rows]) => connection.first(`${rows} LIMIT 1`) !== null) ?? lostIn(connection)
  if (table !== undefined) throw corrupt(file, `a row of its table \`${table}\` makes no sense`)
}

/** The table of a row that belongs to one that is not there. */
function lostIn(connection: Connection): readonly string[] {
  const row = connection.first<{ readonly table: string }>(
    'SELECT "table" FROM pragma_foreign_key_check LIMIT 1',
  )
  return row === null ? [] : [row.table]
}

/** Whether a text is a moment as ISO 8601 has it, in UTC: `2026-01-01T00:00:00.000Z`. */
function isMoment(text: string): boolean {
  const date = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z$/.exec(text)?.[1]
  if (date === undefined) return false
  const moment = new Date(`${date}Z`)
  // A day that is none (31 February) is taken for one after it.
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(date)
}
