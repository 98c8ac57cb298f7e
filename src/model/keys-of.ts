/** The keys of a table that is exhaustive by its type, in the order in which they are written. */
export const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] =>
  // A table has no keys but those of its type: it is written out as a literal of it.
  Object.keys(table) as K[]

/** A table with a value for each key. */
export const tableOf = <K extends string, V>(
  keys: readonly K[],
  make: (key: K) => V,
): Readonly<Record<K, V>> =>
  // The keys are all of the type's, as those of `keysOf` are.
  Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>
