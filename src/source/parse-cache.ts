import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where parsed files are kept between runs, by hash of their content. `null`: not there. */
export interface FileParseCache {
  get(hash: string): string | null
  put(hash: string, value: string): void
}

/** Entries beyond this are dropped, oldest first, the next time something is written. */
const MOST_ENTRIES = 1000

/**
 * A parse cache in `.iam-sync/cache/v1` of an IAM folder. Deleting it is always safe, and every failure is silent:
 * a cache that can't be read or written costs time, nothing else.
 */
export function fileParseCache(folder: string): FileParseCache {
  const own = join(folder, '.iam-sync')
  const directory = join(own, 'cache', 'v1')
  let writable: boolean | null = null
  return {
    get(hash) {
      if (!isHash(hash)) return null
      try {
        return readFileSync(join(directory, hash), 'utf8')
      } catch {
        return null
      }
    },
    put(hash, value) {
      if (!isHash(hash)) return
      writable ??= prepare(own, directory)
      if (!writable) return
      // A name of our own until it is complete: a reader never sees half an entry, and two writers don't mix theirs.
      const partial = join(directory, `.${hash}.${process.pid}`)
      try {
        writeFileSync(partial, value)
        renameSync(partial, join(directory, hash))
      } catch {
        writable = false
        rmSync(partial, { force: true })
      }
    },
  }
}

/** The name of a file, so nothing but letters and digits. */
const isHash = (hash: string): boolean => /^[0-9A-Za-z_-]{8,128}$/.test(hash)

function prepare(own: string, directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true })
    // So that neither cache nor database is ever committed, in a folder that `init` didn't make too.
    try {
      writeFileSync(join(own, '.gitignore'), '*\n', { flag: 'wx' })
    } catch {}
    prune(directory)
    return true
  } catch {
    return false
  }
}

function prune(directory: string): void {
  const names = readdirSync(directory)
  if (names.length <= MOST_ENTRIES) return
  const aged = names.map((name) => ({ name, time: statSync(join(directory, name)).mtimeMs }))
  aged.sort((a, b) => b.time - a.time)
  for (const { name } of aged.slice(MOST_ENTRIES / 2)) rmSync(join(directory, name), { force: true })
}
