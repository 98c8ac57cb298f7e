import type { Account } from '../../model/index.ts'
import { type AuditReader, openAuditReader } from '../../store/sqlite/audit-reader.ts'
import type { NamedFile } from '../../store/sqlite/files/backup.ts'
import type { Invocation } from '../command.ts'
import { accountDatabase } from './account-database.ts'

/** The audit log beside an account's database. */
export const auditFileOf = (account: Account, { path, shownAs }: NamedFile) => ({
  file: `${path}.audit`,
  shownAs: `${shownAs}.audit`,
  account,
})

/** The one account whose audit log a command reads. */
interface AuditedAccount {
  readonly account: Account
  readonly database: NamedFile
  readonly shownAs: string
}

/**
 * Opens, reads and closes.
 * @param read is given null where there is no log
 * @throws DiagnosticError `store.*`, `audit.*`, and what `accountDatabase` throws
 */
export async function readingAudit<T>(
  invocation: Invocation,
  read: (reader: AuditReader | null, of: AuditedAccount) => Promise<T>,
): Promise<T> {
  const { account, database } = await accountDatabase(invocation, 'only')
  const file = auditFileOf(account.account, database)
  const reader = await openAuditReader(file)
  try {
    return await read(reader, { account: account.account, database, shownAs: file.shownAs })
  } finally {
    reader?.close()
  }
}
