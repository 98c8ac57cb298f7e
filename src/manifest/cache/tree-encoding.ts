import { InvariantError, type Located, type LocatedEntry, type LocatedMap } from '../../diagnostics/index.ts'
import { SharedTexts } from '../../yaml/shared-texts.ts'
import { CleanNodes } from './passed-checks.ts'

/*
 * An entry is a JSON array of numbers, and of those texts that are not simply a slice of the file.
 * Each node: its tag, then start (relative to the last start) and length, then what the tag says.
 *
 *   LIST     n, items…
 *   MAP      n, (key, value)…       a key is the node of a scalar
 *   SLICE    the text is the source's own          QUOTED_SLICE  … without its quotes
 *   TEXT     value                                 QUOTED_TEXT   value
 *   PLAIN    value (number, boolean or null)
 *   SAME     no start and length: number of the list or map that an alias repeats
 *   CLEAN    no start and length: the checks that the map which follows has passed, as `CleanNodes` has them
 */
const LIST = 0
const MAP = 1
const SLICE = 2
const QUOTED_SLICE = 3
const TEXT = 4
const QUOTED_TEXT = 5
const PLAIN = 6
const SAME = 7
const CLEAN = 8

type Code = string | number | boolean | null

/** Trees, and what is known of their nodes. */
export interface CheckedRoots {
  readonly roots: readonly Located[]
  readonly clean: CleanNodes
}

/** @returns what `decodeRoots` makes equal trees of, with equal sharing of lists and maps */
export function encodeRoots(text: string, { roots, clean }: CheckedRoots): string {
  const codes: Code[] = [roots.length]
  const numbers = new Map<Located, number>()
  let last = 0

  const place = (tag: number, start: number, end: number): void => {
    codes.push(tag, start - last, end - start)
    last = start
  }
  const textNode = (value: string, quoted: boolean, start: number, end: number): void => {
    if (!quoted && end - start === value.length && text.startsWith(value, start)) place(SLICE, start, end)
    else if (quoted && end - start === value.length + 2 && text.startsWith(value, start + 1))
      place(QUOTED_SLICE, start, end)
    else {
      place(quoted ? QUOTED_TEXT : TEXT, start, end)
      codes.push(value)
    }
  }
  const write = (node: Located): void => {
    if (node.kind === 'scalar') {
      if (typeof node.value === 'string') textNode(node.value, node.quoted, node.start, node.end)
      else {
        place(PLAIN, node.start, node.end)
        codes.push(node.value)
      }
      return
    }
    const known = numbers.get(node)
    if (known !== undefined) {
      codes.push(SAME, known)
      return
    }
    if (node.kind === 'list') {
      place(LIST, node.start, node.end)
      codes.push(node.items.length)
      for (const item of node.items) write(item)
    } else {
      const passed = clean.passedBy(node)
      if (passed !== 0) codes.push(CLEAN, passed)
      place(MAP, node.start, node.end)
      codes.push(node.entries.length)
      for (const { key, keySpan, value } of node.entries) {
        // Whether a key was quoted is read off the source, so only its length decides here.
        textNode(key, keySpan.end - keySpan.start === key.length + 2, keySpan.start, keySpan.end)
        write(value)
      }
    }
    numbers.set(node, numbers.size)
  }
  for (const root of roots) write(root)
  return JSON.stringify(codes)
}

/** @returns null when the entry is broken */
export function decodeRoots(file: string, text: string, encoded: string): CheckedRoots | null {
  let codes: readonly Code[]
  try {
    codes = JSON.parse(encoded) as readonly Code[]
  } catch {
    return null
  }
  if (!Array.isArray(codes)) return null
  try {
    const decoder = new Decoder(file, text, codes)
    const roots: Located[] = []
    for (let left = decoder.count(); left > 0; left--) roots.push(decoder.node())
    return decoder.isAtEnd ? { roots, clean: decoder.clean } : null
  } catch (error) {
    if (error instanceof InvariantError) return null
    throw error
  }
}

