import {
  type Diagnostic,
  didYouMean,
  errorOf,
  type Located,
  type LocatedEntry,
  type Span,
} from '../../diagnostics/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import { duplicateKey } from '../../yaml/yaml.ts'

/** What `{{ name }}` stands for in one account: `account.id`, `variables.region`, … */
export type Variables = ReadonlyMap<string, string>

export interface Substituted {
  /** The node itself, where nothing in it is to be substituted. */
  readonly root: Located
  /** The lists and maps under `root` that were made anew; all others are nodes of the file as it was parsed. */
  readonly rebuilt: readonly Located[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Replaces `{{ name }}` in quoted strings, keys and values; `{{{{` becomes `{{`. IAM's own `${aws:username}` stays.
 * Places stay those of the source, so a substituted string is longer or shorter than what its span covers.
 * @param variables null: none are known where this text stands, so each is an error
 */
export function substitute(root: Located, text: string, variables: Variables | null): Substituted {
  if (!text.includes('{{')) return { root, rebuilt: [], diagnostics: [] }
  const substitution = new Substitution(text, variables)
  const { rebuilt, diagnostics } = substitution
  return { root: substitution.node(root), rebuilt, diagnostics }
}

/** Stands for a variable without a value, so that a text which is only short of it breaks no other rule. */
const UNKNOWN = 'x'

class Substitution {
  readonly diagnostics: Diagnostic[] = []
  readonly rebuilt: Located[] = []
  readonly #text: string
  readonly #variables: Variables | null
  /** Those whose keys name a variable that has no value. */
  readonly #short = new Set<LocatedEntry>()
  /** Aliased nodes are met more than once. */
  readonly #done = new Map<Located, Located>()

  constructor(text: string, variables: Variables | null) {
    this.#text = text
    this.#variables = variables
  }

  node(node: Located): Located {
    if (node.kind === 'scalar') {
      if (typeof node.value !== 'string' || !node.quoted) return node
      const value = this.#string(node.value, node)
      return value === node.value ? node : { ...node, value }
    }
    const done = this.#done.get(node)
    if (done !== undefined) return done
    const result: Located =
      node.kind === 'list'
        ? this.#changed(
            node.items,
            (item) => this.node(item),
            (items) => ({ ...node, items }),
            node,
          )
        : this.#changed(
            node.entries,
            (entry) => this.#entry(entry),
            (entries) => this.#unique({ ...node, entries }),
            node,
          )
    this.#done.set(node, result)
    if (result !== node) this.rebuilt.push(result)
    return result
  }

  #changed<T>(
    parts: readonly T[],
    change: (part: T) => T,
    rebuild: (parts: readonly T[]) => Located,
    unchanged: Located,
  ): Located {
    let differs = false
    const results = parts.map((part) => {
      const result = change(part)
      differs ||= result !== part
      return result
    })
    return differs ? rebuild(results) : unchanged
  }

  #entry(entry: LocatedEntry): LocatedEntry {
    const before = this.diagnostics.length
    const key = this.#string(entry.key, entry.keySpan)
    const isShort = this.diagnostics.length > before
    const value = this.node(entry.value)
    if (key === entry.key && value === entry.value) return entry
    const changed = { key, keySpan: entry.keySpan, value }
    if (isShort) this.#short.add(changed)
    return changed
  }

  /** Keys that were different may have become equal; those that are short of a variable are told apart as they were. */
  #unique(map: Located & { readonly kind: 'map' }): Located {
    const places = new Map<string, Span>()
    const whole = new Set(map.entries.flatMap((entry) => (this.#short.has(entry) ? [] : [entry.key])))
    const entries = map.entries.flatMap((entry) => {
      const { keySpan } = entry
      let { key } = entry
      if (this.#short.has(entry)) while (places.has(key) || whole.has(key)) key += UNKNOWN
      const first = places.get(key)
      if (first === undefined) places.set(key, keySpan)
      else this.diagnostics.push(duplicateKey(key, keySpan, first))
      return first === undefined ? [key === entry.key ? entry : { ...entry, key }] : []
    })
    return { ...map, entries }
  }

  #string(value: string, span: Span): string {
    if (!value.includes('{{')) return value
    let result = ''
    let at = 0
    for (;;) {
      const open = value.indexOf('{{', at)
      if (open === -1) return result + value.slice(at)
      result += value.slice(at, open)
      if (value.startsWith('{{{{', open)) {
        result += '{{'
        at = open + 4
        continue
      }
      const close = value.indexOf('}}', open)
      const place = this.#placeWithin(value, span, open, close === -1 ? value.length : close + 2)
      if (close === -1) {
        this.diagnostics.push(
          errorOf({
            code: 'manifest.variable-syntax',
            message: '`{{` without `}}`',
            help: 'write `{{ account.id }}`, or `{{{{` for the two braces themselves',
            span: place,
          }),
        )
        return result + UNKNOWN
      }
      result += this.#lookUp(value.slice(open + 2, close).trim(), place)
      at = close + 2
    }
  }

  #lookUp(name: string, span: Span): string {
    const value = this.#variables?.get(name)
    if (value !== undefined) return value
    if (!/^[\w.-]+$/.test(name))
      this.diagnostics.push(
        errorOf({
          code: 'manifest.variable-syntax',
          message: `\`${shorten(name)}\` is not the name of a variable`,
          help: 'between the braces stands one name, such as `account.id` or `variables.region`; there is no logic',
          span,
        }),
      )
    else if (this.#variables === null)
      this.diagnostics.push(
        errorOf({
          code: 'manifest.variable-not-here',
          message: `the variable \`${shorten(name)}\` has no value here`,
          help: 'variables stand in manifests, and in `target` and `alias` of an account',
          span,
        }),
      )
    else
      this.diagnostics.push(
        errorOf({
          code: 'manifest.unknown-variable',
          message: `the variable \`${shorten(name)}\` is not defined`,
          help: didYouMean(
            name,
            this.#variables.keys(),
            name.startsWith('variables.')
              ? `add \`${name.slice('variables.'.length)}\` to the account's \`variables\` in the project file`
              : `there are ${[...this.#variables.keys()].map((known) => `\`${known}\``).join(', ')}`,
          ),
          span,
        }),
      )
    return UNKNOWN
  }

  /** The variable alone, when the source shows the string as it is; with escapes in it, the whole string. */
  #placeWithin(value: string, span: Span, start: number, end: number): Span {
    const { file } = span
    return this.#text.startsWith(value, span.start + 1)
      ? { file, start: span.start + 1 + start, end: span.start + 1 + end }
      : { file, start: span.start, end: span.end }
  }
}
