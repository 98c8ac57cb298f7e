import type * as sdk from '@aws-sdk/client-iam'
import { boundaryOf, readBoundary, storeBoundary } from './boundaries.ts'
import type { Reading, Writing } from './context.ts'
import { requireNoPolicies } from './identity-deletion.ts'
import { readName, readPath } from './input.ts'
import { claimName, findIdentity, findModifiable } from './lookup.ts'
import { alreadyExists, deleteConflict, limitExceeded, refused } from './refusals.ts'
import type { EntityRow } from './store-port.ts'
import { readNewTags } from './tags.ts'
import { viewBoundary, viewTags, viewUser } from './views.ts'

export async function getUser(reading: Reading, input: sdk.GetUserRequest): Promise<sdk.GetUserResponse> {
  if (input.UserName === undefined)
    throw refused('ValidationError', 'Must specify userName when calling with non-User credentials')
  const row = await findIdentity(reading, 'user', input.UserName)
  const boundary = await boundaryOf(reading, row.id)
  const tags = await reading.rows.tags([row.id])
  return { User: { ...viewUser(reading.account, row), ...viewBoundary(boundary), ...viewTags(tags) } }
}

export async function createUser(
  writing: Writing,
  input: sdk.CreateUserRequest,
): Promise<sdk.CreateUserResponse> {
  const name = readName('user', 'userName', input.UserName)
  const path = readPath('user', input.Path)
  const id = writing.newId('AIDA')
  const tags = readNewTags(writing, 'user', input.Tags, id)
  await claimName(writing, 'user', name)
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
  if (tags.length > 0) await writing.rows.putTags(tags)
  return { User: { ...viewUser(writing.account, row), ...viewBoundary(boundary), ...viewTags(tags) } }
}

export async function updateUser(writing: Writing, input: sdk.UpdateUserRequest): Promise<void> {
  const path = input.NewPath === undefined ? null : readPath('user', input.NewPath)
  const name = input.NewUserName === undefined ? null : readName('user', 'newUserName', input.NewUserName)
  const row = await findModifiable(writing, 'user', input.UserName)
  if (name !== null) {
    const taken = await writing.rows.takenName('user', name)
    if (taken !== null && taken !== row.name) throw alreadyExists('user', name, taken)
  }
  await writing.rows.update({ ...row, path: path ?? row.path, name: name ?? row.name })
}

export async function deleteUser(writing: Writing, input: sdk.DeleteUserRequest): Promise<void> {
  const { id } = await findModifiable(writing, 'user', input.UserName)
  await requireNoPolicies(writing, id)
  if ((await writing.rows.links([id], 'group')).length > 0)
    throw deleteConflict('Cannot delete entity, must remove users from group first.')
  await writing.rows.delete(id)
}

/** Adding a member again changes nothing. */
export async function addUserToGroup(writing: Writing, input: sdk.AddUserToGroupRequest): Promise<void> {
  const group = await findModifiable(writing, 'group', input.GroupName)
  const user = await findModifiable(writing, 'user', input.UserName)
  const memberships = await writing.rows.links([user.id], 'group')
  if (memberships.some((row) => row.target === group.id)) return
  const limit = writing.quotas.groupsPerUser
  if (memberships.length >= limit) throw limitExceeded('GroupsPerUser', limit)
  await writing.rows.putLink('group', { ownerId: user.id, target: group.id, label: '' })
}

/** Removing who is no member changes nothing. */
export async function removeUserFromGroup(
  writing: Writing,
  input: sdk.RemoveUserFromGroupRequest,
): Promise<void> {
  const group = await findModifiable(writing, 'group', input.GroupName)
  const user = await findModifiable(writing, 'user', input.UserName)
  await writing.rows.deleteLink('group', { ownerId: user.id, target: group.id })
}
