import { existsSync } from 'node:fs'
import type { AuditHead, AuditRow } from '../../iam/store-port.ts'
import type { Account } from '../../model/index.ts'
import { refuseOthers, SELECT_HEAD } from './audit-log.ts'
import { type Connection, closingOnFailure } from './connection.ts'
import { refuseCutOff, refuseOddFiles } from './files/own-files.ts'
import { connectReadOnly } from './files/read-only.ts'
import { describingFailures } from './open.ts'

/** Which records are asked for; each part that is there narrows it. */
export interface AuditQuery {
  /** Any of these; empty: all. */
  readonly eventNames: readonly string[]
  /** A name, an ARN, a unique id or the id of an access key. */
  readonly who: string | null
  /** As `eventTime` writes them, both included. */
  readonly since: string | null
  readonly until: string | null
  readonly errorsOnly: boolean
}

export interface AuditReader {
  head(): AuditHead | null
  rows(): Iterable<AuditRow>
  sequenceOf(hash: string): number | null
  /** Those that are JSON. @param order `newest`: the last comes first */
  matching(query: AuditQuery, order: 'oldest' | 'newest', limit: number | null): Iterable<AuditRow>
  /** How many are no JSON any more. */
  unreadable(): number
  close(): void
}

/**
 * Opens an audit log for reading, as it is at this moment.
 * @returns null: there is none
 * @throws DiagnosticError `store.*`, `audit.*`
 */
export async function openAuditReader(parts: {
  readonly file: string
  readonly shownAs: string
  readonly account: Account
}): Promise<AuditReader | null> {
  const { file, shownAs } = parts
  return describingFailures(shownAs, BUSY_MILLISECONDS, () => {
    refuseOddFiles(file, shownAs)
    if (!existsSync(file)) return null
    refuseCutOff(file, shownAs)
    const connection = connectReadOnly(file, shownAs)
    return closingOnFailure(connection, () => {
      refuseOthers(connection, parts)
      // All that is read is of one moment.
      connection.exec('BEGIN; SELECT 1 FROM account')
      return readerOf(connection)
    })
  })
}

const BUSY_MILLISECONDS = 5000
/** Some hundred kilobytes. */
const PAGE = 200

const readerOf = (connection: Connection): AuditReader => ({
  head: () => connection.first<AuditHead>(SELECT_HEAD),
  rows: () => pages(connection, 'TRUE', [], 'oldest', null),
  sequenceOf: (hash) =>
    connection.first<{ readonly sequence: number }>(
      'SELECT sequence FROM records WHERE hash = ? ORDER BY sequence LIMIT 1',
      hash,
    )?.sequence ?? null,
  matching: (query, order, limit) => pages(connection, ...conditionOf(query), order, limit),
  unreadable: () =>
    connection.first<{ readonly count: number }>(
      'SELECT count(*) AS count FROM records WHERE NOT json_valid(text)',
    )?.count ?? 0,
  close: () => connection.close(),
})

function* pages(
  connection: Connection,
  condition: string,
  values: readonly string[],
  order: 'oldest' | 'newest',
  limit: number | null,
): Generator<AuditRow> {
  const [after, direction] = order === 'oldest' ? ['>', 'ASC'] : ['<', 'DESC']
  let at = order === 'oldest' ? -1 : Number.MAX_SAFE_INTEGER
  let left = limit ?? Number.POSITIVE_INFINITY
  while (left > 0) {
    const rows = connection.all<AuditRow>(
      `SELECT sequence, previous, hash, text FROM records WHERE sequence ${after} ? AND ${condition} ORDER BY sequence ${direction} LIMIT ?`,
      at,
      ...values,
      Math.min(left, PAGE),
    )
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    at = last.sequence
    left -= rows.length
  }
}

/** What a caller goes by. */
const WHO = [
  '$.userIdentity.userName',
  '$.userIdentity.arn',
  '$.userIdentity.principalId',
  '$.userIdentity.accessKeyId',
  '$.userIdentity.sessionContext.sessionIssuer.userName',
  '$.userIdentity.sessionContext.sessionIssuer.arn',
] as const

const part = (path: string): string => `json_extract(text, '${path}')`

function conditionOf({ eventNames, who, since, until, errorsOnly }: AuditQuery): [string, readonly string[]] {
  const tests: string[] = []
  const values: string[] = []
  if (eventNames.length > 0) {
    tests.push(`${part('$.eventName')} IN (${eventNames.map(() => '?').join(', ')})`)
    values.push(...eventNames)
  }
  if (who !== null) {
    tests.push(`? IN (${WHO.map(part).join(', ')})`)
    values.push(who)
  }
  if (since !== null) {
    tests.push(`${part('$.eventTime')} >= ?`)
    values.push(since)
  }
  if (until !== null) {
    tests.push(`${part('$.eventTime')} <= ?`)
    values.push(until)
  }
  if (errorsOnly) tests.push(`${part('$.errorCode')} IS NOT NULL`)
  // SQLite tests one after the other here: of what is no JSON nothing is extracted.
  const condition = `CASE WHEN json_valid(text) THEN ${tests.length === 0 ? 'TRUE' : tests.join(' AND ')} ELSE FALSE END`
  return [condition, values]
}
