import { type Diagnostic, errorOf, type Span } from '../diagnostics/index.ts'
import { shorten } from './shorten.ts'
import { unquotedVariable } from './text-problems.ts'

/** Quotes that are none in JSON, each with what closes it. */
const QUOTES: ReadonlyMap<string, string> = new Map([
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['”', '”'],
  ['„', '“'],
  ['‘', '’'],
  ['’', '’'],
])

/** What other languages call what JSON has too. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
  ['TRUE', 'true'],
  ['FALSE', 'false'],
  ['NULL', 'null'],
  ['undefined', 'null'],
])

/** What is wrong with a JSON text, in words for who wrote it. What is wrong throughout a file is said once. */
export class JsonProblems {
  readonly found: Diagnostic[] = []
  readonly #text: string
  readonly #once = new Set<string>()

  constructor(text: string) {
    this.#text = text
  }

  static isQuote(character: string): boolean {
    return QUOTES.has(character)
  }

  /** The offset after the quote that closes the one at `start`; null: none does in its line. */
  static closingQuote(text: string, start: number): number | null {
    const close = QUOTES.get(text.charAt(start)) ?? ''
    const line = text.indexOf('\n', start)
    const end = text.indexOf(close, start + 1)
    return end === -1 || (line !== -1 && end > line) ? null : end + 1
  }

  add(diagnostic: Diagnostic): void {
    this.found.push(diagnostic)
  }

  missingComma(span: Span): void {
    this.#say('missing-comma', 'a comma is missing here', 'add `,` between the two', span)
  }

  extraComma(span: Span): void {
    this.#say(
      'extra-comma',
      'a comma with nothing after it',
      'remove it: in JSON commas stand between two values only',
      span,
    )
  }

  missingColon(key: string, span: Span): void {
    this.#say(
      'missing-colon',
      `a colon is missing after the key \`${shorten(key)}\``,
      'write `"key": value`',
      span,
    )
  }

  missingValue(key: string, span: Span): void {
    this.#say('missing-value', `the key \`${shorten(key)}\` has no value`, 'write `"key": value`', span)
  }

  /** @param other the bracket of the other kind that came instead; null: the file ended */
  unclosed(span: Span, other: Span | null): void {
    const open = this.#text.charAt(span.start)
    const close = open === '[' ? ']' : '}'
    const instead = other === null ? '' : `: \`${this.#text.charAt(other.start)}\` comes instead`
    this.add(
      errorOf({
        code: 'manifest.json-unclosed',
        message: `this \`${open}\` is not closed${instead}`,
        help: `add \`${close}\` where it ends`,
        span,
        related: other === null ? [] : [{ message: 'here', span: other }],
      }),
    )
  }

  unclosedText(span: Span): void {
    this.#say(
      'unclosed',
      'this text is not closed in its line',
      'add the closing `"`; a line break within a text is written `\\n`',
      span,
    )
  }

  controlCharacter(span: Span): void {
    this.#say('control-character', 'a control character in a text', 'write a tab as `\\t`', span)
  }

  badEscape(span: Span): void {
    this.#say(
      'bad-escape',
      `\`${this.#text.slice(span.start, span.end)}\` escapes nothing`,
      'write `\\\\` for a backslash',
      span,
    )
  }

  comment(span: Span): void {
    this.#sayOnce(
      'comment',
      'JSON has no comments',
      'remove them, or name the file `.yaml` and write `#`',
      span,
    )
  }

  otherQuotes(span: Span): void {
    const quote = this.#text.charAt(span.start)
    this.#sayOnce(
      'quotes',
      `\`${quote}\` is no quote in JSON`,
      'write texts in double quotes, `"`, throughout this file',
      span,
    )
  }

  unquoted(word: string, as: 'key' | 'value', span: Span): void {
    const meant = WORDS.get(word)
    this.#say(
      'unquoted',
      as === 'key'
        ? `the key \`${shorten(word)}\` is not in quotes`
        : `\`${shorten(word)}\` is no value of JSON`,
      meant !== undefined && as === 'value'
        ? `write \`${meant}\``
        : `write a text in double quotes: \`"${shorten(word)}"\``,
      span,
    )
  }

  keyNotText(span: Span): void {
    this.#say('key-not-text', 'a list or a map where a key belongs', 'write `"key": value`', span)
  }

  unexpected(character: string, span: Span): void {
    this.#say(
      'unexpected',
      `\`${character}\` can not stand here`,
      character === ':'
        ? 'a colon follows a key in double quotes; keys stand in `{ }`, not in `[ ]`'
        : 'write a text in double quotes, a number, `true`, `false`, `null`, `[ ]` or `{ }`',
      span,
    )
  }

  more(span: Span): void {
    this.#say(
      'more',
      'something follows after the end of the document',
      'a JSON file holds one value; check the brackets before this place',
      span,
    )
  }

  otherLanguage(span: Span): void {
    this.#say(
      'not-json',
      'this is not JSON, as the name of the file says',
      'name it `.yaml` if it is YAML; a JSON document begins with `{`',
      span,
    )
  }

  variable(span: Span): void {
    this.add(unquotedVariable(span))
  }

  #say(what: JsonProblem, message: string, help: string, span: Span): void {
    this.add(errorOf({ code: CODES[what], message, help, span }))
  }

  #sayOnce(what: JsonProblem, message: string, help: string, span: Span): void {
    if (this.#once.has(what)) return
    this.#once.add(what)
    this.#say(what, message, help, span)
  }
}

const CODES = {
  'missing-comma': 'manifest.json-missing-comma',
  'extra-comma': 'manifest.json-extra-comma',
  'missing-colon': 'manifest.json-missing-colon',
  'missing-value': 'manifest.json-missing-value',
  unclosed: 'manifest.json-unclosed',
  'control-character': 'manifest.json-control-character',
  'bad-escape': 'manifest.json-bad-escape',
  comment: 'manifest.json-comment',
  quotes: 'manifest.json-quotes',
  unquoted: 'manifest.json-unquoted',
  'key-not-text': 'manifest.json-key-not-text',
  unexpected: 'manifest.json-unexpected',
  more: 'manifest.json-more',
  'not-json': 'manifest.json-not-json',
} as const
type JsonProblem = keyof typeof CODES
