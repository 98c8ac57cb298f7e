import type { AuditHead, AuditRow, AuditRows } from '../../iam/store-port.ts'
import type { Account } from '../../model/index.ts'
import { Connection, closingOnFailure } from './connection.ts'
import { failed } from './failures.ts'
import { stayingInPlace } from './files/file-identity.ts'
import { checkpoint, createPrivately, describingFailures } from './open.ts'
import { Transactions } from './transactions.ts'

/** What stands in the head of the file. @see sqlite.org, "PRAGMA application_id" */
const APPLICATION = 0x69616d61
const VERSION = 1

const SCHEMA = `
  PRAGMA application_id = ${APPLICATION};
  PRAGMA user_version = ${VERSION};
  CREATE TABLE account (id TEXT NOT NULL, partition TEXT NOT NULL);
  CREATE TABLE records (
    sequence INTEGER PRIMARY KEY,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    text TEXT NOT NULL
  );
  CREATE TABLE head (sequence INTEGER NOT NULL, hash TEXT NOT NULL, seal TEXT NOT NULL);
`

interface AuditFile {
  /** An absolute path. */
  readonly file: string
  readonly shownAs: string
  readonly account: Account
}

interface WritableAuditFile extends AuditRows {
  close(): Promise<void>
}

const BUSY_MILLISECONDS = 5000

/**
 * Opens an account's audit log for writing, a database of its own: whoever writes calls down keeps nobody waiting who carries one
 * out, and a backup that is put back takes no records away.
 *
 * As in the account's database, a transaction that is committed survives a killed process; a power loss can take the last ones.
 * @throws DiagnosticError `store.*`
 */
export async function openWritableAudit(parts: AuditFile): Promise<WritableAuditFile> {
  const { file, shownAs, account } = parts
  return describingFailures(shownAs, BUSY_MILLISECONDS, () => {
    createPrivately(file, shownAs)
    const assertInPlace = stayingInPlace(file, shownAs)
    const connection = new Connection(file)
    closingOnFailure(connection, () => {
      // Before anything is changed: another program's file must stay as it is.
      if (!isNew(connection)) refuseOthers(connection, parts)
      connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
      connection.exec('BEGIN IMMEDIATE')
      if (isNew(connection)) create(connection, account)
      connection.exec('COMMIT')
      refuseOthers(connection, parts)
    })
    const transactions = new Transactions(connection, {
      shownAs,
      busyMilliseconds: BUSY_MILLISECONDS,
      damage: () => null,
      assertInPlace,
    })
    return {
      append: (make) => transactions.write(async () => append(connection, make)),
      close: () => transactions.close(() => checkpoint(connection)),
    }
  })
}

const isNew = (connection: Connection): boolean => connection.first('SELECT 1 FROM sqlite_master') === null

function create(connection: Connection, { id, partition }: Account): void {
  connection.exec(SCHEMA)
  connection.run('INSERT INTO account (id, partition) VALUES (?, ?)', id, partition)
}

/** @throws DiagnosticError `audit.no-log`, `audit.other-account` */
export function refuseOthers(connection: Connection, { shownAs, account }: AuditFile): void {
  if (
    connection.pragma('application_id') !== APPLICATION ||
    Number(connection.pragma('user_version')) !== VERSION
  )
    throw failed(
      'audit.no-log',
      `\`${shownAs}\` is no audit log, or that of another version`,
      'move the file away: the next `iam-sync serve` begins another',
    )
  const found = connection.first<{ readonly id: string }>('SELECT id FROM account')
  if (found?.id !== account.id)
    throw failed(
      'audit.other-account',
      `\`${shownAs}\` is the audit log of the account ${found?.id ?? 'nobody'}, not of ${account.id}`,
      'move the file away, or correct `id` in iam-sync.yaml',
    )
}

const SELECT_LAST = 'SELECT sequence, previous, hash, text FROM records ORDER BY sequence DESC LIMIT 1'
export const SELECT_HEAD = 'SELECT sequence, hash, seal FROM head'

const INSERT = `
  INSERT INTO records (sequence, previous, hash, text)
  SELECT value ->> 'sequence', value ->> 'previous', value ->> 'hash', value ->> 'text' FROM json_each(?)
`

function append(connection: Connection, make: Parameters<AuditRows['append']>[0]): AuditHead {
  const { added, head } = make(
    connection.first<AuditHead>(SELECT_HEAD),
    connection.first<AuditRow>(SELECT_LAST),
  )
  // One JSON text crosses to SQLite, not each value by itself.
  if (added.length > 0) connection.run(INSERT, JSON.stringify(added))
  connection.run('DELETE FROM head')
  connection.run(
    'INSERT INTO head (sequence, hash, seal) VALUES (?, ?, ?)',
    head.sequence,
    head.hash,
    head.seal,
  )
  return head
}
