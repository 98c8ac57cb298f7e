import type { Located, LocatedEntry, LocatedMap } from '../../diagnostics/index.ts'
import type { ParameterValues } from './parameters.ts'
import { type Resolved, scalarText } from './resolved.ts'

/** Characters, keys and values that loops may make in all: a template has a million characters at most, and 500 resources. */
const MOST_MADE = 4_000_000
/** How deep loops stand in each other. @see AWS CloudFormation Template Reference, "Fn::ForEach": five at most */
const MOST_NESTED = 5
const PREFIX = 'Fn::ForEach::'

/**
 * A template with what its loops make in place of them. What a loop goes over may be a list, or a parameter; where that isn't known, or too much
 * comes of it, the loop stays.
 * @see AWS CloudFormation Template Reference, "Fn::ForEach"
 */
export class Loops {
  readonly #parameters: ParameterValues
  #made = 0

  constructor(parameters: ParameterValues) {
    this.#parameters = parameters
  }

  in(node: Located, depth = 0): Located {
    if (node.kind === 'scalar') return node
    if (node.kind === 'list') {
      const items = node.items.map((each) => this.in(each, depth))
      return items.every((each, index) => each === node.items[index]) ? node : { ...node, items }
    }
    const entries = node.entries.flatMap((entry) =>
      entry.key.startsWith(PREFIX)
        ? (this.#carriedOut(entry, depth) ?? [entry])
        : [this.#inEntry(entry, depth)],
    )
    const isSame =
      entries.length === node.entries.length && entries.every((each, index) => each === node.entries[index])
    return isSame ? node : { ...node, entries }
  }

  #inEntry(entry: LocatedEntry, depth: number): LocatedEntry {
    const value = this.in(entry.value, depth)
    return value === entry.value ? entry : { ...entry, value }
  }

  /** null: it can't be. */
  #carriedOut({ value }: LocatedEntry, depth: number): readonly LocatedEntry[] | null {
    const [name, over, body] = value.kind === 'list' ? value.items : []
    if (name?.kind !== 'scalar' || typeof name.value !== 'string' || name.value === '') return null
    if (over === undefined || body?.kind !== 'map' || depth >= MOST_NESTED) return null
    const texts = this.#textsOf(over)
    if (texts === null) return null
    const made: LocatedEntry[] = []
    for (const text of texts) {
      const { entries } = this.#with(body, name.value, text)
      // Half of what a loop makes would be taken for all of it.
      if (this.#made > MOST_MADE) return null
      const inner = this.in({ ...body, entries }, depth + 1)
      if (inner.kind === 'map') made.push(...inner.entries)
    }
    return made
  }

  /** What a loop goes over. null: it isn't known. */
  #textsOf(over: Located): readonly string[] | null {
    const items = over.kind === 'list' ? over.items.map((each) => this.#valueOf(each)) : this.#itemsOf(over)
    const texts = items?.map((each) => scalarText(each ?? null))
    return texts === undefined || texts.includes(null) ? null : texts.flatMap((text) => text ?? [])
  }

  #itemsOf(over: Located): readonly Resolved[] | undefined {
    const value = this.#valueOf(over)
    return value?.kind === 'list' ? value.items : undefined
  }

  /** A text, or what a parameter is. */
  #valueOf(node: Located): Resolved | null {
    if (node.kind === 'scalar') return node
    const [only, another] = node.kind === 'map' ? node.entries : []
    const named = only?.key === 'Ref' && another === undefined ? only.value : null
    return named?.kind === 'scalar' ? this.#parameters.value(String(named.value), node) : null
  }

  #with(body: LocatedMap, name: string, text: string): LocatedMap {
    const plain = text.replace(/[^A-Za-z0-9]/g, '')
    const inText = (each: string): string => {
      const said = each.replaceAll(`\${${name}}`, () => text).replaceAll(`&{${name}}`, () => plain)
      this.#made += said.length + 1
      return said
    }
    const inNode = (node: Located): Located => {
      if (++this.#made > MOST_MADE) return node
      if (node.kind === 'scalar')
        return typeof node.value === 'string' ? { ...node, value: inText(node.value) } : node
      if (node.kind === 'list') return { ...node, items: node.items.map(inNode) }
      const [only, another] = node.entries
      const isItself =
        only?.key === 'Ref' &&
        another === undefined &&
        only.value.kind === 'scalar' &&
        only.value.value === name
      if (isItself) return { ...only.value, value: text, quoted: true } as Located
      return inMap(node)
    }
    const inMap = (map: LocatedMap): LocatedMap => ({
      ...map,
      entries: map.entries.map((entry) => ({ ...entry, key: inText(entry.key), value: inNode(entry.value) })),
    })
    return inMap(body)
  }
}
