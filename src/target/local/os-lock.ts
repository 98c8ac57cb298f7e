import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'libsql'
import { isBusy, storeError } from '../../store/sqlite/failures.ts'

/** A lock that the operating system frees when its process ends, however it ends. */
export interface HeldLock {
  release(): void
}

/**
 * The file that is locked: beside the database, whatever link it was reached by, and always empty, so that nothing in it
 * can go stale or break. It is never deleted: another process may be about to lock it.
 * INVARIANT: no code of this process opens it but SQLite. POSIX drops a process's locks on a file when any of its
 * descriptors of that file is closed; SQLite knows that, and keeps its own.
 */
function lockFileOf(database: string): string {
  const real = statSync(database, { throwIfNoEntry: false }) === undefined ? null : realpathSync(database)
  return `${real ?? join(realFolder(dirname(database)), basename(database))}.lock`
}

const realFolder = (folder: string): string =>
  statSync(folder, { throwIfNoEntry: false }) === undefined ? folder : realpathSync(folder)

/** Takes the lock without waiting, or returns null when somebody has it: another process, or this one. */
export function tryOsLock(database: string): HeldLock | null {
  const file = lockFileOf(database)
  try {
    const connection = new Database(file)
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
  } catch (error) {
    throw storeError(error, file)
  }
}

/** Whether somebody holds the lock just now. Writes nothing. */
export function isOsLocked(database: string): boolean {
  const file = lockFileOf(database)
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return false
  const connection = new Database(`file:${file.split('/').map(encodeURIComponent).join('/')}?mode=ro`)
  try {
    connection.prepare('SELECT count(*) FROM sqlite_master').get()
    return false
  } catch (error) {
    if (isBusy(error)) return true
    throw storeError(error, file)
  } finally {
    connection.close()
  }
}
