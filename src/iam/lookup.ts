import type { StoredEntities } from '../kinds/kind.ts'
import type { Reading, Writing } from './context.ts'
import { readName, readPath } from './input.ts'
import type { NamedKind } from './named-kind.ts'
import { alreadyExists, limitExceeded, noSuchEntity, refused, unmodifiable } from './refusals.ts'
import type { EntityRow, NameOf } from './store-port.ts'

/** As AWS writes it in messages: `userName`. */
const fieldOf = ({ facts }: NamedKind): string =>
  facts.nameField.charAt(0).toLowerCase() + facts.nameField.slice(1)

/** The name that a Create call gives. @throws IamError ValidationError */
export const readOwnName = (named: NamedKind, value: unknown): string =>
  readName(named.facts.longestName, fieldOf(named), value)

/** @throws IamError ValidationError, NoSuchEntity */
export async function findEntity<K extends NameOf<E>, E = StoredEntities>(
  { rows }: Pick<Reading<E>, 'rows'>,
  named: NamedKind<K>,
  name: unknown,
): Promise<EntityRow<K, E>> {
  const wanted = readOwnName(named, name)
  const row = await rows.entity(named.kind, wanted)
  if (row === null)
    throw named.missing === undefined
      ? noSuchEntity(named.facts.label, wanted)
      : refused('NoSuchEntity', named.missing(wanted))
  return row
}

/** As `findEntity`, for an operation that changes it. @throws IamError also UnmodifiableEntity */
export async function findModifiable<K extends NameOf<E>, E = StoredEntities>(
  reading: Pick<Reading<E>, 'rows'>,
  named: NamedKind<K>,
  name: unknown,
): Promise<EntityRow<K, E>> {
  const row = await findEntity(reading, named, name)
  if (named.isProtected(row)) throw unmodifiable(row.name)
  return row
}

/** @throws IamError EntityAlreadyExists (names are unique whatever their case), LimitExceeded */
export async function claimName<K extends NameOf<E>, E = StoredEntities>(
  { rows, quotas }: Pick<Writing<E>, 'rows' | 'quotas'>,
  { kind, facts, quotaLabel, alreadyExists: told }: NamedKind<K>,
  name: string,
): Promise<void> {
  const taken = await rows.takenName(kind, name)
  if (taken !== null) throw alreadyExists(told(name, taken))
  const limit = quotas[facts.quota]
  if ((await rows.count(kind)) >= limit) throw limitExceeded(quotaLabel, limit)
}

/** Gives an entity another name, another path, or both; what isn't given stays. */
export async function moveEntity<K extends NameOf<E>, E = StoredEntities>(
  { rows }: Pick<Writing<E>, 'rows'>,
  named: NamedKind<K>,
  name: unknown,
  { newPath, newName }: { readonly newPath: unknown; readonly newName: unknown },
): Promise<void> {
  const path = newPath === undefined ? null : readPath(newPath)
  const wanted =
    newName === undefined ? null : readName(named.facts.longestName, `new${named.facts.nameField}`, newName)
  const row = await findModifiable({ rows }, named, name)
  if (wanted !== null) {
    const taken = await rows.takenName(named.kind, wanted)
    if (taken !== null && taken !== row.name) throw alreadyExists(named.alreadyExists(wanted, taken))
  }
  await rows.update({ ...row, path: path ?? row.path, name: wanted ?? row.name })
}
