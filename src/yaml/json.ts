import type { Diagnostic, Located, LocatedEntry, LocatedScalar, Span } from '../diagnostics/index.ts'
import { JsonProblems } from './json-problems.ts'
import { MOST_NODES, tooManyError } from './node-bounds.ts'
import { numberProblem } from './number-problem.ts'
import { MAX_DEPTH, mergeConflict, tooDeepError, urlEncoded } from './text-problems.ts'
import { duplicateKey, type ParsedYaml, unread } from './yaml.ts'

/**
 * JSON (RFC 8259) as a tree that knows where each value stands. What is nearly JSON (a missing comma, a comment,
 * single quotes) is an error too, but read on after, so that one run shows every such place.
 * Keys twice are errors: readers of JSON differ in which of them stands.
 */
export function parseJson(file: string, text: string): ParsedYaml {
  const whole = mergeConflict(file, text) ?? urlEncoded(file, text)
  if (whole !== null) return { roots: [], diagnostics: [whole] }
  const reader = new Reader(file, text)
  const root = reader.document()
  const { diagnostics } = reader
  if (root === null) return { roots: [], diagnostics }
  return diagnostics.length > 0 ? unread(diagnostics, [root]) : { roots: [root], diagnostics }
}

/** Thrown where nothing sensible can be read any more: what has been found stands. */
class Lost extends Error {}

const WORD = /[\p{L}\p{N}_$+.-]+/uy
const VARIABLE = /\{\{\s*[\w.-]+\s*\}\}/y
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const CLOSING = { '[': ']', '{': '}' } as const

class Reader {
  readonly #file: string
  readonly #text: string
  readonly #problems: JsonProblems
  #at = 0
  #nodes = 0

  constructor(file: string, text: string) {
    this.#file = file
    this.#text = text
    this.#problems = new JsonProblems(text)
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#problems.found
  }

  /** null: the file is empty, or nothing could be made of it. */
  document(): Located | null {
    try {
      if (this.#text.startsWith('\ufeff')) this.#at = 1
      this.#skip()
      if (this.#ended) return null
      if (/[A-Za-z]/.test(this.#next) && !/^(?:true|false|null)\b/.test(this.#text.slice(this.#at)))
        return this.#lost((problems) => problems.otherLanguage(this.#here()))
      const root = this.#value(0)
      this.#skip()
      if (!this.#ended) this.#problems.more(this.#here())
      return root
    } catch (error) {
      if (error instanceof Lost) return null
      throw error
    }
  }

  get #next(): string {
    return this.#text.charAt(this.#at)
  }

  get #ended(): boolean {
    return this.#at >= this.#text.length
  }

  #span(start: number, end = this.#at): Span {
    return { file: this.#file, start, end }
  }

  #here(): Span {
    return this.#span(this.#at, this.#at + 1)
  }

  #lost(say: (problems: JsonProblems) => void): never {
    say(this.#problems)
    throw new Lost()
  }

  /** Goes past white space, and past comments, which JSON doesn't have. */
  #skip(): void {
    for (;;) {
      while (/[ \t\r\n]/.test(this.#next)) this.#at++
      const start = this.#at
      const rest = this.#text.slice(start, start + 2)
      if (rest === '//' || rest.startsWith('#')) {
        const end = this.#text.indexOf('\n', start)
        this.#at = end === -1 ? this.#text.length : end
      } else if (rest === '/*') {
        const end = this.#text.indexOf('*/', start)
        this.#at = end === -1 ? this.#text.length : end + 2
      } else return
      this.#problems.comment(this.#span(start, start + 2))
    }
  }

  #value(depth: number): Located {
    this.#count()
    if (depth > MAX_DEPTH)
      this.#lost((problems) => problems.add(tooDeepError(this.#span(this.#at, this.#at + 1))))
    const first = this.#next
    const variable = this.#variableLength
    if (variable > 0) return this.#variable(variable)
    if (first === '{') return this.#map(depth)
    if (first === '[') return this.#list(depth)
    if (first === '"') return this.#string()
    if (JsonProblems.isQuote(first)) return this.#otherQuotes()
    return this.#word()
  }

  /** Of a value or a key. */
  #count(): void {
    if (++this.#nodes > MOST_NODES.file) this.#lost((problems) => problems.add(tooManyError(this.#here())))
  }

  #list(depth: number): Located {
    const start = this.#at++
    const items: Located[] = []
    this.#members('[', start, () => {
      items.push(this.#value(depth + 1))
    })
    return { kind: 'list', items, ...this.#span(start) }
  }

  #map(depth: number): Located {
    const start = this.#at++
    const entries: LocatedEntry[] = []
    const places = new Map<string, Span>()
    this.#members('{', start, () => {
      const { key, keySpan } = this.#key()
      this.#skip()
      if (this.#next === ':') this.#at++
      else this.#problems.missingColon(key, this.#span(keySpan.end, keySpan.end + 1))
      this.#skip()
      if (this.#ended || /[,}\]]/.test(this.#next)) this.#problems.missingValue(key, keySpan)
      const value = /[,}\]]/.test(this.#next) || this.#ended ? this.#nothing() : this.#value(depth + 1)
      const first = places.get(key)
      if (first !== undefined) this.#problems.add(duplicateKey(key, keySpan, first))
      else {
        places.set(key, keySpan)
        entries.push({ key, keySpan, value })
      }
    })
    return { kind: 'map', entries, ...this.#span(start) }
  }

