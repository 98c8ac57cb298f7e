import type * as sdk from '#generated/iam-api'
import { type DesiredEntity, type EntityState, identityOf } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'
import type { PlacedDocument, StateDocument } from '../../model/policy-document.ts'

export interface UserState extends EntityState {
  readonly kind: 'user'
  /** Names of groups. */
  readonly groups: readonly string[]
  /** ARNs. */
  readonly managedPolicies: readonly string[]
  readonly inlinePolicies: ReadonlyMap<string, StateDocument>
  /** An ARN. */
  readonly permissionsBoundary: string | null
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredUser extends DesiredEntity {
  readonly kind: 'user'
  readonly groups?: readonly string[]
  /** ARNs in the author's order, without duplicates. */
  readonly managedPolicies?: readonly string[]
  readonly inlinePolicies?: ReadonlyMap<string, PlacedDocument>
  readonly permissionsBoundary?: string | null
  readonly tags?: ReadonlyMap<string, string>
}

/** The operations of IAM that say what a user is. */
export interface UserReads {
  readonly GetUser: Operation<sdk.GetUserRequest, sdk.GetUserResponse>
}

/** Those that change it. */
export interface UserWrites {
  readonly CreateUser: Operation<sdk.CreateUserRequest, sdk.CreateUserResponse>
  readonly UpdateUser: Operation<sdk.UpdateUserRequest>
  readonly DeleteUser: Operation<sdk.DeleteUserRequest>
  readonly TagUser: Operation<sdk.TagUserRequest>
  readonly UntagUser: Operation<sdk.UntagUserRequest>
  readonly PutUserPolicy: Operation<sdk.PutUserPolicyRequest>
  readonly DeleteUserPolicy: Operation<sdk.DeleteUserPolicyRequest>
  readonly AttachUserPolicy: Operation<sdk.AttachUserPolicyRequest>
  readonly DetachUserPolicy: Operation<sdk.DetachUserPolicyRequest>
  readonly PutUserPermissionsBoundary: Operation<sdk.PutUserPermissionsBoundaryRequest>
  readonly DeleteUserPermissionsBoundary: Operation<sdk.DeleteUserPermissionsBoundaryRequest>
}

/** As the YAML alone has it: what isn't managed counts as nothing. */
export const userAsDeclared = (user: DesiredUser): UserState => ({
  kind: user.kind,
  ...identityOf(user),
  groups: user.groups ?? [],
  managedPolicies: user.managedPolicies ?? [],
  inlinePolicies: user.inlinePolicies ?? new Map(),
  permissionsBoundary: user.permissionsBoundary ?? null,
  tags: user.tags ?? new Map(),
})

export const USER: EntityFacts = {
  family: 'entity',
  section: 'users',
  label: 'user',
  article: 'a',
  title: 'User',
  nameField: 'UserName',
  longestName: 64,
  arnType: 'user',
  idPrefix: 'AIDA',
  identity: 'principal',
  after: ['policy', 'group'],
  quota: 'usersPerAccount',
}
