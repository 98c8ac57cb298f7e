import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  Scalar,
  type YAMLMap,
} from 'yaml'
import {
  type Diagnostic,
  errorOf,
  type Located,
  type LocatedEntry,
  type LocatedMap,
  type Span,
} from '../diagnostics/index.ts'
import { addAll } from './add-all.ts'
import { missingAnchor } from './missing-anchor.ts'
import { tooManyNodes } from './node-bounds.ts'
import { numberProblem } from './number-problem.ts'
import { SharedTexts } from './shared-texts.ts'
import { templateScalar, type YamlDialect } from './template-dialect.ts'
import { MAX_DEPTH, tooDeepError, unquotedVariable, urlEncoded } from './text-problems.ts'
import { syntaxErrors } from './yaml-syntax.ts'

const DUPLICATE_KEY = 'manifest.yaml-duplicate-key'

/** One file's documents. With a diagnostic, which is always an error, `roots` is empty: half a file means nothing. */
export interface ParsedYaml {
  /** One for each document that is not empty. */
  readonly roots: readonly Located[]
  readonly diagnostics: readonly Diagnostic[]
  /** Where all that is wrong is keys that stand twice, the file with the first of each: to tell what else is, and for nothing else. */
  readonly besideDuplicates?: readonly Located[]
}

/** What could not be read, with what could be where that is the whole file. */
export const unread = (diagnostics: readonly Diagnostic[], roots: readonly Located[]): ParsedYaml => ({
  roots: [],
  diagnostics,
  ...(diagnostics.every(({ code }) => code === DUPLICATE_KEY) ? { besideDuplicates: roots } : {}),
})

/** How many values the aliases of one file may stand for: more is a bomb, not a manifest. */
const MAX_ALIASED_VALUES = 250_000

/**
 * YAML 1.2 (core schema, with `<<` merge keys) or JSON, as trees that know where each value stands.
 * Aliases share the node of their anchor, so the result is acyclic but not always a tree.
 * @param dialect null: that of manifests
 */
export function parseYaml(file: string, text: string, dialect: YamlDialect | null = null): ParsedYaml {
  const encoded = urlEncoded(file, text)
  if (encoded !== null) return { roots: [], diagnostics: [encoded] }
  const tooDeep = deepestBracket(text)
  if (tooDeep !== null) return { roots: [], diagnostics: [tooDeepError({ file, ...tooDeep })] }
  const tooMany = tooManyNodes(file, text)
  if (tooMany !== null) return { roots: [], diagnostics: [tooMany] }
  const documents = parseAllDocuments(text, {
    // Both are done below: the package compares each key with each other, and drops the first place.
    uniqueKeys: false,
    merge: false,
    stringKeys: true,
    resolveKnownTags: false,
    ...(dialect === null ? {} : { customTags: [...dialect.tags] }),
    prettyErrors: false,
    logLevel: 'silent',
  })
  if (!Array.isArray(documents)) return { roots: [], diagnostics: [] }
  const diagnostics = documents.flatMap((document) => syntaxErrors(file, text, document))
  if (diagnostics.length > 0) return { roots: [], diagnostics }
  const roots: Located[] = []
  const shared = new SharedTexts()
  for (const document of documents) {
    if (document.contents === null) continue
    const converter = new Converter({ file, text, dialect }, shared, diagnostics)
    const root = converter.convert(document.contents, 0)
    addAll(diagnostics, converter.missingAnchors())
    if (root.kind !== 'scalar' || root.value !== null) roots.push(root)
  }
  return diagnostics.length > 0 ? unread(diagnostics, roots) : { roots, diagnostics }
}

/**
 * The `yaml` package recurses over nested values, and a file of ten thousand brackets ends the whole process.
 * Counts brackets without a look at quotes, so its limit is wider than `MAX_DEPTH`, which `Converter` holds.
 */
function deepestBracket(text: string): { readonly start: number; readonly end: number } | null {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 0x5b || character === 0x7b) {
      depth++
      if (depth > 10 * MAX_DEPTH) return { start: at, end: at + 1 }
    } else if ((character === 0x5d || character === 0x7d) && depth > 0) depth--
  }
  // A level of block lists or maps takes at least one column at the start of a line.
  const indented = /^[ \t?:-]{1000}/m.exec(text)
  return indented === null ? null : { start: indented.index + 999, end: indented.index + 1000 }
}

type Anchored = 'open' | { readonly node: Located; readonly size: number }

