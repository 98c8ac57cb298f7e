import type * as sdk from '@aws-sdk/client-iam'
import type { Reading, Writing } from '../../../src/iam/context.ts'
import { byOwner, idsOf } from '../../../src/iam/details.ts'
import type { IamKind } from '../../../src/iam/iam-kind.ts'
import { readPath } from '../../../src/iam/input.ts'
import { claimName, findEntity, findModifiable, readOwnName } from '../../../src/iam/lookup.ts'
import type { NamedKind, TagRules } from '../../../src/iam/named-kind.ts'
import { cutPage, readPage } from '../../../src/iam/pagination.ts'
import { deleteConflict, limitExceeded, noSuchEntity } from '../../../src/iam/refusals.ts'
import type { EntityRow } from '../../../src/iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../../src/iam/tags.ts'
import { tagList } from '../../../src/iam/views.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { TOY, type Toys } from './kind.ts'

/** As it is listed, with no more of its roles than their names. */
type ListedToy = Omit<Partial<sdk.InstanceProfile>, 'Roles'> & {
  readonly Roles: readonly Pick<sdk.Role, 'RoleName'>[]
}

export interface ToyReads {
  readonly ListInstanceProfiles: Operation<
    sdk.ListInstanceProfilesRequest,
    { readonly InstanceProfiles: readonly ListedToy[] }
  >
}

export interface ToyWrites {
  readonly CreateInstanceProfile: Operation<
    sdk.CreateInstanceProfileRequest,
    { readonly InstanceProfile: Partial<sdk.InstanceProfile> }
  >
  readonly DeleteInstanceProfile: Operation<sdk.DeleteInstanceProfileRequest>
  readonly AddRoleToInstanceProfile: Operation<sdk.AddRoleToInstanceProfileRequest>
  readonly RemoveRoleFromInstanceProfile: Operation<sdk.RemoveRoleFromInstanceProfileRequest>
  readonly TagInstanceProfile: Operation<sdk.TagInstanceProfileRequest>
  readonly UntagInstanceProfile: Operation<sdk.UntagInstanceProfileRequest>
}

const toys: NamedKind<'toy'> = {
  kind: 'toy',
  facts: TOY,
  quotaLabel: 'InstanceProfilesPerAccount',
  alreadyExists: (_, taken) => `Instance Profile ${taken} already exists.`,
  isProtected: () => false,
}
const tags: TagRules = { quota: 'tagsPerRole', keysIgnoreCase: true }

export const toy = {
  reads: { ListInstanceProfiles: list },
  writes: {
    CreateInstanceProfile: create,
    DeleteInstanceProfile: remove,
    AddRoleToInstanceProfile: addRole,
    RemoveRoleFromInstanceProfile: removeRole,
    TagInstanceProfile: (writing, { InstanceProfileName, Tags }) =>
      addTags(writing, tags, () => findModifiable(writing, toys, InstanceProfileName), Tags),
    UntagInstanceProfile: (writing, { InstanceProfileName, TagKeys }) =>
      removeTags(writing, tags, () => findModifiable(writing, toys, InstanceProfileName), TagKeys),
  },
} satisfies IamKind<ToyReads, ToyWrites, Toys>

const view = (row: EntityRow<'toy', Toys>): Partial<sdk.InstanceProfile> => ({
  InstanceProfileName: row.name,
  InstanceProfileId: row.id,
  Path: row.path,
})

async function list(reading: Reading<Toys>, input: sdk.ListInstanceProfilesRequest) {
  const { limit, after } = readPage(input)
  const rows = await reading.rows.entities('toy', { after, limit: limit + 1, pathPrefix: '/' })
  const { page, end } = cutPage(rows, limit, ({ name }) => name)
  const links = byOwner(await reading.rows.resolvedLinks(idsOf(page), 'role'))
  const found = byOwner(await reading.rows.tags(idsOf(page)))
  return {
    InstanceProfiles: page.map((row) => ({
      ...view(row),
      Roles: (links.get(row.id) ?? []).map(({ to }) => ({ RoleName: to?.name })),
      Tags: tagList(found.get(row.id)),
    })),
    ...end,
  }
}

async function create(writing: Writing<Toys>, input: sdk.CreateInstanceProfileRequest) {
  const name = readOwnName(toys, input.InstanceProfileName)
  const path = readPath(input.Path)
  const id = writing.newId(TOY.idPrefix)
  const given = readNewTags(writing, tags, input.Tags, id)
  await claimName(writing, toys, name)
  const row: EntityRow<'toy', Toys> = {
    kind: 'toy',
    id,
    name,
    path,
    created: writing.now,
    parentId: null,
    body: { colour: 'red' },
  }
  await writing.rows.insert(row)
  if (given.length > 0) await writing.rows.putTags(given)
  return { InstanceProfile: view(row) }
}

async function remove(writing: Writing<Toys>, input: sdk.DeleteInstanceProfileRequest): Promise<void> {
  const { id } = await findModifiable(writing, toys, input.InstanceProfileName)
  if ((await writing.rows.links([id], 'role')).length > 0)
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
  await writing.rows.delete(id)
}

async function addRole(writing: Writing<Toys>, input: sdk.AddRoleToInstanceProfileRequest): Promise<void> {
  const { id } = await findModifiable(writing, toys, input.InstanceProfileName)
  const role = await writing.rows.entity('role', input.RoleName ?? '')
  if (role === null) throw noSuchEntity('role', input.RoleName ?? '')
  if ((await writing.rows.links([id], 'role')).length > 0)
    throw limitExceeded('InstanceSessionsPerInstanceProfile', 1)
  await writing.rows.putLink('role', { ownerId: id, target: role.id, label: '' })
}

async function removeRole(
  writing: Writing<Toys>,
  input: sdk.RemoveRoleFromInstanceProfileRequest,
): Promise<void> {
  const { id } = await findEntity(writing, toys, input.InstanceProfileName)
  await writing.rows.replaceLinks(id, 'role', [])
}