  /** What stands between brackets, with commas between, up to the closing one. */
  #members(open: '[' | '{', start: number, member: () => void): void {
    const close = CLOSING[open]
    let comma: number | null = null
    let isFirst = true
    for (;;) {
      const last = this.#at
      this.#skip()
      if (this.#ended) this.#lost((problems) => problems.unclosed(this.#span(start, start + 1), null))
      const next = this.#next
      if (next === ']' || next === '}') {
        if (comma !== null) this.#problems.extraComma(this.#span(comma, comma + 1))
        // A bracket of the other kind closes what is around this one.
        if (next === close) this.#at++
        else this.#problems.unclosed(this.#span(start, start + 1), this.#here())
        return
      }
      if (next === ',') {
        if (comma !== null || isFirst) this.#problems.extraComma(this.#here())
        comma = this.#at++
        this.#count()
        continue
      }
      if (next === ':') this.#lost((problems) => problems.unexpected(next, this.#here()))
      if (!isFirst && comma === null) this.#problems.missingComma(this.#span(last, last + 1))
      isFirst = false
      comma = null
      member()
    }
  }

  #key(): { readonly key: string; readonly keySpan: Span } {
    const start = this.#at
    const first = this.#next
    const variable = this.#variableLength
    if (variable > 0) this.#variable(variable)
    else if (first === '{' || first === '[') this.#lost((problems) => problems.keyNotText(this.#here()))
    const node =
      first === '"'
        ? this.#string()
        : JsonProblems.isQuote(first)
          ? this.#otherQuotes()
          : this.#at === start
            ? this.#word('key')
            : this.#nothing()
    const { value } = node
    return { key: typeof value === 'string' ? value : String(value), keySpan: this.#span(start, node.end) }
  }

  #string(): LocatedScalar {
    const start = this.#at++
    let value = ''
    for (;;) {
      const character = this.#next
      if (this.#ended || character === '\n')
        this.#lost((problems) => problems.unclosedText(this.#span(start, start + 1)))
      this.#at++
      if (character === '"') return { kind: 'scalar', value, quoted: true, ...this.#span(start) }
      if (character === '\\') value += this.#escape()
      else {
        if (character < ' ' && character !== '\r')
          this.#problems.controlCharacter(this.#span(this.#at - 1, this.#at))
        value += character
      }
    }
  }

  /** After its backslash. */
  #escape(): string {
    const letter = this.#next
    const hex = /^u[0-9a-fA-F]{4}/.exec(this.#text.slice(this.#at, this.#at + 5))
    if (hex !== null) {
      this.#at += 5
      return String.fromCharCode(Number.parseInt(hex[0].slice(1), 16))
    }
    const known = ESCAPES.get(letter)
    if (known === undefined) {
      this.#problems.badEscape(this.#span(this.#at - 1, this.#at + 1))
      return ''
    }
    this.#at++
    return known
  }

  /** A text in quotes that JSON doesn't know, read to the one that closes it. */
  #otherQuotes(): LocatedScalar {
    const start = this.#at
    const end = JsonProblems.closingQuote(this.#text, start)
    if (end === null) this.#lost((problems) => problems.unclosedText(this.#span(start, start + 1)))
    this.#at = end
    this.#problems.otherQuotes(this.#span(start))
    return { kind: 'scalar', value: this.#text.slice(start + 1, end - 1), quoted: true, ...this.#span(start) }
  }

  /** `true`, `false`, `null`, a number; or a text without its quotes, which is an error. */
  #word(as: 'key' | 'value' = 'value'): LocatedScalar {
    const start = this.#at
    WORD.lastIndex = start
    const found = WORD.exec(this.#text)?.[0]
    if (found === undefined) this.#lost((problems) => problems.unexpected(this.#next, this.#here()))
    // `s3:GetObject` without quotes is one text; the colon after a key is none of it.
    const rest =
      as === 'key' ? '' : (/^[:*/][^\s,"'[\]{}]*/.exec(this.#text.slice(start + found.length))?.[0] ?? '')
    const word = found + rest
    this.#at = start + word.length
    const span = this.#span(start)
    const plain = (value: LocatedScalar['value']): LocatedScalar => ({
      kind: 'scalar',
      value,
      quoted: false,
      ...span,
    })
    if (as === 'value' && WORDS.has(word)) return plain(WORDS.get(word) ?? null)
    if (as === 'value' && NUMBER.test(word)) {
      const problem = numberProblem(word, Number(word), span)
      if (problem !== null) this.#problems.add(problem)
      return plain(Number(word) + 0)
    }
    this.#problems.unquoted(word, as, span)
    return { ...plain(word), quoted: true }
  }

  /** `{{ name }}` outside of quotes. */
  #variable(length: number): LocatedScalar {
    const start = this.#at
    this.#at += length
    this.#problems.variable(this.#span(start))
    return this.#nothing()
  }

  /** How long the `{{ name }}` is that begins here; 0: none does. */
  get #variableLength(): number {
    VARIABLE.lastIndex = this.#at
    return VARIABLE.exec(this.#text)?.[0].length ?? 0
  }

  #nothing(): LocatedScalar {
    return { kind: 'scalar', value: null, quoted: false, ...this.#span(this.#at) }
  }
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
