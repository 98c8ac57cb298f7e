import { painter, printable } from './layout/paint.ts'
import type { TextOptions } from './plans/plan-text.ts'

/** A record of the audit log. The log's own type lives with the embedded IAM, which this room doesn't know. */
export interface AuditedCall {
  /** ISO 8601 UTC. */
  readonly time: string
  /** `iam:CreateUser` */
  readonly event: string
  readonly who: string
  readonly from: string
  /** The code of what it was refused with; null: it was carried out. */
  readonly error: string | null
  /** All of it. */
  readonly record: object
}

/** What `audit verify` came to. */
export interface AuditVerification {
  readonly records: number
  readonly end: { readonly sequence: number; readonly hash: string } | null
  /** Whether the end is that which whoever has the master key wrote. */
  readonly seal: 'holds' | 'unknown'
  readonly problem: { readonly kind: string; readonly sequence: number } | null
}

/** Newest first, one line each, in columns as wide as what stands in them. */
export function auditListText(calls: readonly AuditedCall[], { color }: TextOptions): string {
  if (calls.length === 0) return 'there are no such records'
  const paint = painter(color)
  const rows = calls.map(({ time, event, who, from, error }) =>
    [time, event, who, from, error ?? 'ok'].map(printable),
  )
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row, index) => {
      const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0))
      const last = cells.pop() ?? ''
      return [...cells, calls[index]?.error === null ? last : paint('removed', last)].join('  ')
    })
    .join('\n')
}

export function auditVerificationText({ records, end, seal, problem }: AuditVerification): string | null {
  if (problem !== null) return null
  if (end === null) return 'there are no records'
  return [
    `${records} ${records === 1 ? 'record' : 'records'}, each as it was written`,
    `the end: ${end.sequence}:${end.hash}`,
    ...(seal === 'holds' ? [] : ['whether records are missing at the end is not known']),
  ].join('\n')
}
