import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { oddKindOf, readRegularFile } from '../regular-file.ts'
import { blobText } from './repository.ts'

/** How far alternates of alternates are followed. @see git's `object-file.c`: five levels */
const MOST_LEVELS = 5

/**
 * The file system as isomorphic-git is to see it: nothing can be written; what is no file is no file, instead of being waited
 * for; and the objects of a clone that borrows from others (`clone --shared`, `--reference`) are those of all of them.
 */
export function gitFiles(commondir: string): { readonly promises: GitFiles } {
  const stores = objectStores(commondir)
  const own = join(commondir, 'objects')
  /** Where a path may be: objects may be in any of the stores. */
  const placesOf = (path: string): readonly string[] => {
    const full = resolve(path)
    return full.startsWith(own + sep) ? stores.map((store) => store + full.slice(own.length)) : [full]
  }
  const firstOf = <T>(path: string, look: (place: string) => T): T => {
    let absent: unknown = null
    for (const place of placesOf(path)) {
      try {
        return look(place)
      } catch (error) {
        if (!isAbsent(error)) throw error
        absent = error
      }
    }
    throw Object.assign(new Error('not there', { cause: absent }), { code: 'ENOENT' })
  }
  const refuse = async (): Promise<never> => {
    throw new Error('a repository is only read')
  }
  return {
    promises: {
      readFile: async (path, options) => {
        const encoding = typeof options === 'string' ? options : options?.encoding
        const bytes = firstOf(path, (place) => {
          // As reading a folder would say.
          if (statSync(place).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
          return readRegularFile(place, 'followed')
        })
        return encoding === undefined || encoding === null ? bytes : bytes.toString(encoding)
      },
      readdir: async (path) => {
        const names = new Set<string>()
        let found = false
        let problem: unknown = null
        for (const place of placesOf(path)) {
          try {
            for (const name of readdirSync(place)) names.add(name)
            found = true
          } catch (error) {
            problem = error
          }
        }
        if (!found) throw problem
        return [...names]
      },
      stat: async (path) => firstOf(path, (place) => statSync(place)),
      lstat: async (path) => firstOf(path, (place) => lstatSync(place)),
      readlink: async (path) => readlinkSync(path),
      writeFile: refuse,
      mkdir: refuse,
      rmdir: refuse,
      unlink: refuse,
      symlink: refuse,
    },
  }
}

/** The folders that hold a repository's objects: its own first, then those that it borrows from. */
export function objectStores(commondir: string): readonly string[] {
  const own = join(commondir, 'objects')
  return [own, ...alternatesOf(own, 1)]
}

/**
 * What is wrong with where a repository borrows objects from: git passes over it, until one is missing.
 * @returns in a few words; null: nothing is
 */
export function wrongAlternate(commondir: string): string | null {
  let wrong: string | null = null
  alternatesOf(join(commondir, 'objects'), 1, (why) => {
    wrong ??= why
  })
  return wrong
}

interface GitFiles {
  readFile(
    path: string,
    options?: BufferEncoding | { readonly encoding?: BufferEncoding | null },
  ): Promise<Buffer | string>
  readdir(path: string): Promise<string[]>
  stat(path: string): Promise<ReturnType<typeof statSync>>
  lstat(path: string): Promise<ReturnType<typeof lstatSync>>
  readlink(path: string): Promise<string>
  writeFile(): Promise<never>
  mkdir(): Promise<never>
  rmdir(): Promise<never>
  unlink(): Promise<never>
  symlink(): Promise<never>
}

/** A name that is too long for the file system is that of no file; a ref may well have one. */
const ABSENT: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ABSENT.includes(error.code)

/** @see Git documentation, "gitrepository-layout": objects/info/alternates; relative paths are relative to `objects` */
function alternatesOf(
  objects: string,
  level: number,
  onWrong: (why: string) => void = () => {},
  seen: Set<string> = new Set([objects]),
): readonly string[] {
  const lines = (blobText(join(objects, 'info', 'alternates')) ?? '').split('\n')
  return lines.flatMap((line) => {
    const path = unquoted(line.trim())
    if (path === '' || path.startsWith('#')) return []
    const store = resolve(objects, path)
    if (level > MOST_LEVELS) {
      onWrong(`\`${store}\` over more than ${MOST_LEVELS} levels`)
      return []
    }
    // As git does; a thousand lines that name one folder would be a thousand to the fifth.
    if (seen.has(store)) {
      onWrong(`\`${store}\` twice, or in a circle`)
      return []
    }
    seen.add(store)
    if (!isFolder(store)) {
      onWrong(`\`${store}\`, which is not there`)
      return []
    }
    return [store, ...alternatesOf(store, level + 1, onWrong, seen)]
  })
}

/** Git quotes a path as C does, when it has other than plain characters. */
function unquoted(line: string): string {
  if (!line.startsWith('"') || !line.endsWith('"') || line.length < 2) return line
  const bytes = Buffer.from(line.slice(1, -1), 'utf8').toString('latin1')
  const raw = bytes.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    /^\d/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  )
  return Buffer.from(raw, 'latin1').toString('utf8')
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

function isFolder(path: string): boolean {
  try {
    return oddKindOf(statSync(path)) === 'a folder'
  } catch {
    return false
  }
}
