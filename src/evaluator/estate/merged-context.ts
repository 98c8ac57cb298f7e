/**
 * One context of several: names ignore case, and a key keeps the spelling of the one that it is taken from.
 * @param contexts what a later one says wins
 */
export function mergedContext(
  ...contexts: readonly ReadonlyMap<string, readonly string[]>[]
): ReadonlyMap<string, readonly string[]> {
  const spellings = new Map<string, string>()
  const context = new Map<string, readonly string[]>()
  for (const each of contexts)
    for (const [key, values] of each) {
      const lower = key.toLowerCase()
      const earlier = spellings.get(lower)
      if (earlier !== undefined) context.delete(earlier)
      spellings.set(lower, key)
      context.set(key, values)
    }
  return context
}
