import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { lstatSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isWithin, userCachePlace } from './cache-place.ts'
import { findRepository } from './git/repository.ts'
import { isOwn, isOwnFolder, prepareOwnFolder } from './own-folder.ts'
import { readRegularFile } from './regular-file.ts'

/** Where parsed files are kept between runs, by hash of their content. `null`: not there. */
interface FileParseCache {
  get(hash: string): string | null
  put(hash: string, value: string): void
}

const DAY = 24 * 60 * 60 * 1000
/** How long an entry stays that nobody asks for; that of another build is of use to nobody but its build. */
const KEPT_OF_THIS_BUILD = 30 * DAY
const KEPT_OF_OTHER_BUILDS = 7 * DAY
/** When the entries have more bytes, the oldest go until they have half of it. */
const MOST_BYTES = 512 * 1024 * 1024

const SECRET = 'secret'
const SECRET_BYTES = 32
const PRUNED = 'pruned'
/** What the cache calls an entry, and one that is being written. Nothing by another name is ever removed. */
const OWN_NAME = /^(?:\.(?=.*\.\d+$))?([0-9a-f]{12})-[0-9A-Za-z_-]{8,128}(?:\.\d+)?$/

/**
 * The cache of whoever runs this, for a project.
 * @param folder the IAM folder: a cache within it, or within its repository, is not used
 * @param build stands for the code that writes and reads the entries
 * @returns null where there is to be none
 */
export function userParseCache(folder: string, build: string): FileParseCache | null {
  const place = userCachePlace()
  if (place === null || isWithin(place, findRepository(folder)?.root ?? folder)) return null
  return fileParseCache(place, build)
}

/**
 * A parse cache in a folder of the user's. Deleting it is always safe, and every failure is silent: a cache that can't be
 * read or written costs time, nothing else.
 *
 * An entry is believed only if it carries the code (HMAC) of its key, build and content under a secret that nobody but the
 * user can read: a file that was put there by somebody else, or moved to another name, is as if it weren't there. The folder
 * itself must be the user's own, and no link.
 * @param clock milliseconds since the epoch
 */
export function fileParseCache(place: string, build: string, clock = Date.now): FileParseCache {
  const directory = join(place, 'parsed-v1')
  const prefix = createHash('sha256').update(build).digest('hex').slice(0, 12)
  let known: Buffer | null | undefined
  let writable: boolean | null = null
  const secret = (): Buffer | null => {
    if (known === undefined) known = isOwnFolder(directory) ? readSecret(directory) : null
    return known
  }
  const codeOf = (key: Buffer, hash: string, value: string): string =>
    createHmac('sha256', key).update(`${build}\n${hash}\n`).update(value).digest('hex')
  return {
    get(hash) {
      const key = isHash(hash) ? secret() : null
      if (key === null) return null
      const file = join(directory, `${prefix}-${hash}`)
      try {
        const text = readRegularFile(file, 'refused').toString('utf8')
        const value = text.slice(CODE_LENGTH + 1)
        if (!isSame(text.slice(0, CODE_LENGTH), codeOf(key, hash, value))) return null
        markUsed(file, clock())
        return value
      } catch {
        return null
      }
    },
    put(hash, value) {
      if (!isHash(hash)) return
      writable ??= prepare(directory)
      if (writable && known === null) known = undefined
      const key = writable ? secret() : null
      if (key === null) return
      const name = `${prefix}-${hash}`
      // A name of our own until it is complete: a reader never sees half an entry, and two writers don't mix theirs.
      const partial = join(directory, `.${name}.${process.pid}`)
      try {
        rmSync(partial, { force: true })
        writeFileSync(partial, `${codeOf(key, hash, value)}\n${value}`, { flag: 'wx', mode: 0o600 })
        renameSync(partial, join(directory, name))
        pruneDaily(directory, prefix, clock())
      } catch {
        writable = false
        known = null
        rmSync(partial, { force: true })
      }
    },
  }
}

/** Hexadecimal digits of an HMAC with SHA-256. */
const CODE_LENGTH = 64

/** The name of a file, so nothing but letters and digits. */
const isHash = (hash: string): boolean => /^[0-9A-Za-z_-]{8,128}$/.test(hash)

const isSame = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))

function readSecret(directory: string): Buffer | null {
  const file = join(directory, SECRET)
  try {
    if (!isOwn(lstatSync(file), 0o077)) return null
    const secret = readRegularFile(file, 'refused')
    return secret.byteLength === SECRET_BYTES ? secret : null
  } catch {
    return null
  }
}

function prepare(directory: string): boolean {
  try {
    if (!prepareOwnFolder(directory)) return false
    if (readSecret(directory) !== null) return true
    // Renamed into place whole. Of two processes that do so at once, one finds its entries of this run worthless later.
    const partial = join(directory, `.${SECRET}.${process.pid}`)
    rmSync(partial, { force: true })
    writeFileSync(partial, randomBytes(SECRET_BYTES), { flag: 'wx', mode: 0o600 })
    renameSync(partial, join(directory, SECRET))
    return true
  } catch {
    return false
  }
}

/** Once a day is enough to tell what is still of use. */
function markUsed(file: string, now: number): void {
  if (now - lstatSync(file).mtimeMs > DAY) utimesSync(file, now / 1000, now / 1000)
}

function pruneDaily(directory: string, prefix: string, now: number): void {
  const marker = join(directory, PRUNED)
  const last = lstatSync(marker, { throwIfNoEntry: false })
  if (last !== undefined && Math.abs(now - last.mtimeMs) < DAY) return
  rmSync(marker, { force: true })
  writeFileSync(marker, '', { flag: 'wx', mode: 0o600 })
  utimesSync(marker, now / 1000, now / 1000)
  prune(directory, prefix, now)
}

function prune(directory: string, prefix: string, now: number): void {
  const entries = readdirSync(directory).flatMap((name) => {
    const build = OWN_NAME.exec(name)?.[1]
    const stats = lstatSync(join(directory, name), { throwIfNoEntry: false })
    if (build === undefined || stats === undefined || !stats.isFile()) return []
    return [{ name, build, age: now - stats.mtimeMs, size: stats.size }]
  })
  entries.sort((a, b) => a.age - b.age)
  let bytes = entries.reduce((sum, { size }) => sum + size, 0)
  const wanted = bytes > MOST_BYTES ? MOST_BYTES / 2 : MOST_BYTES
  for (const { name, build, age, size } of entries.reverse()) {
    const kept = name.startsWith('.') ? DAY : build === prefix ? KEPT_OF_THIS_BUILD : KEPT_OF_OTHER_BUILDS
    if (age <= kept && bytes <= wanted) continue
    rmSync(join(directory, name), { force: true })
    bytes -= size
  }
}
