import type { Connection } from './connection.ts'
import { corrupt } from './failures.ts'

/** How an apply ended, as the journal says it; null: it has not. */
const OUTCOMES: readonly unknown[] = [null, 'complete', 'partial', 'interrupted']

/**
 * Looks for rows that no apply has written, though their types are right: SQLite doesn't check what it reads, and whoever
 * reads on takes them at their word, or prints them.
 * @throws DiagnosticError `store.corrupt`
 */
export function assertRows(connection: Connection, file: string): void {
  const entries = connection.all<{ readonly time: string; readonly outcome: string | null }>(
    'SELECT time, outcome FROM journal',
  )
  if (!entries.every(({ time, outcome }) => isMoment(time) && OUTCOMES.includes(outcome)))
    throw corrupt(file, 'an entry of its journal makes no sense')
}

/** Whether a text is a moment as ISO 8601 has it, in UTC: `2026-01-01T00:00:00.000Z`. */
function isMoment(text: string): boolean {
  const date = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z$/.exec(text)?.[1]
  if (date === undefined) return false
  const moment = new Date(`${date}Z`)
  // A day that is none (31 February) is taken for one after it.
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(date)
}
