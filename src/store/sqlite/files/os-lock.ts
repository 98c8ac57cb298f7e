import { closeSync, openSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Connection } from '../connection.ts'
import { isBusy, storeError } from '../failures.ts'
import { fileIdentity, removed } from './file-identity.ts'
import { readOnlyUri } from './location.ts'
import { refuseOddFiles } from './own-files.ts'
import { userLockOf } from './user-locks.ts'

/** A lock that the operating system frees when its process ends, however it ends. */
export interface HeldLock {
  /** @throws DiagnosticError `store.removed` once its file is gone, so that it keeps nobody out any more */
  assertHeld(): void
  release(): void
}

/**
 * Takes the lock of a database without waiting, or returns null when somebody has it: another process, or this one.
 * @param shownAs how messages call the database
 * @throws DiagnosticError `store.*`
 */
export function tryOsLock(database: string, shownAs = database): HeldLock | null {
  const real = describingFailures(shownAs, () => {
    refuseOddFiles(database, shownAs)
    return realPath(database)
  })
  const guard = tryUserLock(real)
  if (guard === 'busy') return null
  try {
    const file = `${real}.lock`
    const beside = describingFailures(shownAs, () => tryFile(file, modeBeside(real)))
    if (beside === null) {
      guard?.release()
      return null
    }
    let held = true
    return {
      assertHeld() {
        if (!beside.isInPlace()) throw removed(`${shownAs}.lock`)
      },
      release() {
        if (!held) return
        held = false
        beside.release()
        guard?.release()
      },
    }
  } catch (error) {
    guard?.release()
    throw error
  }
}

/** Whether somebody holds the lock just now. Writes nothing. */
export function isOsLocked(database: string, shownAs = database): boolean {
  return describingFailures(shownAs, () => {
    const file = `${realPath(database)}.lock`
    if (statSync(file, { throwIfNoEntry: false }) === undefined) return false
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

interface LockedFile {
  isInPlace(): boolean
  release(): void
}

/**
 * Locks a file, which is always empty, so that nothing in it can go stale or break. The one beside a database is never
 * deleted: another process may be about to lock it.
 * INVARIANT: nothing in this process opens it but SQLite. POSIX drops a process's locks on a file as soon as any of its
 * descriptors of that file is closed; SQLite takes care of that, and keeps them open.
 * @returns null when somebody has it
 */
function tryFile(file: string, mode: number): LockedFile | null {
  createFile(file, mode)
  const opened = fileIdentity(file)
  const connection = new Connection(file)
  try {
    // SQLite's own locking, which works between processes and within one, on every system that it runs on. A journal on the
    // disk would be one more file that a kill leaves behind.
    connection.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    connection.close()
    if (isBusy(error)) return null
    throw error
  }
  const lock: LockedFile = {
    isInPlace: () => opened !== null && fileIdentity(file) === opened,
    release() {
      connection.exec('ROLLBACK')
      connection.close()
    },
  }
  if (lock.isInPlace()) return lock
  // Deleted between opening and locking: a lock on what no path leads to keeps nobody out.
  lock.release()
  return null
}

/**
 * The lock of the same database in the user's own folder. Its file is deleted while it is held: whoever has opened it
 * by then finds that the path doesn't lead to it any more.
 * @returns null where there is no such lock to take
 */
function tryUserLock(real: string): LockedFile | 'busy' | null {
  const file = userLockOf(real)
  if (file === null) return null
  try {
    const lock = tryFile(file, PRIVATE)
    if (lock === null) return 'busy'
    return {
      isInPlace: lock.isInPlace,
      release() {
        if (lock.isInPlace()) rmSync(file, { force: true })
        lock.release()
      },
    }
  } catch {
    // A full disk, a home that can't be written: the lock beside the database is the one that counts.
    return null
  }
}

const PRIVATE = 0o600

/** Whoever may write the database may lock it, nobody else. */
const modeBeside = (database: string): number => {
  const stats = statSync(database, { throwIfNoEntry: false })
  return stats === undefined ? PRIVATE : stats.mode & 0o666
}

/** A new file only: opening one that is there, and closing it again, would drop the lock that this process may have on it. */
function createFile(file: string, mode: number): void {
  try {
    closeSync(openSync(file, 'wx', mode))
  } catch {
    // It is there; or it can't be made, which SQLite is about to find too, and whose words for it are known.
  }
}

/** Whatever link a database was reached by. */
const realPath = (database: string): string =>
  exists(database)
    ? realpathSync(database)
    : join(
        exists(dirname(database)) ? realpathSync(dirname(database)) : dirname(database),
        basename(database),
      )

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

function describingFailures<T>(shownAs: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(error, `${shownAs}.lock`)
  }
}
