import type * as sdk from '@aws-sdk/client-iam'
import type { Writing } from './context.ts'
import { readTagKeys, readTags } from './input.ts'
import type { TagRules } from './named-kind.ts'
import { refused } from './refusals.ts'
import type { StoredEntity, TagRow } from './store-port.ts'

/** The tags of a Create call, checked; to be stored with `putTags`. */
export function readNewTags(
  { quotas }: Pick<Writing, 'quotas'>,
  rules: TagRules,
  value: unknown,
  ownerId: string,
): readonly TagRow[] {
  const tags = readTags(value, rules)
  const limit = quotas[rules.quota]
  if (tags.length > limit) throw tooManyTags(limit)
  return tags.map((tag) => rowOf(ownerId, tag))
}

/**
 * A tag whose key differs from an existing one in case only takes its place, with the new spelling.
 * @param findOwner is asked once the tags are known to be some
 */
export async function addTags(
  { rows, quotas }: Pick<Writing, 'rows' | 'quotas'>,
  { quota, keysIgnoreCase }: TagRules,
  findOwner: () => Promise<Pick<StoredEntity, 'id'>>,
  value: unknown,
): Promise<void> {
  const tags = readTags(value, { keysIgnoreCase })
  const { id } = await findOwner()
  const identity = keyIdentity(keysIgnoreCase)
  const added = new Set(tags.map((tag) => identity(tag.Key ?? '')))
  const existing = await rows.tags([id])
  const replaced = existing.filter(({ key }) => added.has(identity(key)))
  const limit = quotas[quota]
  if (existing.length - replaced.length + added.size > limit) throw tooManyTags(limit)
  await rows.deleteTags(
    id,
    replaced.map(({ key }) => key),
  )
  await rows.putTags(tags.map((tag) => rowOf(id, tag)))
}

/** @param findOwner is asked once the keys are known to be some */
export async function removeTags(
  { rows }: Pick<Writing, 'rows'>,
  { keysIgnoreCase }: TagRules,
  findOwner: () => Promise<Pick<StoredEntity, 'id'>>,
  value: unknown,
): Promise<void> {
  const keys = readTagKeys(value)
  const { id } = await findOwner()
  const identity = keyIdentity(keysIgnoreCase)
  const removed = new Set(keys.map(identity))
  const existing = await rows.tags([id])
  await rows.deleteTags(
    id,
    existing.map(({ key }) => key).filter((key) => removed.has(identity(key))),
  )
}

const keyIdentity = (ignoringCase: boolean): ((key: string) => string) =>
  ignoringCase ? (key) => key.toLowerCase() : (key) => key

const rowOf = (ownerId: string, { Key, Value }: sdk.Tag): TagRow => ({
  ownerId,
  key: Key ?? '',
  value: Value ?? '',
})

const tooManyTags = (limit: number) =>
  refused('LimitExceeded', `The number of tags has reached the maximum limit of ${limit}.`)
