import type { Declarations } from '../target/ports.ts'

/** Everything that any of several declared, in one fixed order, so that equal ones are equal as JSON. */
export function uniteDeclarations(...all: readonly Declarations[]): Declarations {
  const united = new Map<string, Map<string, Set<string>>>()
  for (const declarations of all)
    for (const [entity, attributes] of Object.entries(declarations)) {
      const known = united.get(entity) ?? new Map<string, Set<string>>()
      united.set(entity, known)
      for (const [attribute, members] of Object.entries(attributes))
        known.set(attribute, new Set([...(known.get(attribute) ?? []), ...members]))
    }
  return sortedRecord(united, (attributes) => sortedRecord(attributes, (members) => [...members].sort()))
}

export const sameDeclarations = (a: Declarations, b: Declarations): boolean =>
  JSON.stringify(uniteDeclarations(a)) === JSON.stringify(uniteDeclarations(b))

const sortedRecord = <V, R>(
  map: ReadonlyMap<string, V>,
  convert: (value: V) => R,
): Readonly<Record<string, R>> =>
  Object.fromEntries(
    [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, convert(value)]),
  )
