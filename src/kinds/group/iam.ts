import type * as sdk from '@aws-sdk/client-iam'
import { attachPolicy, detachPolicy, listAttachedPolicies } from '../../iam/attachments.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import { allOf, type Details, detailsSection, grantsOf, idsOf } from '../../iam/details.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { requireNoPolicies } from '../../iam/identity-deletion.ts'
import {
  deleteInlinePolicy,
  getInlinePolicy,
  listInlinePolicies,
  putInlinePolicy,
} from '../../iam/inline-policies.ts'
import { readPath, readPathPrefix } from '../../iam/input.ts'
import { claimName, findEntity, findModifiable, moveEntity, readOwnName } from '../../iam/lookup.ts'
import type { IdentityKind } from '../../iam/named-kind.ts'
import { cutPage, pageOf, readPage } from '../../iam/pagination.ts'
import { deleteConflict, limitExceeded } from '../../iam/refusals.ts'
import type { EntityRow, StoredEntity } from '../../iam/store-port.ts'
import { type Account, entityArn } from '../../model/index.ts'
import { users, viewUser } from '../user/iam.ts'
import { GROUP } from './kind.ts'

const groups: IdentityKind<'group'> = {
  kind: 'group',
  facts: GROUP,
  quotaLabel: 'GroupsPerAccount',
  alreadyExists: (_, taken) => `Group with name ${taken} already exists.`,
  isProtected: () => false,
  grants: {
    attached: { quota: 'managedPoliciesPerGroup', label: 'PoliciesPerGroup' },
    inlineSize: 'inlinePolicySizePerGroup',
  },
}

export const group = {
  reads: {
    GetGroup: getGroup,
    ListGroups: async (reading, input) => {
      const { limit, after } = readPage(input)
      const pathPrefix = readPathPrefix(input.PathPrefix)
      const rows = await reading.rows.entities('group', { after, limit: limit + 1, pathPrefix })
      const { page, end } = cutPage(rows, limit, ({ name }) => name)
      return { Groups: page.map((row) => viewGroup(reading.account, row)), ...end }
    },
    ListAttachedGroupPolicies: (reading, input) =>
      listAttachedPolicies(reading, groups, input.GroupName, input),
    ListGroupPolicies: (reading, input) => listInlinePolicies(reading, groups, input.GroupName, input),
    GetGroupPolicy: async (reading, input) => {
      const { owner, ...policy } = await getInlinePolicy(reading, groups, input.GroupName, input.PolicyName)
      return { GroupName: owner, ...policy }
    },
    ListGroupsForUser: async (reading, input) => {
      const wanted = readPage(input)
      const member = await findEntity(reading, users, input.UserName)
      const found: EntityRow<'group'>[] = []
      for (const { to } of await reading.rows.resolvedLinks([member.id], 'group')) {
        const row = to === null ? null : await reading.rows.entity('group', to.name)
        if (row !== null) found.push(row)
      }
      found.sort((a, b) => (a.name < b.name ? -1 : 1))
      const { page, end } = pageOf(found, wanted)
      return { Groups: page.map((row) => viewGroup(reading.account, row)), ...end }
    },
  },
  writes: {
    CreateGroup: createGroup,
    UpdateGroup: (writing, { GroupName, NewPath, NewGroupName }) =>
      moveEntity(writing, groups, GroupName, { newPath: NewPath, newName: NewGroupName }),
    DeleteGroup: deleteGroup,
    AddUserToGroup: addUserToGroup,
    RemoveUserFromGroup: removeUserFromGroup,
    PutGroupPolicy: (writing, input) => putInlinePolicy(writing, groups, input.GroupName, input),
    DeleteGroupPolicy: (writing, { GroupName, PolicyName }) =>
      deleteInlinePolicy(writing, groups, GroupName, PolicyName),
    AttachGroupPolicy: (writing, { GroupName, PolicyArn }) =>
      attachPolicy(writing, groups, GroupName, PolicyArn),
    DetachGroupPolicy: (writing, { GroupName, PolicyArn }) =>
      detachPolicy(writing, groups, GroupName, PolicyArn),
  },
  details: [detailsSection('Group', allOf('group'), viewGroups)],
  summary: async ({ rows, quotas }) => ({
    Groups: await rows.count(groups.kind),
    GroupsQuota: quotas.groupsPerAccount,
    AttachedPoliciesPerGroupQuota: quotas.managedPoliciesPerGroup,
    GroupPolicySizeQuota: quotas.inlinePolicySizePerGroup,
  }),
} satisfies IamKindOf<'group'>

