import type { AuditRow } from '../store-port.ts'

/** A record as JSON, with its place in the chain after all that CloudTrail has. @param row its text is a JSON object */
export const exportedRecord = ({ sequence, previous, hash, text }: AuditRow): string =>
  `${text.slice(0, -1)},"chain":${JSON.stringify({ sequence, previous, hash })}}`
