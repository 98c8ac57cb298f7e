import { statSync } from 'node:fs'
import { join } from 'node:path'
import { OddFileError, readRegularFile } from '../regular-file.ts'
import { Ewah } from './ewah.ts'
import { gitUnreadable } from './git-problems.ts'
import { type Repository, unsupportedFormat } from './repository.ts'

/** What git knows of one path of the working tree. */
export interface IndexEntry {
  /** Relative to the repository's root, with `/`; bytes that aren't UTF-8 are U+FFFD. */
  readonly path: string
  /** `folder`: a sparse index has one entry for all that a folder holds, and none of it is on disk. */
  readonly type: 'file' | 'link' | 'submodule' | 'folder'
  /** That git takes the file for unchanged, whatever is on disk: left out on purpose, or not to be looked at. */
  readonly absence: 'noticed' | 'sparse' | 'assumed-unchanged'
}

/**
 * Git's index of a working tree.
 * @returns nothing in a repository that has none yet
 * @throws DiagnosticError `git.unreadable`
 * @see Git documentation, "gitformat-index": versions 2 to 4, split and sparse
 */
export function readIndex(repository: Repository): readonly IndexEntry[] {
  const { gitdir } = repository
  const file = join(gitdir, 'index')
  const version = versionOf(file)
  if (version === null) return []
  if (last?.version === version) return last.entries
  const unsupported = unsupportedFormat(repository)
  // How branches are kept is no concern of an index; what ids are made of is.
  if (unsupported?.toLowerCase().startsWith('objectformat') === true)
    throw gitUnreadable(`\`${unsupported}\` is not supported`)
  const entries = parse(bytesOf(file), (base) => bytesOf(join(gitdir, `sharedindex.${base}`))).map(entryOf)
  last = { version, entries }
  return entries
}

/** A command asks several times, about one repository. */
let last: { readonly version: string; readonly entries: readonly IndexEntry[] } | null = null

function versionOf(file: string): string | null {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? null : `${file} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`
}

function bytesOf(file: string): Buffer {
  try {
    return readRegularFile(file, 'followed')
  } catch (error) {
    const why = error instanceof OddFileError ? error.message : 'it is not there, or may not be read'
    throw gitUnreadable(`the index: ${why}`)
  }
}

/** As it stands in the file. */
interface RawEntry {
  readonly name: Buffer
  readonly mode: number
  readonly flags: number
  readonly extended: number
}

const EXTENDED = 0x4000
const ASSUME_VALID = 0x8000
const SKIP_WORKTREE = 0x4000

const entryOf = ({ name, mode, flags, extended }: RawEntry): IndexEntry => ({
  path: name.toString('utf8').replace(/\/$/, ''),
  type: TYPES[mode >> 12] ?? 'file',
  absence:
    (extended & SKIP_WORKTREE) !== 0
      ? 'sparse'
      : (flags & ASSUME_VALID) !== 0
        ? 'assumed-unchanged'
        : 'noticed',
})

/** By the upper bits of a mode. */
const TYPES: Readonly<Record<number, IndexEntry['type']>> = { 4: 'folder', 10: 'link', 14: 'submodule' }

/** Bytes of an entry before its name, and before its flags; a name of more than 4,095 bytes has its length at its end. */
const HEADER = 62
const FLAGS = 60
const MODE = 24
const TRAILER = 20

/** @param baseOf the bytes of the shared index that a split index builds upon */
function parse(bytes: Buffer, baseOf: ((base: string) => Buffer) | null): readonly RawEntry[] {
  const damaged = () => gitUnreadable('the index is damaged')
  if (bytes.length < 12 + TRAILER || bytes.toString('latin1', 0, 4) !== 'DIRC') throw damaged()
  const version = bytes.readUInt32BE(4)
  if (version < 2 || version > 4) throw gitUnreadable(`an index of version ${version} is not supported`)
  const entries: RawEntry[] = []
  let at = 12
  let name = Buffer.alloc(0)
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const start = at
    if (start + HEADER > bytes.length) throw damaged()
    const flags = bytes.readUInt16BE(start + FLAGS)
    const isExtended = (flags & EXTENDED) !== 0
    at += HEADER + (isExtended ? 2 : 0)
    let stripped = name.length
    if (version === 4) {
      const strip = variableInteger(bytes, at)
      at = strip.end
      stripped = strip.value
    }
    const end = bytes.indexOf(0, at)
    if (end === -1 || stripped > name.length) throw damaged()
    name = Buffer.concat([name.subarray(0, name.length - stripped), bytes.subarray(at, end)])
    at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7)
    const extended = isExtended ? bytes.readUInt16BE(start + HEADER) : 0
    entries.push({ name, mode: bytes.readUInt32BE(start + MODE), flags, extended })
  }
  while (at + 8 <= bytes.length - TRAILER) {
    const kind = bytes.toString('latin1', at, at + 4)
    const size = bytes.readUInt32BE(at + 4)
    const content = bytes.subarray(at + 8, at + 8 + size)
    at += 8 + size
    if (at > bytes.length) throw damaged()
    if (kind === 'link') {
      if (baseOf === null) throw damaged()
      return merged(entries, content, baseOf)
    }
    // Git's own rule: what an extension with a small letter says must be understood.
    if (/^[a-z]/.test(kind) && kind !== 'sdir')
      throw gitUnreadable(`\`${kind}\` in its index is not supported`)
  }
  return entries
}

/** Git's offset encoding: seven bits a byte, each further byte one more than its bits say. */
function variableInteger(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let at = start
  let byte = bytes[at++] ?? 0
  let value = byte & 0x7f
  while ((byte & 0x80) !== 0 && at < bytes.length) {
    byte = bytes[at++] ?? 0
    value = (value + 1) * 128 + (byte & 0x7f)
  }
  return { value, end: at }
}

/** A split index: which entries of the shared one are gone, which are replaced (these have no name), and what is new. */
function merged(
  entries: readonly RawEntry[],
  link: Buffer,
  baseOf: (base: string) => Buffer,
): readonly RawEntry[] {
  const base = link.toString('hex', 0, TRAILER)
  if (/^0*$/.test(base)) return entries
  const shared = [...parse(baseOf(base), null)]
  if (link.length === TRAILER) return [...shared, ...entries]
  const gone = Ewah.read(link, TRAILER)
  const replaced = Ewah.read(link, gone.end)
  const replacements = entries.filter(({ name }) => name.length === 0)
  let next = 0
  for (const at of replaced.positions) {
    const old = shared[at]
    const fresh = replacements[next++]
    if (old === undefined || fresh === undefined) throw gitUnreadable('the index is damaged')
    shared[at] = { ...fresh, name: old.name }
  }
  const dropped = new Set(gone.positions)
  return [...shared.filter((_, at) => !dropped.has(at)), ...entries.filter(({ name }) => name.length > 0)]
}
