/** In the order of names, so that a plan doesn't depend on the order in which a target lists. Sorted once per map. */
export function sortedByName<T extends { readonly name: string }>(
  entities: ReadonlyMap<string, T>,
): readonly T[] {
  const known = sorted.get(entities)
  if (known !== undefined) return known as readonly T[]
  const list = inNameOrder([...entities.values()])
  sorted.set(entities, list)
  return list
}

const sorted = new WeakMap<ReadonlyMap<string, unknown>, readonly unknown[]>()

export const inNameOrder = <T extends { readonly name: string }>(entities: readonly T[]): readonly T[] =>
  entities.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
