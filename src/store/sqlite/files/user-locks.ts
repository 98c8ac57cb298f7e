import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * A place for locks that nobody deletes together with a database: the user's own, one file for each database that is in use.
 * The lock beside a database excludes everybody; but whoever deletes the folder in the middle of an apply deletes that lock
 * too, and a second apply could begin on a new file. This one keeps it out as long as the first runs.
 * @param database the real path of a database
 * @returns the path of its lock; null where there is no such place, and on Windows, where nobody can delete an open file
 */
export function userLockOf(database: string): string | null {
  if (process.platform === 'win32') return null
  const folder = userLocks()
  return folder === null ? null : join(folder, createHash('sha256').update(database).digest('hex'))
}

/** @see XDG Base Directory Specification: what isn't absolute is to be ignored */
function userLocks(): string | null {
  const given = process.env.XDG_STATE_HOME ?? ''
  const folder = join(isAbsolute(given) ? given : join(homedir(), '.local', 'state'), 'iam-sync', 'locks')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const stats = lstatSync(folder)
    // A folder of somebody else's could be used to keep this user's applies from ever starting.
    return stats.isDirectory() && stats.uid === process.getuid?.() ? folder : null
  } catch {
    return null
  }
}
