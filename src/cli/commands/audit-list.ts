import type { AuditRecord } from '../../iam/audit/audit-record.ts'
import { exportedRecord } from '../../iam/audit/exported-record.ts'
import type { AuditRow } from '../../iam/store-port.ts'
import type { AuditedCall } from '../../report/audit-report.ts'
import { type CommandOutcome, type Invocation, NO_TEXTS } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { readingAudit } from '../opening/audit-file.ts'
import { auditLimit, auditQueryOf, unreadableWarnings } from '../questions/audit-query.ts'

export async function run(invocation: Invocation): Promise<CommandOutcome> {
  const { flags } = invocation
  const query = auditQueryOf(flags, Date.now())
  const limit = auditLimit(flags)
  return readingAudit(invocation, async (reader) => ({
    exitCode: EXIT.ok,
    result: {
      type: 'audit list',
      calls: reader === null ? [] : [...reader.matching(query, 'newest', limit)].map(auditedCall),
    },
    diagnostics: reader === null ? [] : unreadableWarnings(reader),
    texts: NO_TEXTS,
  }))
}

function auditedCall(row: AuditRow): AuditedCall {
  // A record that somebody has changed may lack anything.
  const record = JSON.parse(exportedRecord(row)) as Partial<AuditRecord>
  const { userIdentity: by, eventSource = '', eventName = '', eventTime = '' } = record
  return {
    time: String(eventTime),
    event: `${String(eventSource).replace(/\.amazonaws\.com$/, '')}:${String(eventName)}`,
    who: String(by?.arn ?? by?.principalId ?? by?.invokedBy ?? by?.type ?? 'unknown'),
    from: String(record.sourceIPAddress ?? ''),
    error: record.errorCode === undefined ? null : String(record.errorCode),
    record,
  }
}
