import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  type Node,
  type Pair,
  parseAllDocuments,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import type { PlainValue } from '../diagnostics/index.ts'

/** Entries for a map of a text, by where the key stands whose value the map is. */
export interface Addition {
  /** The offset of that key. */
  readonly at: number
  /** New keys, in order. */
  readonly entries: readonly (readonly [key: string, value: PlainValue])[]
}

/** Why a map can't be added to: others would have what is added too, or there is no map of its own. */
export type Unaddable = 'alias' | 'shared' | 'not-a-map'

/** What a text becomes; all of it but for what is added is as it was, byte for byte. */
type Added = { readonly text: string } | { readonly unaddable: Unaddable; readonly at: number }

/**
 * Adds keys to maps of a YAML text: below the last entry of a block, after the brace of a flow map, in place of nothing. Texts with
 * `{{` are written so that they stand for themselves.
 * @param text is valid YAML
 */
export function addEntries(text: string, additions: readonly Addition[]): Added {
  // From the end, so that each offset is still where it was.
  let result = text
  for (const addition of additions.toSorted((a, b) => b.at - a.at)) {
    const added = addTo(text, addition)
    if ('unaddable' in added) return added
    const { start, end, insert } = added
    result = result.slice(0, start) + insert + result.slice(end)
  }
  return { text: result }
}

interface Splice {
  readonly start: number
  readonly end: number
  readonly insert: string
}

interface Place {
  readonly pair: Pair<Scalar, Node | null>
  /** The map that the key is in. */
  readonly parent: YAMLMap
  /** Anchors of all that it is in, and of its own value. */
  readonly anchors: readonly string[]
}

