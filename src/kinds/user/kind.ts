import type * as sdk from '#generated/iam-api'
import { type DesiredEntity, type EntityState, identityOf } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Nothing, Operation } from '../../model/operation.ts'
import type { PlacedDocument, StateDocument } from '../../model/policy-document.ts'
import type { Secret } from '../../model/secret.ts'

/** That somebody may sign in with a password. */
export interface LoginProfile {
  /** Whether they have to choose another one when they do. */
  readonly passwordResetRequired: boolean
}

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
  /** Absent: no password. */
  readonly loginProfile?: LoginProfile | undefined
}

export interface DesiredUser extends DesiredEntity {
  readonly kind: 'user'
  readonly groups?: readonly string[]
  /** ARNs in the author's order, without duplicates. */
  readonly managedPolicies?: readonly string[]
  readonly inlinePolicies?: ReadonlyMap<string, PlacedDocument>
  readonly permissionsBoundary?: string | null
  readonly tags?: ReadonlyMap<string, string>
  readonly loginProfile?: LoginProfile | null
  /** Public keys of age. */
  readonly recipients?: readonly string[]
}

interface Users<U> {
  readonly user: ReadonlyMap<string, U>
}

/** Who is to choose another password at the first sign-in, as it is declared. */
export const toChangePassword = ({ user }: Users<DesiredUser>): readonly DesiredUser[] =>
  [...user.values()].filter(({ loginProfile }) => loginProfile?.passwordResetRequired === true)

/** A user who makes a call with their own access key. */
export interface CallingUser {
  readonly kind: 'user'
  readonly accountId: string
  readonly accessKeyId: string
  readonly userName: string
  /** As the account had them when the call came, for the audit log; absent: nobody looked. */
  readonly named?: { readonly arn: string; readonly id: string }
}

export const callingUser = (by: Omit<CallingUser, 'kind'>): CallingUser => ({ kind: 'user', ...by })

/** Who still has to, of those. */
export const havingToChange = (
  desired: Users<DesiredUser>,
  { user }: Users<UserState>,
): readonly DesiredUser[] =>
  toChangePassword(desired).filter(({ name }) => user.get(name)?.loginProfile?.passwordResetRequired === true)

/** What a store keeps of a user besides. */
export interface UserBody {
  readonly password?: StoredPassword
}

/** Times are milliseconds since the epoch. */
export interface StoredPassword {
  /** When there began to be one. */
  readonly created: number
  /** When this one was chosen. */
  readonly changed: number
  readonly resetRequired: boolean
  /** Salted and hashed, as `hashedPassword` makes it. */
  readonly hash: string
  /** Those before it, the newest first, with the same salt. */
  readonly earlier: readonly string[]
}

/** The operations of IAM that say what a user is. */
export interface UserReads {
  readonly ListUsers: Operation<sdk.ListUsersRequest, sdk.ListUsersResponse>
  readonly ListUserTags: Operation<sdk.ListUserTagsRequest, sdk.ListUserTagsResponse>
  readonly ListAttachedUserPolicies: Operation<
    sdk.ListAttachedUserPoliciesRequest,
    sdk.ListAttachedUserPoliciesResponse
  >
  readonly ListUserPolicies: Operation<sdk.ListUserPoliciesRequest, sdk.ListUserPoliciesResponse>
  readonly GetUserPolicy: Operation<sdk.GetUserPolicyRequest, sdk.GetUserPolicyResponse>
  readonly GetUser: Operation<sdk.GetUserRequest, sdk.GetUserResponse>
  readonly GetLoginProfile: Operation<sdk.GetLoginProfileRequest, sdk.GetLoginProfileResponse>
  readonly GenerateCredentialReport: Operation<Nothing, sdk.GenerateCredentialReportResponse>
  readonly GetCredentialReport: Operation<Nothing, sdk.GetCredentialReportResponse>
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
  readonly CreateLoginProfile: Operation<
    WithPassword<sdk.CreateLoginProfileRequest>,
    sdk.CreateLoginProfileResponse
  >
  readonly UpdateLoginProfile: Operation<WithPassword<sdk.UpdateLoginProfileRequest>>
  readonly DeleteLoginProfile: Operation<sdk.DeleteLoginProfileRequest>
  readonly ChangePassword: Operation<ChangePasswordRequest>
}

type WithPassword<Request> = Omit<Request, 'Password'> & { readonly Password?: Secret | undefined }

interface ChangePasswordRequest {
  readonly OldPassword: Secret | undefined
  readonly NewPassword: Secret | undefined
}

/** As the YAML alone has it: what isn't managed counts as nothing. */
export const userAsDeclared = (user: DesiredUser): UserState => ({
  kind: user.kind,
  ...identityOf(user),
  groups: user.groups ?? user.listed?.get('groups')?.in ?? [],
  managedPolicies: user.managedPolicies ?? [],
  inlinePolicies: new Map([...(user.inlinePolicies ?? []), ...(user.generated ?? [])]),
  permissionsBoundary: user.permissionsBoundary ?? null,
  tags: user.tags ?? new Map(),
  ...(user.loginProfile ? { loginProfile: user.loginProfile } : {}),
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