class Decoder {
  readonly clean = new CleanNodes()
  readonly #file: string
  readonly #text: string
  readonly #codes: readonly Code[]
  readonly #numbered: Located[] = []
  readonly #shared = new SharedTexts()
  #at = 0
  #last = 0
  #end = 0

  constructor(file: string, text: string, codes: readonly Code[]) {
    this.#file = file
    this.#text = text
    this.#codes = codes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#codes.length
  }

  node(): Located {
    const tag = this.#codes[this.#at++]
    const file = this.#file
    if (tag === SAME) {
      const node = this.#numbered[this.count()]
      if (node === undefined) throw new InvariantError('a repeated node that was not read before')
      return node
    }
    if (tag === CLEAN) {
      const passed = this.count()
      const node = this.node()
      if (node.kind !== 'map') throw new InvariantError('no map that could be clean')
      this.clean.restore(node, passed)
      return node
    }
    this.#place()
    const start = this.#last
    const end = this.#end
    switch (tag) {
      case SLICE:
        return { kind: 'scalar', value: this.#slice(start, end), quoted: false, file, start, end }
      case QUOTED_SLICE:
        return { kind: 'scalar', value: this.#slice(start + 1, end - 1), quoted: true, file, start, end }
      case TEXT:
      case QUOTED_TEXT:
        return { kind: 'scalar', value: this.#string(), quoted: tag === QUOTED_TEXT, file, start, end }
      case PLAIN: {
        const value = this.#codes[this.#at++]
        if (value === undefined || typeof value === 'string') throw new InvariantError('not a plain value')
        return { kind: 'scalar', value, quoted: false, file, start, end }
      }
      case LIST: {
        const items = this.#room<Located>()
        for (let nth = 0; nth < items.length; nth++) items[nth] = this.node()
        const list: Located = { kind: 'list', items, file, start, end }
        this.#numbered.push(list)
        return list
      }
      case MAP: {
        const map = this.#map(start, end)
        this.#numbered.push(map)
        return map
      }
      default:
        throw new InvariantError('unknown tag')
    }
  }

  count(): number {
    const value = this.#codes[this.#at++]
    if (typeof value !== 'number' || value < 0) throw new InvariantError('not a count')
    return value
  }

  #map(start: number, end: number): LocatedMap {
    const file = this.#file
    const entries = this.#room<LocatedEntry>()
    for (let nth = 0; nth < entries.length; nth++) {
      const tag = this.#codes[this.#at++]
      this.#place()
      const keyStart = this.#last
      const keyEnd = this.#end
      const key =
        tag === SLICE
          ? this.#slice(keyStart, keyEnd)
          : tag === QUOTED_SLICE
            ? this.#slice(keyStart + 1, keyEnd - 1)
            : this.#string()
      entries[nth] = { key, keySpan: { file, start: keyStart, end: keyEnd }, value: this.node() }
    }
    return { kind: 'map', entries, file, start, end }
  }

  /** A list of as many as are said to come, to be filled: one that grows by `push` keeps room for seventeen, and most have two. */
  #room<T>(): T[] {
    const count = this.count()
    // Each takes more than one code.
    if (count > this.#codes.length) throw new InvariantError('more parts than codes')
    return count === 0 ? [] : new Array<T>(count)
  }

  #slice(start: number, end: number): string {
    return this.#shared.of(this.#text.slice(start, end))
  }

  #place(): void {
    const start = this.#codes[this.#at++]
    const length = this.#codes[this.#at++]
    if (typeof start !== 'number' || typeof length !== 'number') throw new InvariantError('not a place')
    this.#last += start
    this.#end = this.#last + length
  }

  #string(): string {
    const value = this.#codes[this.#at++]
    if (typeof value !== 'string') throw new InvariantError('not a text')
    return this.#shared.of(value)
  }
}
