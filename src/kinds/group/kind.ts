import type * as sdk from '#generated/iam-api'
import { type DesiredEntity, type EntityState, identityOf } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'
import type { PlacedDocument, StateDocument } from '../../model/policy-document.ts'

export interface GroupState extends EntityState {
  readonly kind: 'group'
  /** ARNs. */
  readonly managedPolicies: readonly string[]
  readonly inlinePolicies: ReadonlyMap<string, StateDocument>
}

export interface DesiredGroup extends DesiredEntity {
  readonly kind: 'group'
  /** Names of users, as they are written. */
  readonly members?: readonly string[]
  /** ARNs in the author's order, without duplicates. */
  readonly managedPolicies?: readonly string[]
  readonly inlinePolicies?: ReadonlyMap<string, PlacedDocument>
}

/** The operations of IAM that say what a group is. */
export interface GroupReads {
  readonly ListGroups: Operation<sdk.ListGroupsRequest, sdk.ListGroupsResponse>
  readonly ListAttachedGroupPolicies: Operation<
    sdk.ListAttachedGroupPoliciesRequest,
    sdk.ListAttachedGroupPoliciesResponse
  >
  readonly ListGroupPolicies: Operation<sdk.ListGroupPoliciesRequest, sdk.ListGroupPoliciesResponse>
  readonly GetGroupPolicy: Operation<sdk.GetGroupPolicyRequest, sdk.GetGroupPolicyResponse>
  readonly ListGroupsForUser: Operation<sdk.ListGroupsForUserRequest, sdk.ListGroupsForUserResponse>
  readonly GetGroup: Operation<sdk.GetGroupRequest, sdk.GetGroupResponse>
}

/** Those that change it. */
export interface GroupWrites {
  readonly AddUserToGroup: Operation<sdk.AddUserToGroupRequest>
  readonly RemoveUserFromGroup: Operation<sdk.RemoveUserFromGroupRequest>
  readonly CreateGroup: Operation<sdk.CreateGroupRequest, sdk.CreateGroupResponse>
  readonly UpdateGroup: Operation<sdk.UpdateGroupRequest>
  readonly DeleteGroup: Operation<sdk.DeleteGroupRequest>
  readonly PutGroupPolicy: Operation<sdk.PutGroupPolicyRequest>
  readonly DeleteGroupPolicy: Operation<sdk.DeleteGroupPolicyRequest>
  readonly AttachGroupPolicy: Operation<sdk.AttachGroupPolicyRequest>
  readonly DetachGroupPolicy: Operation<sdk.DetachGroupPolicyRequest>
}

/** As the YAML alone has it: what isn't managed counts as nothing. */
export const groupAsDeclared = (group: DesiredGroup): GroupState => ({
  kind: group.kind,
  ...identityOf(group),
  managedPolicies: group.managedPolicies ?? [],
  inlinePolicies: group.inlinePolicies ?? new Map(),
})

export const GROUP: EntityFacts = {
  family: 'entity',
  section: 'groups',
  label: 'group',
  article: 'a',
  title: 'Group',
  nameField: 'GroupName',
  longestName: 128,
  arnType: 'group',
  idPrefix: 'AGPA',
  identity: 'members',
  after: ['policy'],
  quota: 'groupsPerAccount',
}

/** The groups that somebody is a member of; one that isn't there is left out. */
export const groupsOf = (
  member: EntityState,
  entities: { readonly group: ReadonlyMap<string, GroupState> },
): readonly GroupState[] =>
  'groups' in member && Array.isArray(member.groups)
    ? member.groups.flatMap((name: string) => entities.group.get(name) ?? [])
    : []
