import type { Declarations } from '../ports.ts'

/** Everything that any of several applies declared: entities, their attributes, and the members of these, sorted. */
export function uniteDeclarations(all: readonly Declarations[]): Declarations {
  const [only] = all
  if (all.length === 1 && only !== undefined) return only
  const united = new Map<string, Map<string, Set<string>>>()
  for (const declarations of all)
    for (const [entity, attributes] of Object.entries(declarations)) {
      const known = united.get(entity) ?? new Map<string, Set<string>>()
      united.set(entity, known)
      for (const [attribute, members] of Object.entries(attributes))
        known.set(attribute, new Set([...(known.get(attribute) ?? []), ...members]))
    }
  return Object.fromEntries(
    [...united].map(([entity, attributes]) => [
      entity,
      Object.fromEntries([...attributes].map(([attribute, members]) => [attribute, [...members].sort()])),
    ]),
  )
}
