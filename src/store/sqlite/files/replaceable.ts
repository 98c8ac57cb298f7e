import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs'
import { sep } from 'node:path'
import { DiagnosticError } from '../../../diagnostics/index.ts'
import type { Account } from '../../../model/index.ts'
import { failed, sqliteFailure } from '../failures.ts'
import { readSchemaState, refuseOtherAccount } from '../schema/schema.ts'
import type { NamedFile } from './backup.ts'
import { fileFailure } from './copy.ts'
import { refuseOddFiles } from './own-files.ts'
import { connectReadOnly } from './read-only.ts'

/** What every SQLite database begins with. @see sqlite.org, "Database File Format" */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1')

/**
 * Refuses to have a file replaced that is not the database of an account: the project file says where that is, and could name
 * any file of the user. A database may be damaged, as it is when a backup is wanted most: in the state's folder whatever
 * stands is the project's; elsewhere it is known by how it begins.
 * @param state the state's folder, absolute
 * @throws DiagnosticError `store.*`
 */
export function refuseForeign(database: NamedFile, account: Account, state: string): void {
  const { path, shownAs } = database
  try {
    refuseOddFiles(path, shownAs)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined || found.size === 0) return
    if (!beginsAsDatabase(path)) {
      if (isWithin(path, state)) return
      throw failed(
        'store.not-a-database',
        `\`${shownAs}\` is not a database, and is left as it is`,
        'check `target.database` in iam-sync.yaml; if a database of this project is what it was, move it away first',
      )
    }
  } catch (error) {
    throw fileFailure(error, shownAs)
  }
  refuseOthersDatabase(database, account)
}

function beginsAsDatabase(path: string): boolean {
  const descriptor = openSync(path, 'r')
  try {
    const begin = Buffer.alloc(MAGIC.length)
    return readSync(descriptor, begin, 0, begin.length, 0) === begin.length && begin.equals(MAGIC)
  } finally {
    closeSync(descriptor)
  }
}

/** By where both really are: a link in the state's folder leads out of it. */
function isWithin(path: string, folder: string): boolean {
  return (
    statSync(folder, { throwIfNoEntry: false }) !== undefined &&
    realpathSync(path).startsWith(realpathSync(folder) + sep)
  )
}

/** What is too damaged to say whose it is may be replaced: it is kept, and its place is the project's by its header. */
function refuseOthersDatabase({ path, shownAs }: NamedFile, account: Account): void {
  const codes = ['store.not-ours', 'store.other-account']
  try {
    const connection = connectReadOnly(path, shownAs)
    try {
      if (readSchemaState(connection, shownAs).kind !== 'empty')
        refuseOtherAccount(connection, account, shownAs)
    } finally {
      connection.close()
    }
  } catch (error) {
    if (error instanceof DiagnosticError && error.diagnostics.some(({ code }) => codes.includes(code)))
      throw error
    if (!(error instanceof DiagnosticError) && sqliteFailure(error) === null)
      throw fileFailure(error, shownAs)
  }
}
