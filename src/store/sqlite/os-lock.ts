import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Connection } from './connection.ts'
import { isBusy, storeError } from './failures.ts'
import { readOnlyUri } from './location.ts'
import { refuseOddFiles } from './own-files.ts'

/** A lock that the operating system frees when its process ends, however it ends. */
export interface HeldLock {
  release(): void
}

/**
 * Takes the lock of a database without waiting, or returns null when somebody has it: another process, or this one.
 * @param shownAs how messages call the database
 * @throws DiagnosticError `store.*`
 */
export function tryOsLock(database: string, shownAs = database): HeldLock | null {
  const file = lockFileOf(database)
  return describingFailures(shownAs, () => {
    refuseOddFiles(database, shownAs)
    const connection = new Connection(file)
    try {
      // SQLite's own locking, which works between processes and within one, on every system that it runs on.
      connection.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      connection.close()
      if (isBusy(error)) return null
      throw error
    }
    let held = true
    return {
      release() {
        if (!held) return
        held = false
        connection.exec('ROLLBACK')
        connection.close()
      },
    }
  })
}

/** Whether somebody holds the lock just now. Writes nothing. */
export function isOsLocked(database: string, shownAs = database): boolean {
  const file = lockFileOf(database)
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return false
  return describingFailures(shownAs, () => {
    refuseOddFiles(database, shownAs)
    const connection = new Connection(readOnlyUri(file))
    try {
      connection.exec('SELECT count(*) FROM sqlite_master')
      return false
    } catch (error) {
      if (isBusy(error)) return true
      throw error
    } finally {
      connection.close()
    }
  })
}

/**
 * The file that is locked: beside the database, whatever link that was reached by, and always empty, so that nothing in
 * it can go stale or break. It is never deleted: another process may be about to lock it.
 * INVARIANT: nothing in this process opens it but SQLite. POSIX drops a process's locks on a file as soon as any of its
 * descriptors of that file is closed; SQLite takes care of that, and keeps them open.
 */
function lockFileOf(database: string): string {
  const real = exists(database)
    ? realpathSync(database)
    : join(
        exists(dirname(database)) ? realpathSync(dirname(database)) : dirname(database),
        basename(database),
      )
  return `${real}.lock`
}

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

function describingFailures<T>(shownAs: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(error, `${shownAs}.lock`)
  }
}