class Converter {
  readonly #file: string
  readonly #text: string
  readonly #dialect: YamlDialect | null
  readonly #shared: SharedTexts
  readonly #diagnostics: Diagnostic[]
  readonly #anchors = new Map<string, Anchored>()
  /** By name, where aliases stand whose anchor doesn't. */
  readonly #missing = new Map<string, Span[]>()
  /** Values converted, those behind aliases counted each time. */
  #size = 0
  #aliased = 0

  constructor(
    {
      file,
      text,
      dialect,
    }: { readonly file: string; readonly text: string; readonly dialect: YamlDialect | null },
    shared: SharedTexts,
    diagnostics: Diagnostic[],
  ) {
    this.#file = file
    this.#text = text
    this.#dialect = dialect
    this.#shared = shared
    this.#diagnostics = diagnostics
  }

  convert(node: Node, depth: number): Located {
    if (isAlias(node)) return this.#alias(node.source, this.#span(node), this.#diagnostics)
    const before = this.#size++
    const anchor = 'anchor' in node ? node.anchor : undefined
    if (anchor !== undefined) this.#anchors.set(anchor, 'open')
    const located = this.#tagged(node, this.#value(node, depth))
    if (anchor !== undefined) this.#anchors.set(anchor, { node: located, size: this.#size - before })
    return located
  }

  /** What a tag of the dialect makes of a value. */
  #tagged(node: Node, value: Located): Located {
    const key = node.tag === undefined ? null : (this.#dialect?.keyOf(node.tag) ?? null)
    if (key === null) return value
    const { file, start, end } = value
    return { kind: 'map', entries: [{ key, keySpan: { file, start, end }, value }], file, start, end }
  }

  #value(node: Node, depth: number): Located {
    if (depth > MAX_DEPTH) {
      this.#diagnostics.push(tooDeepError(this.#span(node)))
      return this.#nothingAt(this.#span(node))
    }
    if (isScalar(node)) return this.#scalar(node)
    const { file, start, end } = this.#span(node)
    if (isSeq<Node>(node))
      return {
        kind: 'list',
        items: node.items.map((item) => this.convert(item, depth + 1)),
        file,
        start,
        end,
      }
    if (isMap<Scalar, Node | null>(node))
      return { kind: 'map', entries: this.#entries(node, depth), file, start, end }
    return this.#nothingAt({ file, start, end })
  }

