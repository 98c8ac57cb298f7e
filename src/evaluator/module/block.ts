import {
  ACTION_SIZE,
  BLOCK_ACTIONS,
  BLOCK_CONTEXTS,
  BLOCK_GROUPS,
  BLOCK_HEADER_SIZE,
  BLOCK_KEYS,
  BLOCK_MAGIC,
  BLOCK_MAGIC_AT,
  BLOCK_MEMBERS,
  BLOCK_PRINCIPALS,
  BLOCK_REQUESTS,
  BLOCK_RESOURCES,
  BLOCK_SETS,
  BLOCK_SIZE_AT,
  BLOCK_STRINGS,
  BLOCK_VALUES,
  CONTEXT_SIZE,
  FACTS_SIZE,
  GIVEN_FOLDED,
  GIVEN_FOLDED_LENGTH,
  GIVEN_LENGTH,
  GIVEN_SIZE,
  GIVEN_TEXT,
  GROUP_SIZE,
  KEY_NUMBER,
  KEY_SIZE,
  KEY_VALUES,
  MEMBER_SIZE,
  PRINCIPAL_SIZE,
  REQUEST_ACTION,
  REQUEST_CONTEXT,
  REQUEST_FACTS,
  REQUEST_OWNER,
  REQUEST_PRINCIPAL,
  REQUEST_RESOURCE,
  REQUEST_SIZE,
  SET_SIZE,
  TABLE_COUNT,
} from '../../../assembly/wire.ts'
import { fold } from '../program/fold.ts'
import { byteLength } from '../program/string-pool.ts'
import type { Room } from './engine.ts'
import { WordTable } from './word-table.ts'

const encoder = new TextEncoder()
/** Up to here it is faster to write a text unit by unit than to call the encoder. */
const SHORT_TEXT = 256

/** How lengths of texts are taken: as if all were ASCII, or as they are. */
type Measure = 'ascii' | 'exact'

/** Where a range of another table's records begins, and how many it has. */
export type Range = readonly [first: number, count: number]

/** A principal as the wire format has it. */
interface PrincipalRecord {
  /** KIND_… */
  readonly kind: number
  /** PRINCIPAL_… */
  readonly flags: number
  readonly principal: string
  readonly base: string
  readonly account: string
  readonly partition: string
  readonly keys: Range
  readonly set: number
}

/**
 * A block in the making: nothing is copied until all is known. Lengths of texts are taken as if all were ASCII, which
 * nearly all are; where one isn't, `writeTo` finds out and counts again. Can be emptied and filled anew.
 */
