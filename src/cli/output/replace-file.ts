import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { unreadReason } from '../opening/file-bytes.ts'

/**
 * Puts a text in the place of a file, or of nothing: as a whole, or not at all. A link of this name is replaced, and not followed.
 * @param mode who may read it, less what the umask takes
 * @throws Error, which `unwrittenReason` says in words
 */
export function replaceFile(file: string, text: string, mode: number): void {
  const partial = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`)
  try {
    const descriptor = openSync(partial, 'wx', mode)
    try {
      writeFileSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** Why a file can't be written. What is missing is its folder, never itself. */
export const unwrittenReason = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
    ? 'there is no such folder'
    : unreadReason(error)
