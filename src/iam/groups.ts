import type * as sdk from '@aws-sdk/client-iam'
import type { Reading, Writing } from './context.ts'
import { requireNoPolicies } from './identity-deletion.ts'
import { readName, readPath } from './input.ts'
import { claimName, findIdentity, findModifiable } from './lookup.ts'
import { cutPage, readPage } from './pagination.ts'
import { alreadyExists, deleteConflict } from './refusals.ts'
import type { EntityRow } from './store-port.ts'
import { viewGroup, viewUser } from './views.ts'

/** A group and a page of its users. */
export async function getGroup(reading: Reading, input: sdk.GetGroupRequest): Promise<sdk.GetGroupResponse> {
  const { limit, after } = readPage(input)
  const group = await findIdentity(reading, 'group', input.GroupName)
  const rows = await reading.rows.linkedTo('user', 'group', group.id, {
    after,
    limit: limit + 1,
    pathPrefix: '/',
  })
  const { page, end } = cutPage(rows, limit, (row) => row.name)
  return {
    Group: viewGroup(reading.account, group),
    Users: page.map((row) => viewUser(reading.account, row)),
    ...end,
  }
}

export async function createGroup(
  writing: Writing,
  input: sdk.CreateGroupRequest,
): Promise<sdk.CreateGroupResponse> {
  const name = readName('group', 'groupName', input.GroupName)
  const path = readPath('group', input.Path)
  await claimName(writing, 'group', name)
  const row: EntityRow<'group'> = {
    kind: 'group',
    id: writing.newId('AGPA'),
    name,
    path,
    created: writing.now,
    parentId: null,
    body: {},
  }
  await writing.rows.insert(row)
  return { Group: viewGroup(writing.account, row) }
}

export async function updateGroup(writing: Writing, input: sdk.UpdateGroupRequest): Promise<void> {
  const path = input.NewPath === undefined ? null : readPath('group', input.NewPath)
  const name = input.NewGroupName === undefined ? null : readName('group', 'newGroupName', input.NewGroupName)
  const row = await findModifiable(writing, 'group', input.GroupName)
  if (name !== null) {
    const taken = await writing.rows.takenName('group', name)
    if (taken !== null && taken !== row.name) throw alreadyExists('group', name, taken)
  }
  await writing.rows.update({ ...row, path: path ?? row.path, name: name ?? row.name })
}

export async function deleteGroup(writing: Writing, input: sdk.DeleteGroupRequest): Promise<void> {
  const { id } = await findModifiable(writing, 'group', input.GroupName)
  await requireNoPolicies(writing, id)
  const one = { after: null, limit: 1, pathPrefix: '/' }
  if ((await writing.rows.linkedTo('user', 'group', id, one)).length > 0)
    throw deleteConflict('Cannot delete entity, must remove users from group first.')
  await writing.rows.delete(id)
}
