import { closeSync, openSync, statSync } from 'node:fs'
import { Connection, closingOnFailure } from '../connection.ts'
import { failed, isCannotOpen, isReadOnly } from '../failures.ts'
import { readOnlyUri } from './location.ts'

/**
 * Opens a database so that SQLite refuses every write.
 * A log that is empty needs no shared memory, which a folder that can't be written has no room for.
 */
export function connectReadOnly(file: string, shownAs: string): Connection {
  try {
    return probed(new Connection(readOnlyUri(file)))
  } catch (error) {
    if (!isCannotOpen(error) && !isReadOnly(error)) throw error
    // Unreadable, rather than in want of shared memory: this throws again, with a better reason.
    closeSync(openSync(file, 'r'))
    if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
      throw failed(
        'store.unmerged-log',
        `the database \`${shownAs}\` has a log that can't be read in a folder that can't be written`,
        'run `iam-sync apply` as somebody who may write there, or make the folder writable for you',
      )
    return probed(new Connection(readOnlyUri(file, '&immutable=1')))
  }
}

/** SQLite opens lazily: the first look at the schema is what fails. */
function probed(connection: Connection): Connection {
  return closingOnFailure(connection, () => {
    connection.exec('SELECT count(*) FROM sqlite_master')
    return connection
  })
}
