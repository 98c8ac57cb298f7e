/** What a table has under a name that somebody else chose: `constructor` and its kin, which every object has, are no entries. */
export const ownValue = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined
