import { InvariantError } from '../diagnostics/index.ts'

// Of two maps the later may have the same keys in the same order, and most of the values of the earlier: whoever has worked something
// out for the earlier one then has to look at what was replaced alone. A watcher's maps are such from save to save.

type AnyMap = ReadonlyMap<string, unknown>

interface Descent {
  readonly from: object
  readonly keys: readonly string[]
}

/** What a map descends from is told by its mark, so that no map keeps an earlier one alive. */
const marks = new WeakMap<AnyMap, object>()
const descents = new WeakMap<AnyMap, Descent>()

/**
 * A map with other values for some of its keys, which remembers that it is one; the same map, where they are no others.
 * @throws InvariantError when it doesn't have such a key
 */
export function withReplaced<V>(
  map: ReadonlyMap<string, V>,
  entries: Iterable<readonly [string, V]>,
): ReadonlyMap<string, V> {
  const others = new Map([...entries].filter(([key, value]) => map.get(key) !== value))
  if (others.size === 0) return map
  const later = new Map(map)
  for (const [key, value] of others) later.set(key, value)
  if (later.size !== map.size) throw new InvariantError('only values are replaced, not keys')
  const from = marks.get(map) ?? {}
  marks.set(map, from)
  descents.set(later, { from, keys: [...others.keys()] })
  return later
}

/**
 * The keys that have another value in a later map.
 * @returns null: the two don't have the same keys in the same order. Values are the same where they are the same object.
 */
export function replacedBetween(earlier: AnyMap, later: AnyMap): readonly string[] | null {
  if (earlier === later) return []
  const descent = descents.get(later)
  if (descent !== undefined && descent.from === marks.get(earlier)) return descent.keys
  if (earlier.size !== later.size) return null
  const replaced: string[] = []
  const entries = earlier.entries()
  for (const [key, value] of later) {
    const former = entries.next().value
    if (former?.[0] !== key) return null
    if (former[1] !== value) replaced.push(key)
  }
  return replaced
}
