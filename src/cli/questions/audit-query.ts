import { DiagnosticError, errorOf, warningOf } from '../../diagnostics/index.ts'
import { eventTime } from '../../iam/audit/audit-record.ts'
import type { AuditQuery, AuditReader } from '../../store/sqlite/audit-reader.ts'
import { parseDuration } from '../arguments/duration.ts'
import { parseTime } from '../arguments/question-flags.ts'
import { type Flags, flagList, flagSet, flagText } from '../command.ts'

/** @throws DiagnosticError `cli.invalid-value`, `cli.duration` */
export const auditQueryOf = (flags: Flags, now: number): AuditQuery => ({
  eventNames: flagList(flags, 'eventName'),
  who: flagText(flags, 'user'),
  since: timeIn(flags, 'since', now),
  until: timeIn(flags, 'until', now),
  errorsOnly: flagSet(flags, 'errors'),
})

function timeIn(flags: Flags, name: 'since' | 'until', now: number): string | null {
  const text = flagText(flags, name)
  if (text === null) return null
  const flag = `--${name}`
  return eventTime(
    /^[\d.]+[a-z]+$/.test(text) ? now - parseDuration(flag, text) : parseTime(flag, text).getTime(),
  )
}

/** @throws DiagnosticError `cli.invalid-value` */
export function auditLimit(flags: Flags): number {
  const text = flagText(flags, 'limit') ?? '100'
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new DiagnosticError(
    errorOf({
      code: 'cli.invalid-value',
      message: `\`--limit ${text}\` is no number of records`,
      help: 'write a number from 1: `--limit 500`',
    }),
  )
}

/** Records that no question finds. */
export function unreadableWarnings(reader: AuditReader) {
  const count = reader.unreadable()
  return count === 0
    ? []
    : [
        warningOf({
          code: 'audit.unreadable',
          message: `${count} ${count === 1 ? 'record' : 'records'} of the audit log can't be read`,
          help: '`iam-sync audit verify` says which is the first that was changed',
        }),
      ]
}
