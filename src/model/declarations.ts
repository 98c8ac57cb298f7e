/**
 * What is kept of one attribute: group names, policy ARNs, inline policy names, tag keys. A single value (description,
 * maxSessionDuration, permissionsBoundary) is kept behind a `=`; earlier versions kept `*` of whatever value.
 */
export type Members = readonly string[]

/** What applies have declared: by entity (`user/alice`, `passwordPolicy`, `accountAlias`), then by attribute. */
export type Declarations = Readonly<Record<string, Readonly<Record<string, Members>>>>

/** Everything that any of several declared; of more than one, sorted. */
export function uniteDeclarations(...all: readonly Declarations[]): Declarations {
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
  return sortedRecord(united, (attributes) => sortedRecord(attributes, (members) => [...members].sort()))
}

/** Whether two say the same, in whatever order. */
export const sameDeclarations = (a: Declarations, b: Declarations): boolean =>
  sameRecords(a, b, (attributes, others) => sameRecords(attributes, others, sameMembers))

function sameRecords<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  same: (one: T, other: T) => boolean,
): boolean {
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => {
      const [one, other] = [a[key], Object.hasOwn(b, key) ? b[key] : undefined]
      return one !== undefined && other !== undefined && same(one, other)
    })
  )
}

/** Members stand there once each. */
function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  if (a.every((member, index) => member === b[index])) return true
  const members = new Set(b)
  return a.every((member) => members.has(member))
}

const sortedRecord = <V, R>(
  map: ReadonlyMap<string, V>,
  convert: (value: V) => R,
): Readonly<Record<string, R>> =>
  Object.fromEntries(
    [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, convert(value)]),
  )
