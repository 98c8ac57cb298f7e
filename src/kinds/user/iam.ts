import type * as sdk from '@aws-sdk/client-iam'
import { attachPolicy, detachPolicy } from '../../iam/attachments.ts'
import { boundaryOf, deleteBoundary, putBoundary, readBoundary, storeBoundary } from '../../iam/boundaries.ts'
import { requireNoChildren } from '../../iam/children.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import { allOf, byOwner, type Details, detailsSection, grantsOf, idsOf } from '../../iam/details.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { requireNoPolicies } from '../../iam/identity-deletion.ts'
import { deleteInlinePolicy, putInlinePolicy } from '../../iam/inline-policies.ts'
import { readPath } from '../../iam/input.ts'
import { claimName, findEntity, findModifiable, moveEntity, readOwnName } from '../../iam/lookup.ts'
import type { IdentityKind, TagRules } from '../../iam/named-kind.ts'
import { deleteConflict, refused } from '../../iam/refusals.ts'
import type { EntityRow, StoredEntity } from '../../iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../iam/tags.ts'
import { tagList, viewBoundary, viewTags } from '../../iam/views.ts'
import { type Account, CHILDREN, entityArn } from '../../model/index.ts'
import { USER } from './kind.ts'

export const users: IdentityKind<'user'> = {
  kind: 'user',
  facts: USER,
  quotaLabel: 'UsersPerAccount',
  alreadyExists: (_, taken) => `User with name ${taken} already exists.`,
  isProtected: () => false,
  grants: {
    attached: { quota: 'managedPoliciesPerUser', label: 'PoliciesPerUser' },
    inlineSize: 'inlinePolicySizePerUser',
  },
}

const tags: TagRules = { quota: 'tagsPerUser', keysIgnoreCase: true }

export const user = {
  reads: { GetUser: getUser },
  writes: {
    CreateUser: createUser,
    UpdateUser: (writing, { UserName, NewPath, NewUserName }) =>
      moveEntity(writing, users, UserName, { newPath: NewPath, newName: NewUserName }),
    DeleteUser: deleteUser,
    TagUser: (writing, { UserName, Tags }) =>
      addTags(writing, tags, () => findModifiable(writing, users, UserName), Tags),
    UntagUser: (writing, { UserName, TagKeys }) =>
      removeTags(writing, tags, () => findModifiable(writing, users, UserName), TagKeys),
    PutUserPolicy: (writing, input) => putInlinePolicy(writing, users, input.UserName, input),
    DeleteUserPolicy: (writing, { UserName, PolicyName }) =>
      deleteInlinePolicy(writing, users, UserName, PolicyName),
    AttachUserPolicy: (writing, { UserName, PolicyArn }) => attachPolicy(writing, users, UserName, PolicyArn),
    DetachUserPolicy: (writing, { UserName, PolicyArn }) => detachPolicy(writing, users, UserName, PolicyArn),
    PutUserPermissionsBoundary: (writing, { UserName, PermissionsBoundary }) =>
      putBoundary(writing, users, UserName, PermissionsBoundary),
    DeleteUserPermissionsBoundary: (writing, { UserName }) => deleteBoundary(writing, users, UserName),
  },
  details: [detailsSection('User', allOf('user'), viewUsers)],
} satisfies IamKindOf<'user'>

export const viewUser = (account: Account, row: StoredEntity): sdk.User => ({
  Path: row.path,
  UserName: row.name,
  UserId: row.id,
  Arn: entityArn(account, USER, row.path, row.name),
  CreateDate: new Date(row.created),
})

async function getUser(reading: Reading, input: sdk.GetUserRequest): Promise<sdk.GetUserResponse> {
  if (input.UserName === undefined)
    throw refused('ValidationError', 'Must specify userName when calling with non-User credentials')
  const row = await findEntity(reading, users, input.UserName)
  const boundary = await boundaryOf(reading, row.id)
  const found = await reading.rows.tags([row.id])
  return { User: { ...viewUser(reading.account, row), ...viewBoundary(boundary), ...viewTags(found) } }
}

async function createUser(writing: Writing, input: sdk.CreateUserRequest): Promise<sdk.CreateUserResponse> {
  const name = readOwnName(users, input.UserName)
  const path = readPath(input.Path)
  const id = writing.newId(USER.idPrefix)
  const given = readNewTags(writing, tags, input.Tags, id)
  await claimName(writing, users, name)
  const boundary = await readBoundary(writing, input.PermissionsBoundary)
  const row: EntityRow<'user'> = {
    kind: 'user',
    id,
    name,
    path,
    created: writing.now,
    parentId: null,
    body: {},
  }
  await writing.rows.insert(row)
  if (boundary !== null) await storeBoundary(writing, id, boundary)
  if (given.length > 0) await writing.rows.putTags(given)
  return { User: { ...viewUser(writing.account, row), ...viewBoundary(boundary), ...viewTags(given) } }
}

async function deleteUser(writing: Writing, input: sdk.DeleteUserRequest): Promise<void> {
  const row = await findModifiable(writing, users, input.UserName)
  const { id } = row
  await requireNoPolicies(writing, id)
  if ((await writing.rows.links([id], 'group')).length > 0)
    throw deleteConflict('Cannot delete entity, must remove users from group first.')
  await requireNoChildren(writing, CHILDREN, row)
  await writing.rows.delete(id)
}

async function viewUsers(reading: Reading, rows: readonly StoredEntity[], details: Details): Promise<void> {
  const ids = idsOf(rows)
  const grants = await grantsOf(reading, ids)
  const groups = byOwner(await reading.rows.resolvedLinks(ids, 'group'))
  const found = byOwner(await reading.rows.tags(ids))
  for (const row of rows)
    details.UserDetailList.push({
      ...viewUser(reading.account, row),
      UserPolicyList: grants.inline(row.id),
      GroupList: (groups.get(row.id) ?? []).map(({ to, target }) => to?.name ?? target).sort(ignoringCase),
      AttachedManagedPolicies: grants.attached(row.id),
      ...grants.boundary(row.id),
      Tags: tagList(found.get(row.id)),
    })
}

/** As listings are sorted: names are ASCII. */
const ignoringCase = (a: string, b: string): number => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)
