import type * as sdk from '@aws-sdk/client-iam'
import { readBoundary } from './boundaries.ts'
import type { Reading, Writing } from './context.ts'
import { requireNoPolicies } from './identity-deletion.ts'
import { readName, readPath } from './input.ts'
import { claimName, findIdentity, findModifiable } from './lookup.ts'
import { alreadyExists, deleteConflict, limitExceeded, refused } from './refusals.ts'
import type { UserRow } from './store-port.ts'
import { readNewTags } from './tags.ts'
import { viewBoundary, viewTags, viewUser } from './views.ts'

export async function getUser(reading: Reading, input: sdk.GetUserRequest): Promise<sdk.GetUserResponse> {
  if (input.UserName === undefined)
    throw refused('ValidationError', 'Must specify userName when calling with non-User credentials')
  const row = await findIdentity(reading, 'user', input.UserName)
  const tags = await reading.rows.tags([row.id])
  return { User: { ...viewUser(reading.account, row), ...viewBoundary(row.boundary), ...viewTags(tags) } }
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
  const row: UserRow = { kind: 'user', id, name, path, created: writing.now, boundary }
  await writing.rows.insertIdentity(row)
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
  await writing.rows.updateIdentity({ ...row, path: path ?? row.path, name: name ?? row.name })
}

export async function deleteUser(writing: Writing, input: sdk.DeleteUserRequest): Promise<void> {
  const { id } = await findModifiable(writing, 'user', input.UserName)
  await requireNoPolicies(writing, id)
  if ((await writing.rows.memberships([id])).length > 0)
    throw deleteConflict('Cannot delete entity, must remove users from group first.')
  await writing.rows.deleteIdentity(id)
}

/** Adding a member again changes nothing. */
export async function addUserToGroup(writing: Writing, input: sdk.AddUserToGroupRequest): Promise<void> {
  const group = await findModifiable(writing, 'group', input.GroupName)
  const user = await findModifiable(writing, 'user', input.UserName)
  const memberships = await writing.rows.memberships([user.id])
  if (memberships.some((row) => row.groupId === group.id)) return
  const limit = writing.quotas.groupsPerUser
  if (memberships.length >= limit) throw limitExceeded('GroupsPerUser', limit)
  await writing.rows.addMember(user.id, group.id)
}

/** Removing who is no member changes nothing. */
export async function removeUserFromGroup(
  writing: Writing,
  input: sdk.RemoveUserFromGroupRequest,
): Promise<void> {
  const group = await findModifiable(writing, 'group', input.GroupName)
  const user = await findModifiable(writing, 'user', input.UserName)
  await writing.rows.removeMember(user.id, group.id)
}
