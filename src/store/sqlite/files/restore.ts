import { linkSync, mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DiagnosticError } from '../../../diagnostics/index.ts'
import type { Account } from '../../../model/index.ts'
import type { StoreKinds } from '../../store-kind.ts'
import { Connection } from '../connection.ts'
import { failed } from '../failures.ts'
import type { NamedFile } from './backup.ts'
import { copyDatabase, fileFailure, type Held, heldBy, isThere, sync } from './copy.ts'
import { tryOsLock } from './os-lock.ts'
import { connectReadOnly } from './read-only.ts'

/**
 * What a backup holds, before anything is done with it.
 * @throws DiagnosticError `store.*` when it is no sound database of this account that this version can read
 */
export function readBackup<E, S>(backup: NamedFile, account: Account, kinds: StoreKinds<E, S>): Held {
  try {
    if (!statSync(backup.path).isFile())
      throw failed(
        'store.not-a-database',
        `\`${backup.shownAs}\` is not a file`,
        'name a file that `backup` made',
      )
    const connection = connectReadOnly(backup.path, backup.shownAs)
    try {
      const held = heldBy(connection, backup.shownAs, kinds)
      if (held.account.id !== account.id || held.account.partition !== account.partition)
        throw failed(
          'store.other-account',
          `the backup \`${backup.shownAs}\` holds account \`${held.account.id}\` (partition \`${held.account.partition}\`), not \`${account.id}\` (\`${account.partition}\`)`,
          'name the account that it holds with `--account`',
        )
      return held
    } finally {
      connection.close()
    }
  } catch (error) {
    throw ofNoDatabase(fileFailure(error, backup.shownAs))
  }
}

/** The file is an argument: what is wrong with it has nothing to do with what the project file names. */
function ofNoDatabase(error: unknown): unknown {
  if (!(error instanceof DiagnosticError)) return error
  return new DiagnosticError(
    error.diagnostics.map((each) =>
      OF_A_FILE.has(each.code) ? { ...each, help: 'name a file that `backup` made' } : each,
    ),
  )
}

const OF_A_FILE: ReadonlySet<string> = new Set(['store.not-a-database', 'store.not-ours', 'store.corrupt'])

type Restored =
  /** `kept` is where the database from before is now, absolute; null: there was none. */
  { readonly type: 'restored'; readonly kept: string | null } | { readonly type: 'locked' }

/**
 * Puts a backup in the place of an account's database, under the lock of applies. The database from before is kept, with
 * its log, whatever state it is in. Killed at any moment, one of the two is in place, and the other beside it.
 * @throws DiagnosticError `store.*`
 */
export function restore<E, S>(backup: NamedFile, database: NamedFile, kinds: StoreKinds<E, S>): Restored {
  try {
    mkdirSync(dirname(database.path), { recursive: true })
  } catch (error) {
    // Something else is where the folder would be.
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST'
    throw fileFailure(isTaken ? { code: 'ENOTDIR' } : error, database.shownAs)
  }
  const lock = tryOsLock(database.path, database.shownAs)
  if (lock === null) return { type: 'locked' }
  try {
    const place = isThere(database.path) ? realpathSync(database.path) : database.path
    const fresh = `${place}.restoring`
    // What a restore that was killed has left; nobody else is at it, under the lock.
    rmSync(fresh, { force: true })
    copyDatabase(backup.path, backup.shownAs, fresh, `${database.shownAs}.restoring`, kinds)
    lock.assertHeld()
    const kept = keep(place)
    renameSync(fresh, place)
    sync(dirname(place))
    return { type: 'restored', kept }
  } catch (error) {
    throw fileFailure(error, database.shownAs)
  } finally {
    lock.release()
  }
}

/**
 * Gives what is in place a second name.
 * INVARIANT: its log goes away before another database takes its place: SQLite would put it into that one.
 */
function keep(place: string): string | null {
  if (!isThere(place)) {
    for (const suffix of ['-wal', '-shm']) rmSync(place + suffix, { force: true })
    return null
  }
  mergeLog(place)
  const kept = freeName(`${place}.before-restore`)
  try {
    linkSync(place, kept)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    // Not every file system has links: for a moment nothing is in place then.
    renameSync(place, kept)
  }
  const log = statSync(`${place}-wal`, { throwIfNoEntry: false })
  if (log !== undefined && log.size > 0) renameSync(`${place}-wal`, `${kept}-wal`)
  for (const suffix of ['-wal', '-shm', '-reserve']) rmSync(place + suffix, { force: true })
  return kept
}

/** So that the file alone is the account. A database that is too damaged for it keeps its log beside it. */
function mergeLog(place: string): void {
  try {
    const connection = new Connection(place)
    try {
      connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } finally {
      connection.close()
    }
  } catch {}
}

function freeName(name: string): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}-${number}`
    if (!isThere(free) && !isThere(`${free}-wal`)) return free
  }
}
