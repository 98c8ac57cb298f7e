import type { StoredEntities } from '../kinds/kind.ts'
import { keysOf } from '../model/keys-of.ts'
import type { ChildFacts } from '../model/kind-facts.ts'
import type { Reading } from './context.ts'
import { readText } from './input.ts'
import { deleteConflict, refused, validationError } from './refusals.ts'
import type { EntityRow, NameOf, StoredEntity } from './store-port.ts'

/** How what is named under an entity is found and refused. */
interface NamedChild<K extends string> {
  readonly kind: K
  /** As AWS writes it in messages: `sSHPublicKeyId`. */
  readonly idField: string
  /** What one is called in messages. */
  readonly label: string
}

/** @see IAM API Reference: the lengths and the pattern of SSHPublicKeyId, certificateIdType, … */
export function readChildId(field: string, value: unknown): string {
  const id = readText(field, value, { least: 16, most: 128 })
  if (!/^\w+$/.test(id))
    throw validationError(field, value, 'Member must satisfy regular expression pattern: [\\w]+')
  return id
}

export function readStatus(value: unknown): 'Active' | 'Inactive' {
  const status = readText('status', value, { least: 1, most: 64 })
  if (status === 'Active' || status === 'Inactive') return status
  throw validationError('status', value, 'Member must satisfy enum value set: [Active, Inactive]')
}

/** Oldest first; of one second, by id. */
export async function childrenOf<K extends NameOf<E>, E = StoredEntities>(
  { rows }: Pick<Reading<E>, 'rows'>,
  kind: K,
  parentId: string,
): Promise<readonly EntityRow<K, E>[]> {
  const found = await rows.children(kind, [parentId])
  return [...found].sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1))
}

/** One of a parent's, by its id. @throws IamError NoSuchEntity */
export async function findChild<K extends NameOf<E>, E = StoredEntities>(
  { rows }: Pick<Reading<E>, 'rows'>,
  { kind, label }: NamedChild<K>,
  parent: StoredEntity,
  id: string,
): Promise<EntityRow<K, E>> {
  const row = await rows.entity(kind, id, parent.id)
  if (row === null) throw refused('NoSuchEntity', `The ${label} with id ${id} cannot be found.`)
  return row
}

/**
 * Refuses to delete an entity under which something is still named.
 * @see IAM API Reference, DeleteUser: what must be deleted first
 * @throws IamError DeleteConflict
 */
export async function requireNoChildren<K extends NameOf<StoredEntities>>(
  { rows }: Pick<Reading, 'rows'>,
  children: Readonly<Record<K, ChildFacts>>,
  { id, kind }: StoredEntity,
): Promise<void> {
  for (const child of keysOf(children))
    if (children[child].parent === kind && (await rows.count(child, id)) > 0)
      throw deleteConflict(children[child].standsInTheWay)
}