function addTo(text: string, { at, entries }: Addition): Splice | Extract<Added, { unaddable: Unaddable }> {
  const documents = parseAllDocuments(text, {
    uniqueKeys: false,
    merge: false,
    stringKeys: true,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const all: readonly Document[] = Array.isArray(documents) ? documents : []
  for (const document of all) {
    const place = placeIn(document, at)
    if (place === null) continue
    const aliased = new Set<string>()
    visit(document, { Alias: (_, { source }) => void aliased.add(source) })
    if (isAlias(place.pair.value)) return { unaddable: 'alias', at }
    if (place.anchors.some((anchor) => aliased.has(anchor))) return { unaddable: 'shared', at }
    return spliceAt(text, place, entries) ?? { unaddable: 'not-a-map', at }
  }
  return { unaddable: 'not-a-map', at }
}

function placeIn(document: Document, at: number): Place | null {
  let found: Place | null = null
  visit(document, {
    Pair: (_, pair, path) => {
      const { key, value } = pair as Pair<Scalar, Node | null>
      if (!isScalar(key) || key.range?.[0] !== at) return undefined
      const parent = path.findLast((each) => isMap(each))
      if (parent === undefined) return undefined
      const around = [...path, value].flatMap((each) =>
        isCollection(each) || isScalar(each) ? (each.anchor ?? []) : [],
      )
      found = { pair: { key, value } as Place['pair'], parent: parent as YAMLMap, anchors: around }
      return visit.BREAK
    },
  })
  return found
}

function spliceAt(
  text: string,
  { pair: { key, value }, parent }: Place,
  entries: Addition['entries'],
): Splice | null {
  const keyEnd = key.range?.[1] ?? 0
  if (isMap(value) && value.range) {
    const [first] = value.items
    const firstKey = first?.key as Scalar | undefined
    if (value.flow === true) return intoFlow(text, value.range[0], value.range[1], firstKey, entries)
    if (firstKey?.range === undefined || firstKey.range === null) return null
    const column = columnOf(text, firstKey.range[0])
    const step = Math.max(1, column - columnOf(text, key.range?.[0] ?? 0))
    const end = endOfBlock(text, value)
    return blockAt(text, end, column, step, entries)
  }
  if (value !== null && !(isScalar(value) && value.value === null)) return null
  const [start, end] = value?.range ?? [keyEnd, keyEnd]
  const written = text.slice(start, end)
  if (written !== '' || parent.flow === true) {
    if (written !== '') return { start, end, insert: flowMap(entries, false) }
    const colon = /^["']?\s*:/.exec(text.slice(keyEnd))?.[0]
    return colon === undefined
      ? { start: keyEnd, end: keyEnd, insert: `: ${flowMap(entries, false)}` }
      : { start: keyEnd + colon.length, end: keyEnd + colon.length, insert: ` ${flowMap(entries, false)}` }
  }
  const step = stepOf(text, parent)
  const column = columnOf(text, key.range?.[0] ?? 0) + step
  return blockAt(text, keyEnd, column, step, entries)
}

/** By how much what is in a map beside this is indented; two, where there is nothing. */
function stepOf(text: string, parent: YAMLMap): number {
  for (const { key, value } of parent.items as Pair<Scalar, Node | null>[]) {
    if (!isMap<Scalar>(value) || value.flow === true) continue
    const inner = value.items[0]?.key.range?.[0]
    const outer = key.range?.[0]
    if (inner !== undefined && outer !== undefined)
      return Math.max(1, columnOf(text, inner) - columnOf(text, outer))
  }
  return 2
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1
const columnOf = (text: string, at: number): number => at - lineStart(text, at)

/** Lines of their own, after the line on which something ends. */
function blockAt(
  text: string,
  end: number,
  column: number,
  step: number,
  entries: Addition['entries'],
): Splice {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = entries.flatMap(([key, value]) => blockLines(key, value, step))
  const block = lines.map((line) => `${' '.repeat(column)}${line}`).join(newline)
  const isAtStart = end > 0 && text[end - 1] === '\n'
  const next = isAtStart ? end : text.indexOf('\n', end) + 1
  if (next === 0) return { start: text.length, end: text.length, insert: `${newline}${block}${newline}` }
  return { start: next, end: next, insert: `${block}${newline}` }
}

/** Where the last value of a block ends: behind its last character, or, of a text of lines, behind its last line. */
function endOfBlock(text: string, map: YAMLMap): number {
  let node: Node | null = map
  let end = map.range?.[0] ?? 0
  while (node !== null) {
    if (isCollection(node) && node.flow !== true) {
      const last: unknown = node.items.at(-1)
      if (last === undefined) break
      const isPair = !isScalar(last) && !isCollection(last) && !isAlias(last)
      const { key, value } = isPair ? (last as Pair<Scalar, Node | null>) : { key: null, value: last as Node }
      end = key?.range?.[1] ?? end
      node = value
    } else {
      const [start, valueEnd] = node.range ?? [end, end]
      end = Math.max(end, valueEnd)
      if (isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED)) {
        const header = text.slice(start, text.indexOf('\n', start))
        // Empty lines below it are its own where they are to be kept.
        if (!/^[|>][0-9]?\+|^[|>]\+/.test(header))
          while (/(?:^|\n)[ \t\r]*\n$/.test(text.slice(start, end))) end = text.lastIndexOf('\n', end - 2) + 1
      }
      node = null
    }
  }
  return end
}

function intoFlow(
  text: string,
  start: number,
  end: number,
  firstKey: Scalar | undefined,
  entries: Addition['entries'],
): Splice {
  const isJson = firstKey?.type === Scalar.QUOTE_DOUBLE
  const written = entries.map(([key, value]) => flowEntry(key, value, isJson))
  const inside = text.slice(start + 1, firstKey?.range?.[0] ?? end - 1)
  const line = inside.indexOf('\n')
  if (line === -1) {
    const isPadded = firstKey === undefined || /^\s/.test(inside)
    const more = firstKey === undefined ? ' ' : isPadded ? ',' : ', '
    const at =
      firstKey === undefined ? { start: start + 1, end: end - 1 } : { start: start + 1, end: start + 1 }
    return { ...at, insert: `${isPadded ? ' ' : ''}${written.join(', ')}${more}` }
  }
  const next = start + 1 + line + 1
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const indent =
    firstKey?.range === undefined || firstKey.range === null
      ? `${/^[ \t]*/.exec(text.slice(lineStart(text, start)))?.[0] ?? ''}  `
      : ' '.repeat(columnOf(text, firstKey.range[0]))
  const lines = written.map(
    (entry, index) =>
      `${indent}${entry}${firstKey !== undefined || index < written.length - 1 ? ',' : ''}${newline}`,
  )
  return { start: next, end: next, insert: lines.join('') }
}

const flowMap = (entries: Addition['entries'], isJson: boolean): string =>
  `{ ${entries.map(([key, value]) => flowEntry(key, value, isJson)).join(', ')} }`

function flowEntry(key: string, value: PlainValue, isJson: boolean): string {
  if (isJson) return `${JSON.stringify(key)}: ${JSON.stringify(literal(value))}`
  const text = linesOf({ [key]: value }, true, 2).join(' ')
  return text.replace(/^\{\s*/, '').replace(/\s*\}$/, '')
}

const LONGEST_LINE = 100

/** A list of texts on one line, where it is a short one; all else in lines. */
function blockLines(key: string, value: PlainValue, step: number): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) {
    const line = flowEntry(key, value, false)
    if (line.length <= LONGEST_LINE) return [line]
  }
  return linesOf({ [key]: value }, false, step)
}

function linesOf(value: PlainValue, isFlow: boolean, indent: number): readonly string[] {
  const document = new Document(null, { stringKeys: true })
  document.contents = document.createNode(value, { flow: isFlow }) as typeof document.contents
  visit(document, {
    Scalar: (key, node) => {
      if (typeof node.value !== 'string') return
      const isVersion = key === 'value' && /^\d{4}-\d\d-\d\d$/.test(node.value)
      if (isVersion || node.value.includes('{{') || /[\r\n]/.test(node.value)) node.type = Scalar.QUOTE_DOUBLE
      node.value = node.value.replaceAll('{{', '{{{{')
    },
    Collection: (_, node) => {
      if (!isFlow && isCollection(node) && node.items.length === 0) node.flow = true
    },
  })
  return document
    .toString({
      indent,
      lineWidth: 0,
      // What is broken in quotes would be indented with the rest.
      doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
      indentSeq: true,
      flowCollectionPadding: false,
    })
    .trimEnd()
    .split('\n')
}

function literal(value: PlainValue): PlainValue {
  if (typeof value === 'string') return value.replaceAll('{{', '{{{{')
  if (Array.isArray(value)) return value.map(literal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key.replaceAll('{{', '{{{{'), literal(each)]),
  )
}
