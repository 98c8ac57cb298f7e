import { closeSync, fstatSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { constants, inflateSync } from 'node:zlib'
import { OddFileError, openRegularFile, readRegularFile } from '../regular-file.ts'
import { gitUnreadable } from './git-problems.ts'

/** Kinds of entries in a pack. @see Git documentation, "gitformat-pack" */
const OFS_DELTA = 6
const REF_DELTA = 7

/** Longer than any chain that git writes. */
const MOST_DELTAS = 4096
/** What deflate can make out of bytes that it can't make smaller. */
const compressedAtMost = (size: number): number => size + Math.ceil(size / 1000) + 128

interface Pack {
  readonly file: string
  readonly index: Buffer
}

/**
 * How large objects are, by their headers: before anything is inflated, so that a few kilobytes that stand for gigabytes are
 * refused. What a header says is held against the object itself, as far as that goes on.
 */
export class ObjectSizes {
  readonly #stores: readonly string[]
  readonly #most: number
  #packs: readonly Pack[] | null = null
  /** By pack and offset. */
  readonly #known = new Map<string, number>()

  /**
   * @param stores folders of objects, `objects` of a repository and those that it borrows from
   * @param most bytes that an object may have; what is larger has its size by its header alone
   */
  constructor(stores: readonly string[], most: number) {
    this.#stores = stores
    this.#most = most
  }

  /**
   * @returns bytes; null: there is no such object
   * @throws DiagnosticError `git.unreadable` when an object is not what its header says
   */
  sizeOf(oid: string): number | null {
    return this.#sizeOf(oid, 0)
  }

  #sizeOf(oid: string, deltas: number): number | null {
    for (const store of this.#stores) {
      const file = join(store, oid.slice(0, 2), oid.slice(2))
      if (statSync(file, { throwIfNoEntry: false }) !== undefined) return this.#looseSize(oid, file)
    }
    for (const pack of this.#allPacks()) {
      const offset = offsetIn(pack.index, oid)
      if (offset !== null) return this.#packedSize(pack, offset, oid, deltas)
    }
    return null
  }

  #looseSize(oid: string, file: string): number {
    const bytes = readRegularFile(file, 'followed')
    const header = inflateSync(bytes.subarray(0, 256), { finishFlush: constants.Z_SYNC_FLUSH })
    const end = header.indexOf(0)
    const size = Number(/^[a-z]+ (\d+)$/.exec(header.subarray(0, end).toString('latin1'))?.[1])
    if (end === -1 || !Number.isSafeInteger(size)) throw damaged(oid)
    if (size <= this.#most) assertInflates(bytes, size + end + 1, oid)
    return size
  }

  #packedSize(pack: Pack, offset: number, oid: string, deltas: number): number {
    const key = `${pack.file}:${offset}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (deltas > MOST_DELTAS) throw damaged(oid)
    const head = readAt(pack.file, offset, 64)
    let at = 0
    let byte = head[at++] ?? 0
    const type = (byte >> 4) & 7
    let declared = byte & 15
    for (let factor = 16; byte >= 128; factor *= 128) {
      byte = head[at++] ?? 0
      declared += (byte & 127) * factor
    }
    let base: number | null = null
    if (type === OFS_DELTA) {
      byte = head[at++] ?? 0
      let back = byte & 127
      while (byte >= 128) {
        byte = head[at++] ?? 0
        back = (back + 1) * 128 + (byte & 127)
      }
      if (back <= 0 || back > offset) throw damaged(oid)
      base = this.#packedSize(pack, offset - back, oid, deltas + 1)
    } else if (type === REF_DELTA) {
      base = this.#sizeOf(head.subarray(at, at + 20).toString('hex'), deltas + 1)
      if (base === null) throw damaged(oid)
      at += 20
    }
    let size = declared
    if (declared <= this.#most) {
      const bytes = readAt(pack.file, offset + at, compressedAtMost(declared))
      const inflated = assertInflates(bytes, declared, oid)
      if (base !== null) size = resultSize(inflated)
    }
    // What is put together of it is no smaller a load than itself.
    size = Math.max(size, base !== null && base > this.#most ? base : 0)
    this.#known.set(key, size)
    return size
  }

  #allPacks(): readonly Pack[] {
    this.#packs ??= this.#stores.flatMap((store) => {
      const folder = join(store, 'pack')
      return namesIn(folder)
        .filter((name) => /^pack-.*\.idx$/.test(name))
        .map((name) => ({
          file: join(folder, name.replace(/idx$/, 'pack')),
          index: readRegularFile(join(folder, name), 'followed'),
        }))
    })
    return this.#packs
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const IDX_MAGIC = 0xff744f63
const FANOUT = 8
const OIDS = FANOUT + 256 * 4

/** Where a pack holds an object, by its index (version 2); null: it doesn't. Version 1 is none that git has written since 2008. */
function offsetIn(index: Buffer, oid: string): number | null {
  if (index.length < OIDS || index.readUInt32BE(0) !== IDX_MAGIC) return null
  const wanted = Buffer.from(oid, 'hex')
  const first = wanted[0] ?? 0
  const count = index.readUInt32BE(FANOUT + 255 * 4)
  let low = first === 0 ? 0 : index.readUInt32BE(FANOUT + (first - 1) * 4)
  let high = index.readUInt32BE(FANOUT + first * 4)
  if (OIDS + count * 28 > index.length || low > high || high > count) return null
  while (low < high) {
    const middle = (low + high) >> 1
    const at = OIDS + middle * 20
    const order = Buffer.compare(index.subarray(at, at + 20), wanted)
    if (order === 0) {
      const offset = index.readUInt32BE(OIDS + count * 24 + middle * 4)
      if (offset < 0x80000000) return offset
      const large = OIDS + count * 28 + (offset - 0x80000000) * 8
      return large + 8 > index.length ? null : Number(index.readBigUInt64BE(large))
    }
    if (order < 0) low = middle + 1
    else high = middle
  }
  return null
}

/** The size of what a delta makes: its second number, after that of its base. */
function resultSize(delta: Buffer): number {
  let at = 0
  const next = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = delta[at++] ?? 0
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  next()
  return next()
}

/** @throws DiagnosticError when more comes out than was said */
function assertInflates(bytes: Buffer, size: number, oid: string): Buffer {
  try {
    const inflated = inflateSync(bytes, { maxOutputLength: Math.max(size, 1) })
    if (inflated.length === size) return inflated
  } catch {}
  throw damaged(oid)
}

const damaged = (oid: string) => gitUnreadable(`the object ${oid.slice(0, 12)} is damaged`)

function readAt(file: string, offset: number, length: number): Buffer {
  const descriptor = openPack(file)
  try {
    const rest = Math.max(0, fstatSync(descriptor).size - offset)
    const bytes = Buffer.alloc(Math.min(length, rest))
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, offset))
  } finally {
    closeSync(descriptor)
  }
}

function openPack(file: string): number {
  try {
    return openRegularFile(file, 'followed')
  } catch (error) {
    if (error instanceof OddFileError) throw gitUnreadable(`\`${file}\` is ${error.kind}`)
    throw error
  }
}
