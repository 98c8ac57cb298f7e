import type { Span } from './span.ts'

/**
 * A tree of plain values in which each node knows where it stands (each node is itself a `Span`).
 * What YAML and JSON files become before anything reads a meaning into them.
 */
export type Located = LocatedScalar | LocatedList | LocatedMap

export interface LocatedScalar extends Span {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** Whether the text was quoted (or a block scalar). Only quoted strings take `{{ variables }}`. */
  readonly quoted: boolean
}

export interface LocatedList extends Span {
  readonly kind: 'list'
  readonly items: readonly Located[]
}

export interface LocatedEntry {
  readonly key: string
  readonly keySpan: Span
  readonly value: Located
}

export interface LocatedMap extends Span {
  readonly kind: 'map'
  readonly entries: readonly LocatedEntry[]
}

export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue }

/** The value without its places. Of entries with the same key, the last one stands. */
export function plainOf(node: Located): PlainValue {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plainOf)
    case 'map': {
      const object: Record<string, PlainValue> = {}
      for (const { key, value } of node.entries) {
        // `__proto__` as a key must become a property, not the prototype.
        if (key === '__proto__')
          Object.defineProperty(object, key, {
            value: plainOf(value),
            enumerable: true,
            configurable: true,
            writable: true,
          })
        else object[key] = plainOf(value)
      }
      return object
    }
  }
}

export function entryOf(node: Located | undefined | null, key: string): LocatedEntry | null {
  if (node?.kind !== 'map') return null
  for (const entry of node.entries) if (entry.key === key) return entry
  return null
}

/** The node at a path of keys and indexes, or null if the path leaves the tree. */
export function nodeAt(node: Located, path: readonly PropertyKey[]): Located | null {
  let current: Located | null = node
  for (const step of path) {
    if (current === null) return null
    if (current.kind === 'list' && typeof step === 'number') current = current.items[step] ?? null
    else if (current.kind === 'map') current = entryOf(current, String(step))?.value ?? null
    else return null
  }
  return current
}

/** The place to underline for a path: the node there, or else the deepest one on the way. */
export function spanAt(node: Located, path: readonly PropertyKey[]): Span {
  let deepest: Located = node
  for (let depth = 1; depth <= path.length; depth++) {
    const next = nodeAt(node, path.slice(0, depth))
    if (next === null) break
    deepest = next
  }
  return spanOf(deepest)
}

export const spanOf = ({ file, start, end }: Span): Span => ({ file, start, end })
