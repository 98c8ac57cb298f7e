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
interface ListedToy {
  readonly ToyName?: string
  readonly ToyId?: string
  readonly Path?: string
  readonly Tags?: sdk.Tag[]
  readonly Roles: readonly Pick<sdk.Role, 'RoleName'>[]
}

interface ToyNamed {
  readonly ToyName: string | undefined
}
interface NewToy extends ToyNamed {
  readonly Path?: string
  readonly Tags?: sdk.Tag[]
}
export interface ToyAndRole extends ToyNamed {
  readonly RoleName: string | undefined
}

export interface ToyReads {
  readonly ListToys: Operation<sdk.ListRolesRequest, { readonly Toys: readonly ListedToy[] }>
}

export interface ToyWrites {
  readonly CreateToy: Operation<NewToy, { readonly Toy: Omit<ListedToy, 'Roles'> }>
  readonly DeleteToy: Operation<ToyNamed>
  readonly AddRoleToToy: Operation<ToyAndRole>
  readonly RemoveRoleFromToy: Operation<ToyAndRole>
  readonly TagToy: Operation<ToyNamed & { readonly Tags: sdk.Tag[] | undefined }>
  readonly UntagToy: Operation<ToyNamed & { readonly TagKeys: string[] | undefined }>
}

const toys: NamedKind<'toy'> = {
  kind: 'toy',
  facts: TOY,
  quotaLabel: 'ToysPerAccount',
  alreadyExists: (_, taken) => `Toy ${taken} already exists.`,
  isProtected: () => false,
}
const tags: TagRules = { quota: 'tagsPerRole', keysIgnoreCase: true }

export const toy = {
  reads: { ListToys: list },
  writes: {
    CreateToy: create,
    DeleteToy: remove,
    AddRoleToToy: addRole,
    RemoveRoleFromToy: removeRole,
    TagToy: (writing, { ToyName, Tags }) =>
      addTags(writing, tags, () => findModifiable(writing, toys, ToyName), Tags),
    UntagToy: (writing, { ToyName, TagKeys }) =>
      removeTags(writing, tags, () => findModifiable(writing, toys, ToyName), TagKeys),
  },
} satisfies IamKind<ToyReads, ToyWrites, Toys>

const view = (row: EntityRow<'toy', Toys>): Omit<ListedToy, 'Roles'> => ({
  ToyName: row.name,
  ToyId: row.id,
  Path: row.path,
})

async function list(reading: Reading<Toys>, input: sdk.ListRolesRequest) {
  const { limit, after } = readPage(input)
  const rows = await reading.rows.entities('toy', { after, limit: limit + 1, pathPrefix: '/' })
  const { page, end } = cutPage(rows, limit, ({ name }) => name)
  const links = byOwner(await reading.rows.resolvedLinks(idsOf(page), 'role'))
  const found = byOwner(await reading.rows.tags(idsOf(page)))
  return {
    Toys: page.map((row) => ({
      ...view(row),
      Roles: (links.get(row.id) ?? []).map(({ to }) => ({ RoleName: to?.name })),
      Tags: tagList(found.get(row.id)),
    })),
    ...end,
  }
}

async function create(writing: Writing<Toys>, input: NewToy) {
  const name = readOwnName(toys, input.ToyName)
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
  return { Toy: view(row) }
}

async function remove(writing: Writing<Toys>, input: ToyNamed): Promise<void> {
  const { id } = await findModifiable(writing, toys, input.ToyName)
  if ((await writing.rows.links([id], 'role')).length > 0)
    throw deleteConflict('Cannot delete entity, must remove roles from toy first.')
  await writing.rows.delete(id)
}

async function addRole(writing: Writing<Toys>, input: ToyAndRole): Promise<void> {
  const { id } = await findModifiable(writing, toys, input.ToyName)
  const role = await writing.rows.entity('role', input.RoleName ?? '')
  if (role === null) throw noSuchEntity('role', input.RoleName ?? '')
  if ((await writing.rows.links([id], 'role')).length > 0) throw limitExceeded('RolesPerToy', 1)
  await writing.rows.putLink('role', { ownerId: id, target: role.id, label: '' })
}

async function removeRole(writing: Writing<Toys>, input: ToyAndRole): Promise<void> {
  const { id } = await findEntity(writing, toys, input.ToyName)
  await writing.rows.replaceLinks(id, 'role', [])
}