export class BlockBuilder {
  readonly #actions = new WordTable(ACTION_SIZE)
  readonly #sets = new WordTable(SET_SIZE)
  readonly #groups = new WordTable(GROUP_SIZE)
  readonly #members = new WordTable(MEMBER_SIZE)
  readonly #principals = new WordTable(PRINCIPAL_SIZE)
  readonly #resources = new WordTable(FACTS_SIZE)
  readonly #contexts = new WordTable(CONTEXT_SIZE)
  readonly #keys = new WordTable(KEY_SIZE)
  readonly #values = new WordTable(GIVEN_SIZE)
  readonly #requests = new WordTable(REQUEST_SIZE)
  readonly #tables: readonly (readonly [entry: number, table: WordTable])[] = [
    [BLOCK_ACTIONS, this.#actions],
    [BLOCK_SETS, this.#sets],
    [BLOCK_GROUPS, this.#groups],
    [BLOCK_MEMBERS, this.#members],
    [BLOCK_PRINCIPALS, this.#principals],
    [BLOCK_RESOURCES, this.#resources],
    [BLOCK_CONTEXTS, this.#contexts],
    [BLOCK_KEYS, this.#keys],
    [BLOCK_VALUES, this.#values],
    [BLOCK_REQUESTS, this.#requests],
  ]
  /** All texts one behind the other: as one string, they are copied by one call (rows "in bulk" and "registered"). */
  #texts = ''
  /** Texts that were UTF-8 already, behind the others. */
  #packed: Uint8Array | null = null
  #textSize = 0
  #measure: Measure = 'ascii'

  /** How many contexts there are: the number of the next one. */
  get contextCount(): number {
    return this.#contexts.count
  }

  get isEmpty(): boolean {
    return this.#tables.every(([, table]) => table.count === 0)
  }

  /** Empties it. */
  clear(measure: Measure = 'ascii'): void {
    for (const [, table] of this.#tables) table.clear()
    this.#texts = ''
    this.#packed = null
    this.#textSize = 0
    this.#measure = measure
  }

  /** @returns where the text will stand */
  #add(text: string, length: number): number {
    const offset = this.#textSize
    this.#texts += text
    this.#textSize = offset + length
    return offset
  }

  #push(table: WordTable, text: string): void {
    const length = this.lengthOf(text)
    table.push(this.#add(text, length))
    table.push(length)
  }

  /** @param text in lower case */
  addAction(text: string, service: number, flags: number, always: number, never: number): void {
    this.#push(this.#actions, text)
    this.#actions.push(service)
    this.#actions.push(flags)
    this.#actions.push(always)
    this.#actions.push(never)
  }

  /** A set of groups, each a layer's code and its policies' numbers. */
  addSet(groups: readonly { readonly code: number; readonly numbers: readonly number[] }[]): void {
    this.#sets.push(this.#groups.count)
    this.#sets.push(groups.length)
    for (const { code, numbers } of groups) {
      this.#groups.push(code)
      this.#groups.push(this.#members.count)
      this.#groups.push(numbers.length)
      for (const number of numbers) this.#members.push(number)
    }
  }

  addPrincipal({ kind, flags, principal, base, account, partition, keys, set }: PrincipalRecord): void {
    const table = this.#principals
    table.push(kind)
    table.push(flags)
    for (const text of [principal, base, account, partition]) this.#push(table, text)
    table.push(keys[0])
    table.push(keys[1])
    table.push(set)
  }

  addResource(set: number, keys: Range): void {
    this.#resources.push(set)
    this.#resources.push(keys[0])
    this.#resources.push(keys[1])
  }

  addContext(keys: Range): void {
    this.#contexts.push(keys[0])
    this.#contexts.push(keys[1])
  }

  /** How many keys there are: where the next range of them begins. */
  get keyCount(): number {
    return this.#keys.count
  }

  addKey(number: number, values: readonly string[]): void {
    const key = this.#keys.take()
    const keys = this.#keys.words
    keys[key + KEY_NUMBER / 4] = number
    keys[key + KEY_VALUES / 4] = this.#values.count
    keys[key + KEY_VALUES / 4 + 1] = values.length
    for (let place = 0; place < values.length; place++) this.#addValue(values[place] ?? '')
  }

  #addValue(text: string): void {
    const length = this.lengthOf(text)
    const offset = this.#add(text, length)
    const value = this.#values.take()
    const { words } = this.#values
    words[value + GIVEN_TEXT / 4] = offset
    words[value + GIVEN_LENGTH / 4] = length
    words[value + GIVEN_FOLDED / 4] = offset
    words[value + GIVEN_FOLDED_LENGTH / 4] = length
    if (length === text.length) return
    const folded = fold(text)
    const foldedLength = this.lengthOf(folded)
    words[value + GIVEN_FOLDED / 4] = this.#add(folded, foldedLength)
    words[value + GIVEN_FOLDED_LENGTH / 4] = foldedLength
  }

  /** @param owner the account that owns the resource; empty: nobody says */
  addRequest(
    principal: number,
    facts: number,
    action: number,
    resource: string,
    context: number,
    owner: string,
  ): void {
    const length = this.lengthOf(resource)
    const at = this.#requests.take()
    const { words } = this.#requests
    words[at + REQUEST_PRINCIPAL / 4] = principal
    words[at + REQUEST_FACTS / 4] = facts
    words[at + REQUEST_ACTION / 4] = action
    words[at + REQUEST_RESOURCE / 4] = this.#add(resource, length)
    words[at + REQUEST_RESOURCE / 4 + 1] = length
    words[at + REQUEST_CONTEXT / 4] = context
    const ownerLength = owner === '' ? 0 : this.lengthOf(owner)
    words[at + REQUEST_OWNER / 4] = this.#add(owner, ownerLength)
    words[at + REQUEST_OWNER / 4 + 1] = ownerLength
  }

  /**
   * Room for many requests, each record for the caller to write whole, with their texts from `textSize` on: `addTexts` then
   * brings those. @returns the index of the first one's first word in `requestWords`
   */
  takeRequests(count: number): number {
    return this.#requests.take(count)
  }

  /** Only good until more requests are added. */
  get requestWords(): Uint32Array {
    return this.#requests.words
  }

  /** Where the next text will stand. */
  get textSize(): number {
    return this.#textSize
  }

  get measure(): Measure {
    return this.#measure
  }

  /** Bytes that a text is taken to have. */
  lengthOf(text: string): number {
    return this.#measure === 'exact' ? byteLength(text) : text.length
  }

  /** @param size the sum of what `lengthOf` says of each */
  addTexts(texts: string, size: number): void {
    this.#texts += texts
    this.#textSize += size
  }

  /** The same of texts that are UTF-8 already. No text may follow. */
  addPacked(bytes: Uint8Array): void {
    this.#packed = bytes
    this.#textSize += bytes.length
  }

  get size(): number {
    return this.#stringsAt + this.#textSize
  }

  get #stringsAt(): number {
    let size = BLOCK_HEADER_SIZE
    for (const [, table] of this.#tables) size += table.length * 4
    return size
  }

  /** @returns false when texts were taken for ASCII and are not: then fill it again, measured exactly */
  writeTo({ words, bytes, at: start }: Room): boolean {
    const stringsAt = this.#stringsAt
    if (!this.#writeTexts(bytes, start + stringsAt)) return false
    const header = start / 4
    words[header + BLOCK_MAGIC_AT / 4] = BLOCK_MAGIC
    words[header + BLOCK_SIZE_AT / 4] = stringsAt + this.#textSize
    let at = BLOCK_HEADER_SIZE
    for (const [entry, table] of this.#tables) {
      words[header + entry / 4] = at
      words[header + (entry + TABLE_COUNT) / 4] = table.count
      table.copyTo(words, header + at / 4)
      at += table.length * 4
    }
    words[header + BLOCK_STRINGS / 4] = stringsAt
    words[header + (BLOCK_STRINGS + TABLE_COUNT) / 4] = this.#textSize
    return true
  }

  #writeTexts(bytes: Uint8Array, at: number): boolean {
    const text = this.#texts
    const packed = this.#packed
    const size = this.#textSize - (packed?.length ?? 0)
    if (packed !== null) bytes.set(packed, at + size)
    const isExact = this.#measure === 'exact'
    if (!isExact && text.length <= SHORT_TEXT) return writeAscii(text, bytes, at)
    const { read, written } = encoder.encodeInto(text, bytes.subarray(at, at + size))
    return read === text.length && written === size && (isExact || written === read)
  }
}

/** @returns false when it isn't ASCII */
function writeAscii(text: string, bytes: Uint8Array, at: number): boolean {
  let seen = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    seen |= unit
    bytes[at + index] = unit
  }
  return seen < 128
}
