import { statSync } from 'node:fs'
import { failed } from '../failures.ts'

/**
 * Which file a path leads to, links followed. While a file is open its number is not given to another.
 * @returns null: to none, or it can't be looked at
 */
export function fileIdentity(path: string): string | null {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stats === undefined ? null : `${stats.dev}:${stats.ino}`
  } catch {
    return null
  }
}

/**
 * What is to be asked of a file that is open: whether its path still leads to it. SQLite itself goes on writing into a file
 * that was deleted or moved, which nobody will ever read.
 * @param path of a file that was just opened
 * @returns a function that throws DiagnosticError `store.removed` once the file is not there any more
 */
export function stayingInPlace(path: string, shownAs: string): () => void {
  const opened = fileIdentity(path)
  return () => {
    if (opened === null || fileIdentity(path) !== opened) throw removed(shownAs)
  }
}

export const removed = (shownAs: string): Error =>
  failed(
    'store.removed',
    `\`${shownAs}\` was deleted, moved or replaced while it was in use; what was written since is in no file`,
    'put the file back where it was or restore a backup, then run this again: it goes on from what is there',
  )
