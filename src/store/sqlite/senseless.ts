import type { Connection } from './connection.ts'
import { corrupt } from './failures.ts'

/** How an apply ended, as the journal says it; null: it has not. */
const OUTCOMES: readonly unknown[] = [null, 'complete', 'partial', 'interrupted']

/** @see IAM API Reference: the patterns of UserName, GroupName, RoleName, PolicyName; their lengths are of ASCII */
const isNoName = (column: string, longest: string): string =>
  `${column} = '' OR length(CAST(${column} AS BLOB)) > ${longest} OR ${endsEarly(column)} OR ${column} GLOB '*[^A-Za-z0-9_+=,.@-]*'`

/** @see IAM API Reference: the pattern of Path */
const IS_NO_PATH = `path NOT GLOB '/*' OR path NOT GLOB '*/' OR length(path) > 512 OR ${endsEarly('path')} OR path GLOB '*[^!-~]*'`

/** SQLite takes a text for ended at its first NUL, JavaScript doesn't. */
function endsEarly(column: string): string {
  return `instr(CAST(${column} AS BLOB), x'00') > 0`
}

const isNoPolicy = (column: string): string => `${column} NOT GLOB 'arn:aws*:iam::*:policy/*'`

/** The last moment that JavaScript has a date for, in milliseconds. */
const isNoTime = (column: string): string => `${column} NOT BETWEEN 0 AND 8640000000000000`

/** For each table what no row of it is. */
const SENSELESS: readonly (readonly [table: string, rows: string])[] = [
  [
    'identities',
    `SELECT 1 FROM identities WHERE kind NOT IN ('user', 'group', 'role')
     OR (kind = 'role') <> (trust_policy IS NOT NULL) OR (kind = 'group' AND boundary IS NOT NULL)
     OR name_key <> lower(name) OR ${isNoName('name', "CASE kind WHEN 'group' THEN 128 ELSE 64 END")}
     OR ${IS_NO_PATH} OR ${isNoTime('created')} OR ${isNoPolicy('boundary')}`,
  ],
  [
    'policies',
    `SELECT 1 FROM policies p WHERE name_key <> lower(name) OR ${isNoName('name', '128')} OR ${IS_NO_PATH}
     OR ${isNoTime('created')} OR ${isNoTime('updated')}
     OR NOT EXISTS (SELECT 1 FROM policy_versions v WHERE v.policy_id = p.id AND v.version = p.default_version)`,
  ],
  ['policy_versions', `SELECT 1 FROM policy_versions WHERE version < 1 OR ${isNoTime('created')}`],
  ['attachments', `SELECT 1 FROM attachments WHERE ${isNoPolicy('policy_arn')}`],
  ['inline_policies', `SELECT 1 FROM inline_policies WHERE ${isNoName('name', '128')}`],
  [
    'memberships',
    `SELECT 1 FROM memberships m JOIN identities u ON u.id = m.user_id JOIN identities g ON g.id = m.group_id
     WHERE u.kind <> 'user' OR g.kind <> 'group'`,
  ],
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
export function assertRows(connection: Connection, file: string): void {
  const entries = connection.all<{ readonly time: string; readonly outcome: string | null }>(
    'SELECT time, outcome FROM journal',
  )
  const isSound = entries.every(({ time, outcome }) => isMoment(time) && OUTCOMES.includes(outcome))
  if (!isSound || connection.first(`${FORGOTTEN} LIMIT 1`) !== null) throw corrupt(file, SENSELESS_ENTRY)
  const [table] =
    SENSELESS.find(([, rows]) => connection.first(`${rows} LIMIT 1`) !== null) ?? lostIn(connection)
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