const viewGroup = (account: Account, row: StoredEntity): sdk.Group => ({
  Path: row.path,
  GroupName: row.name,
  GroupId: row.id,
  Arn: entityArn(account, GROUP, row.path, row.name),
  CreateDate: new Date(row.created),
})

/** A group and a page of its users. */
async function getGroup(reading: Reading, input: sdk.GetGroupRequest): Promise<sdk.GetGroupResponse> {
  const { limit, after } = readPage(input)
  const row = await findEntity(reading, groups, input.GroupName)
  const members = await reading.rows.linkedTo('user', 'group', row.id, {
    after,
    limit: limit + 1,
    pathPrefix: '/',
  })
  const { page, end } = cutPage(members, limit, ({ name }) => name)
  return {
    Group: viewGroup(reading.account, row),
    Users: page.map((member) => viewUser(reading.account, member)),
    ...end,
  }
}

async function createGroup(
  writing: Writing,
  input: sdk.CreateGroupRequest,
): Promise<sdk.CreateGroupResponse> {
  const name = readOwnName(groups, input.GroupName)
  const path = readPath(input.Path)
  await claimName(writing, groups, name)
  const row: EntityRow<'group'> = {
    kind: 'group',
    id: writing.newId(GROUP.idPrefix),
    name,
    path,
    created: writing.now,
    parentId: null,
    body: {},
  }
  await writing.rows.insert(row)
  return { Group: viewGroup(writing.account, row) }
}

async function deleteGroup(writing: Writing, input: sdk.DeleteGroupRequest): Promise<void> {
  const { id } = await findModifiable(writing, groups, input.GroupName)
  await requireNoPolicies(writing, id)
  const one = { after: null, limit: 1, pathPrefix: '/' }
  if ((await writing.rows.linkedTo('user', 'group', id, one)).length > 0)
    throw deleteConflict('Cannot delete entity, must remove users from group first.')
  await writing.rows.delete(id)
}

/** Adding a member again changes nothing. */
async function addUserToGroup(writing: Writing, input: sdk.AddUserToGroupRequest): Promise<void> {
  const { id } = await findModifiable(writing, groups, input.GroupName)
  const user = await findModifiable(writing, users, input.UserName)
  const memberships = await writing.rows.links([user.id], 'group')
  if (memberships.some((row) => row.target === id)) return
  const limit = writing.quotas.groupsPerUser
  if (memberships.length >= limit) throw limitExceeded('GroupsPerUser', limit)
  await writing.rows.putLink('group', { ownerId: user.id, target: id, label: '' })
}

/** Removing who is no member changes nothing. */
async function removeUserFromGroup(writing: Writing, input: sdk.RemoveUserFromGroupRequest): Promise<void> {
  const { id } = await findModifiable(writing, groups, input.GroupName)
  const user = await findModifiable(writing, users, input.UserName)
  await writing.rows.deleteLink('group', { ownerId: user.id, target: id })
}

async function viewGroups(reading: Reading, rows: readonly StoredEntity[], details: Details): Promise<void> {
  const grants = await grantsOf(reading, idsOf(rows))
  for (const row of rows)
    details.GroupDetailList.push({
      ...viewGroup(reading.account, row),
      GroupPolicyList: grants.inline(row.id),
      AttachedManagedPolicies: grants.attached(row.id),
    })
}
