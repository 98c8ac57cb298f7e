import {
  BLOCK_GROUPS,
  BLOCK_HEADER_SIZE,
  BLOCK_KEYS,
  BLOCK_MAGIC,
  BLOCK_MAGIC_AT,
  BLOCK_MEMBERS,
  BLOCK_REQUESTS,
  BLOCK_SIZE_AT,
  BLOCK_STRINGS,
  BLOCK_VALUES,
  ENTRY_SIZE,
  GROUP_SIZE,
  KEY_SIZE,
  MEMBER_SIZE,
  REQUEST_SIZE,
  TABLE_COUNT,
} from '../../assembly/wire.ts'
import type { Room } from './engine.ts'
import { fold } from './program/fold.ts'
import { byteLength } from './program/string-pool.ts'

const encoder = new TextEncoder()

/** Texts are measured as if all were ASCII first: nearly all are, and then lengths need no counting. */
export type TextMeasure = 'ascii' | 'exact'

/** A block of requests in the making. Texts stand there once; nothing is copied until all is known. */
export class BlockBuilder {
  readonly #measure: TextMeasure
  readonly #requests: number[] = []
  readonly #groups: number[] = []
  readonly #members: number[] = []
  readonly #keys: number[] = []
  readonly #values: number[] = []
  readonly #offsets = new Map<string, number>()
  #text = ''
  #textSize = 0

  constructor(measure: TextMeasure) {
    this.#measure = measure
  }

  #lengthOf(text: string): number {
    return this.#measure === 'ascii' ? text.length : byteLength(text)
  }

  #offsetOf(text: string): number {
    const known = this.#offsets.get(text)
    if (known !== undefined) return known
    const offset = this.#textSize
    this.#offsets.set(text, offset)
    this.#text += text
    this.#textSize += this.#lengthOf(text)
    return offset
  }

  /**
   * @param texts action, resource, the two that stand for the resource, principal, base, account: see the wire format
   */
  addRequest(
    flags: number,
    kind: number,
    texts: readonly string[],
    groups: readonly [first: number, count: number],
    keys: readonly [first: number, count: number],
  ): void {
    const fields = this.#requests
    fields.push(flags, kind)
    for (const text of texts) fields.push(this.#offsetOf(text), this.#lengthOf(text))
    fields.push(groups[0], groups[1], keys[0], keys[1])
  }

  /** How many groups there are: where the next one will stand. */
  get groupCount(): number {
    return this.#groups.length / (GROUP_SIZE / 4)
  }

  addGroup(layer: number, policies: readonly number[]): void {
    this.#groups.push(layer, this.#members.length, policies.length)
    for (const policy of policies) this.#members.push(policy)
  }

  get keyCount(): number {
    return this.#keys.length / (KEY_SIZE / 4)
  }

  addKey(number: number, values: readonly string[]): void {
    this.#keys.push(number, this.#values.length / (ENTRY_SIZE / 4), values.length)
    for (const text of values) this.#addValue(text)
  }

  #addValue(text: string): void {
    const offset = this.#offsetOf(text)
    const length = this.#lengthOf(text)
    if (this.#measure === 'ascii' || length === text.length) {
      this.#values.push(offset, length, offset, length)
    } else {
      const folded = fold(text)
      this.#values.push(offset, length, this.#offsetOf(folded), this.#lengthOf(folded))
    }
  }

  get size(): number {
    return this.#stringsAt + this.#textSize
  }

  get #stringsAt(): number {
    return (
      BLOCK_HEADER_SIZE +
      (this.#requests.length +
        this.#groups.length +
        this.#members.length +
        this.#keys.length +
        this.#values.length) *
        4
    )
  }

  /** @returns false when texts were measured as ASCII and are not: then build it again, measured exactly */
  writeTo({ words, bytes }: Room): boolean {
    const stringsAt = this.#stringsAt
    const { read, written } = encoder.encodeInto(this.#text, bytes.subarray(stringsAt))
    if (
      read !== this.#text.length ||
      written !== this.#textSize ||
      (this.#measure === 'ascii' && written !== read)
    )
      return false
    words[BLOCK_MAGIC_AT / 4] = BLOCK_MAGIC
    words[BLOCK_SIZE_AT / 4] = stringsAt + this.#textSize
    let at = BLOCK_HEADER_SIZE
    const table = (entry: number, fields: readonly number[], recordSize: number) => {
      words[entry / 4] = at
      words[(entry + TABLE_COUNT) / 4] = (fields.length * 4) / recordSize
      const from = at / 4
      for (let index = 0; index < fields.length; index++) words[from + index] = fields[index] ?? 0
      at += fields.length * 4
    }
    table(BLOCK_REQUESTS, this.#requests, REQUEST_SIZE)
    table(BLOCK_GROUPS, this.#groups, GROUP_SIZE)
    table(BLOCK_MEMBERS, this.#members, MEMBER_SIZE)
    table(BLOCK_KEYS, this.#keys, KEY_SIZE)
    table(BLOCK_VALUES, this.#values, ENTRY_SIZE)
    words[BLOCK_STRINGS / 4] = stringsAt
    words[(BLOCK_STRINGS + TABLE_COUNT) / 4] = this.#textSize
    return true
  }
}
