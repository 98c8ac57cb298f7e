import type * as sdk from '@aws-sdk/client-iam'
import type { Writing } from './context.ts'
import { readTagKeys, readTags } from './input.ts'
import { findModifiable, findModifiablePolicy } from './lookup.ts'
import { refused } from './refusals.ts'
import type { TagRow } from './store-port.ts'

const QUOTAS = { user: 'tagsPerUser', role: 'tagsPerRole', policy: 'tagsPerPolicy' } as const

/** Whose tag keys ignore case. @see IAM User Guide, "Tags for AWS Identity and Access Management resources" */
const IGNORES_CASE = { user: true, role: true, policy: false } as const
type TaggedKind = keyof typeof IGNORES_CASE

/** The tags of a Create call, checked; to be stored with `putTags`. */
export function readNewTags(
  { quotas }: Writing,
  kind: TaggedKind,
  value: unknown,
  ownerId: string,
): readonly TagRow[] {
  const tags = readTags(value, { keysIgnoreCase: IGNORES_CASE[kind] })
  const limit = quotas[QUOTAS[kind]]
  if (tags.length > limit) throw tooManyTags(limit)
  return tags.map((tag) => rowOf(ownerId, tag))
}

export async function tagUser(writing: Writing, input: sdk.TagUserRequest): Promise<void> {
  const tags = readTags(input.Tags, { keysIgnoreCase: true })
  await addTags(writing, 'user', (await findModifiable(writing, 'user', input.UserName)).id, tags)
}

export async function tagRole(writing: Writing, input: sdk.TagRoleRequest): Promise<void> {
  const tags = readTags(input.Tags, { keysIgnoreCase: true })
  await addTags(writing, 'role', (await findModifiable(writing, 'role', input.RoleName)).id, tags)
}

export async function tagPolicy(writing: Writing, input: sdk.TagPolicyRequest): Promise<void> {
  const tags = readTags(input.Tags, { keysIgnoreCase: false })
  await addTags(writing, 'policy', (await findModifiablePolicy(writing, input.PolicyArn)).id, tags)
}

export async function untagUser(writing: Writing, input: sdk.UntagUserRequest): Promise<void> {
  const keys = readTagKeys(input.TagKeys)
  await removeTags(writing, 'user', (await findModifiable(writing, 'user', input.UserName)).id, keys)
}

export async function untagRole(writing: Writing, input: sdk.UntagRoleRequest): Promise<void> {
  const keys = readTagKeys(input.TagKeys)
  await removeTags(writing, 'role', (await findModifiable(writing, 'role', input.RoleName)).id, keys)
}

export async function untagPolicy(writing: Writing, input: sdk.UntagPolicyRequest): Promise<void> {
  const keys = readTagKeys(input.TagKeys)
  await removeTags(writing, 'policy', (await findModifiablePolicy(writing, input.PolicyArn)).id, keys)
}

/** A tag whose key differs from an existing one in case only takes its place, with the new spelling. */
async function addTags(
  { rows, quotas }: Writing,
  kind: TaggedKind,
  ownerId: string,
  tags: readonly sdk.Tag[],
): Promise<void> {
  const identity = keyIdentity(kind)
  const added = new Set(tags.map((tag) => identity(tag.Key ?? '')))
  const existing = await rows.tags([ownerId])
  const replaced = existing.filter(({ key }) => added.has(identity(key)))
  const limit = quotas[QUOTAS[kind]]
  if (existing.length - replaced.length + added.size > limit) throw tooManyTags(limit)
  await rows.deleteTags(
    ownerId,
    replaced.map(({ key }) => key),
  )
  await rows.putTags(tags.map((tag) => rowOf(ownerId, tag)))
}

async function removeTags(
  { rows }: Writing,
  kind: TaggedKind,
  ownerId: string,
  keys: readonly string[],
): Promise<void> {
  const identity = keyIdentity(kind)
  const removed = new Set(keys.map(identity))
  const existing = await rows.tags([ownerId])
  await rows.deleteTags(
    ownerId,
    existing.map(({ key }) => key).filter((key) => removed.has(identity(key))),
  )
}

const keyIdentity = (kind: TaggedKind): ((key: string) => string) =>
  IGNORES_CASE[kind] ? (key) => key.toLowerCase() : (key) => key

const rowOf = (ownerId: string, { Key, Value }: sdk.Tag): TagRow => ({
  ownerId,
  key: Key ?? '',
  value: Value ?? '',
})

const tooManyTags = (limit: number) =>
  refused('LimitExceeded', `The number of tags has reached the maximum limit of ${limit}.`)
