import { lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder that nobody but the user can write to. @returns false where there is none, or somebody else's */
export function prepareOwnFolder(folder: string): boolean {
  try {
    makeFolder(folder)
    return isOwnFolder(folder)
  } catch {
    return false
  }
}

/** Whether nobody else can put anything there. On Windows, the folders of a user are protected by where they are. */
export function isOwnFolder(folder: string): boolean {
  try {
    const stats = lstatSync(folder)
    return stats.isDirectory() && isOwn(stats, 0o022)
  } catch {
    return false
  }
}

/** @param forbidden bits that the mode must not have */
export const isOwn = (
  { uid, mode }: { readonly uid: number; readonly mode: number },
  forbidden: number,
): boolean => process.getuid === undefined || (uid === process.getuid() && (mode & forbidden) === 0)

/** One folder after the other: where none can be made (`/proc`), Node's recursive way doesn't come to an end. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    makeFolder(dirname(folder))
    mkdirSync(folder, { mode: 0o700 })
  }
}
