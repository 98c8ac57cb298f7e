import { randomUUID } from 'node:crypto'
import { openAuditLog } from '../../iam/audit/audit-log.ts'
import { canonicalText } from '../../iam/audit/canonical-text.ts'
import { logEvents } from '../../iam/audit/log-events.ts'
import { AuditTrail } from '../../server/audit/audit-trail.ts'
import { callRecord } from '../../server/audit/call-record.ts'
import type { AnsweredCall } from '../../server/calls/ports.ts'
import { eventLine, failureText } from './call-log.ts'
import type { OpenedAccount } from './opened-account.ts'

/** How long the rest may take to be written when it ends, in milliseconds. */
const REST_WITHIN = 5000

/** The audit log of what is served. */
export interface ServedAudit {
  told(call: AnsweredCall): void
  flush(): Promise<void>
  gauges(): Readonly<Record<string, number>>
  close(): Promise<void>
}

/**
 * Says in the other log where this one ends, at the start and at the end: whoever keeps that can hold `iam-sync audit verify` to it.
 * @throws DiagnosticError `store.*`
 */
export async function openAudit(
  { account, audit, current }: OpenedAccount,
  log: (line: object) => void,
): Promise<ServedAudit> {
  const event = logEvents(account, () => Date.now(), randomUUID)
  const records = openAuditLog({
    rows: audit.rows,
    sealer: current().sealer,
    sealRenewed: (why) => {
      log(eventLine('error', 'audit-seal-renewed', { why }))
      return event('AuditSealRenewed', { why })
    },
  })
  const trail = new AuditTrail({
    textOf: (call) => {
      const record = callRecord(account, call, randomUUID())
      return record && canonicalText(record)
    },
    droppedText: (count) => event('AuditRecordsDropped', { count }),
    append: (texts) => records.append(texts),
    noticed: (what, details, error) =>
      log(
        eventLine('error', what, {
          ...details,
          ...(error === undefined ? {} : { failure: failureText(error) }),
        }),
      ),
  })
  const sayEnd = async () => {
    const { sequence, hash } = await records.append([])
    log(eventLine('info', 'audit-end', { sequence, hash }))
  }
  await sayEnd()
  return {
    told: (call) => trail.told(call),
    flush: () => trail.flush(),
    gauges: () => {
      const { waiting, written, dropped, failures } = trail.counts
      return {
        iam_sync_audit_waiting: waiting,
        iam_sync_audit_written: written,
        iam_sync_audit_dropped: dropped,
        iam_sync_audit_failed_writes: failures,
      }
    },
    close: async () => {
      const lost = await trail.close(REST_WITHIN)
      if (lost > 0) log(eventLine('error', 'audit-lost', { records: lost }))
      else await sayEnd()
    },
  }
}