  #scalar(node: Scalar): Located {
    const span = this.#span(node)
    const quoted = node.type !== undefined && node.type !== Scalar.PLAIN
    const isPlain = this.#dialect !== null && !quoted && node.tag === undefined
    const value = isPlain ? templateScalar(node.value, this.#text.slice(span.start, span.end)) : node.value
    if (this.#dialect !== null) {
      // What manifests are held to, templates aren't.
    } else if (typeof value === 'number') {
      const problem = numberProblem(this.#text.slice(span.start, span.end), value, span)
      if (problem !== null) this.#diagnostics.push(problem)
    } else if (typeof value === 'string' && !quoted && value.includes('{{'))
      this.#diagnostics.push(unquotedVariable(span))
    // Written out: an object that another is spread into takes a third more memory, and there are millions.
    const { file, start, end } = span
    return { kind: 'scalar', value: this.#scalarValue(value), quoted, file, start, end }
  }

  /** The core schema has no other values. A number written as `-0` is 0, as it would be after a way through JSON. */
  #scalarValue(value: unknown): string | number | boolean | null {
    if (typeof value === 'string') return this.#shared.of(value)
    if (typeof value === 'number') return value + 0
    return typeof value === 'boolean' ? value : null
  }

  #entries(map: YAMLMap<Scalar, Node | null>, depth: number): LocatedEntry[] {
    const entries: LocatedEntry[] = []
    const places = new Map<string, LocatedEntry>()
    const merges: { readonly at: number; readonly maps: readonly LocatedMap[] }[] = []
    for (const pair of map.items) {
      const keySpan = this.#span(pair.key)
      const key = typeof pair.key.value === 'string' ? this.#shared.of(pair.key.value) : ''
      const value = this.#pairValue(pair, keySpan, depth)
      if (key === '<<' && pair.key.source === '<<' && this.#text[keySpan.start] === '<') {
        merges.push({ at: entries.length, maps: this.#mergeSources(value, keySpan) })
        continue
      }
      const first = places.get(key)
      if (first !== undefined) {
        this.#diagnostics.push(duplicateKey(key, keySpan, first.keySpan))
        continue
      }
      if (this.#dialect === null && key.includes('{{') && !this.#isQuoted(keySpan))
        this.#diagnostics.push(unquotedVariable(keySpan))
      const entry = { key, keySpan, value }
      places.set(key, entry)
      entries.push(entry)
    }
    const merged = merges.map(({ at, maps }) => ({ at, entries: newEntries(maps, places) }))
    // From the end, so that each place is still where it was.
    for (const { at, entries: found } of merged.reverse()) entries.splice(at, 0, ...found)
    // Without the room that a list keeps to grow.
    return entries.slice()
  }

  #pairValue(pair: Pair<Scalar, Node | null>, keySpan: Span, depth: number): Located {
    if (pair.value === null || pair.value === undefined)
      return this.#nothingAt({ file: this.#file, start: keySpan.end, end: keySpan.end })
    return this.convert(pair.value, depth + 1)
  }

  #mergeSources(value: Located, keySpan: Span): readonly LocatedMap[] {
    const isMissing = ({ start }: Located) =>
      [...this.#missing.values()].some((spans) => spans.some((span) => span.start === start))
    const sources = (value.kind === 'list' ? value.items : [value]).filter((source) => !isMissing(source))
    const maps = sources.filter((source) => source.kind === 'map')
    if (maps.length !== sources.length)
      this.#diagnostics.push(
        errorOf({
          code: 'manifest.yaml-merge',
          message: '`<<` takes a map, or a list of maps',
          help: 'write `<<: *name`, with `&name` on a map further up',
          span: keySpan,
        }),
      )
    return maps
  }

  #alias(name: string, span: Span, diagnostics: Diagnostic[]): Located {
    const anchored = this.#anchors.get(name)
    if (anchored === undefined) {
      this.#missing.set(name, [...(this.#missing.get(name) ?? []), span])
      return this.#nothingAt(span)
    }
    if (anchored === 'open') {
      diagnostics.push(
        errorOf({
          code: 'manifest.yaml-alias-cycle',
          message: `the alias \`*${name}\` stands inside the value that it stands for`,
          help: 'write the value out instead',
          span,
        }),
      )
      return this.#nothingAt(span)
    }
    this.#size += anchored.size
    const before = this.#aliased
    this.#aliased += anchored.size
    if (this.#aliased > MAX_ALIASED_VALUES) {
      if (before <= MAX_ALIASED_VALUES)
        diagnostics.push(
          errorOf({
            code: 'manifest.yaml-alias-bomb',
            message: `the aliases up to here stand for more than ${MAX_ALIASED_VALUES} values`,
            help: 'aliases of lists of aliases grow without bound; write fewer of them',
            span,
          }),
        )
      return this.#nothingAt(span)
    }
    return anchored.node
  }

  /** One for each anchor, however many aliases it leaves behind. */
  missingAnchors(): readonly Diagnostic[] {
    return [...this.#missing].flatMap(([name, [first, ...others]]) =>
      first === undefined ? [] : [missingAnchor(name, first, others, this.#anchors.keys())],
    )
  }

  #isQuoted({ start }: Span): boolean {
    const first = this.#text[start]
    return first === '"' || first === "'"
  }

  #nothingAt = (span: Span): Located => ({ kind: 'scalar', value: null, quoted: false, ...span })

  #span(node: Node): Span {
    const start = node.range?.[0] ?? 0
    let end = node.range?.[1] ?? start
    // Block scalars and collections end with the line break; the underlined part shouldn't.
    while (end > start && isBreak(this.#text.charCodeAt(end - 1))) end--
    return { file: this.#file, start, end }
  }
}

/** The entries of merged maps that are not in `places` yet, where the first of equal keys stands; adds them to it. */
function newEntries(maps: readonly LocatedMap[], places: Map<string, LocatedEntry>): readonly LocatedEntry[] {
  const found: LocatedEntry[] = []
  for (const { entries } of maps)
    for (const entry of entries) {
      if (places.has(entry.key)) continue
      places.set(entry.key, entry)
      found.push(entry)
    }
  return found
}

const isBreak = (character: number): boolean => character === 0x0a || character === 0x0d

export const duplicateKey = (key: string, span: Span, first: Span): Diagnostic =>
  errorOf({
    code: DUPLICATE_KEY,
    message: `the key \`${key}\` stands twice in one map`,
    help: 'remove one of the two',
    span,
    related: [{ message: 'first here', span: first }],
  })
