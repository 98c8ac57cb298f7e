import type * as sdk from '#generated/iam-api'

/** What an operation without output answers. */
type Nothing = Record<string, never>

/**
 * The operations of the IAM API that this tool speaks, by AWS's names, with the public types of the AWS SDK.
 * Policy documents in outputs are URL-encoded (RFC 3986), as AWS returns them.
 * A field that takes a secret (a password, a private key) is typed `Secret`: the target reveals it at the last moment. A plan's
 * steps have a `SecretSource` there (`model/step.ts`).
 */
export interface ReadOperations {
  readonly GetAccountAuthorizationDetails: {
    readonly input: sdk.GetAccountAuthorizationDetailsRequest
    readonly output: sdk.GetAccountAuthorizationDetailsResponse
  }
  /** The only listing that says a role's description and maximal session duration. */
  readonly ListRoles: { readonly input: sdk.ListRolesRequest; readonly output: sdk.ListRolesResponse }
  /** GetAccountAuthorizationDetails leaves the tags of policies out. */
  readonly ListPolicyTags: {
    readonly input: sdk.ListPolicyTagsRequest
    readonly output: sdk.ListPolicyTagsResponse
  }
  readonly GetAccountPasswordPolicy: {
    readonly input: Nothing
    readonly output: sdk.GetAccountPasswordPolicyResponse
  }
  readonly ListAccountAliases: {
    readonly input: sdk.ListAccountAliasesRequest
    readonly output: sdk.ListAccountAliasesResponse
  }
  readonly GetUser: { readonly input: sdk.GetUserRequest; readonly output: sdk.GetUserResponse }
  readonly GetRole: { readonly input: sdk.GetRoleRequest; readonly output: sdk.GetRoleResponse }
  readonly GetGroup: { readonly input: sdk.GetGroupRequest; readonly output: sdk.GetGroupResponse }
  readonly GetPolicy: { readonly input: sdk.GetPolicyRequest; readonly output: sdk.GetPolicyResponse }
  readonly GetPolicyVersion: {
    readonly input: sdk.GetPolicyVersionRequest
    readonly output: sdk.GetPolicyVersionResponse
  }
  readonly ListPolicyVersions: {
    readonly input: sdk.ListPolicyVersionsRequest
    readonly output: sdk.ListPolicyVersionsResponse
  }
}

export interface WriteOperations {
  readonly CreateUser: { readonly input: sdk.CreateUserRequest; readonly output: sdk.CreateUserResponse }
  readonly UpdateUser: { readonly input: sdk.UpdateUserRequest; readonly output: Nothing }
  readonly DeleteUser: { readonly input: sdk.DeleteUserRequest; readonly output: Nothing }
  readonly TagUser: { readonly input: sdk.TagUserRequest; readonly output: Nothing }
  readonly UntagUser: { readonly input: sdk.UntagUserRequest; readonly output: Nothing }
  readonly PutUserPolicy: { readonly input: sdk.PutUserPolicyRequest; readonly output: Nothing }
  readonly DeleteUserPolicy: { readonly input: sdk.DeleteUserPolicyRequest; readonly output: Nothing }
  readonly AttachUserPolicy: { readonly input: sdk.AttachUserPolicyRequest; readonly output: Nothing }
  readonly DetachUserPolicy: { readonly input: sdk.DetachUserPolicyRequest; readonly output: Nothing }
  readonly PutUserPermissionsBoundary: {
    readonly input: sdk.PutUserPermissionsBoundaryRequest
    readonly output: Nothing
  }
  readonly DeleteUserPermissionsBoundary: {
    readonly input: sdk.DeleteUserPermissionsBoundaryRequest
    readonly output: Nothing
  }
  readonly AddUserToGroup: { readonly input: sdk.AddUserToGroupRequest; readonly output: Nothing }
  readonly RemoveUserFromGroup: { readonly input: sdk.RemoveUserFromGroupRequest; readonly output: Nothing }

  readonly CreateGroup: { readonly input: sdk.CreateGroupRequest; readonly output: sdk.CreateGroupResponse }
  readonly UpdateGroup: { readonly input: sdk.UpdateGroupRequest; readonly output: Nothing }
  readonly DeleteGroup: { readonly input: sdk.DeleteGroupRequest; readonly output: Nothing }
  readonly PutGroupPolicy: { readonly input: sdk.PutGroupPolicyRequest; readonly output: Nothing }
  readonly DeleteGroupPolicy: { readonly input: sdk.DeleteGroupPolicyRequest; readonly output: Nothing }
  readonly AttachGroupPolicy: { readonly input: sdk.AttachGroupPolicyRequest; readonly output: Nothing }
  readonly DetachGroupPolicy: { readonly input: sdk.DetachGroupPolicyRequest; readonly output: Nothing }

  readonly CreateRole: { readonly input: sdk.CreateRoleRequest; readonly output: sdk.CreateRoleResponse }
  readonly UpdateRole: { readonly input: sdk.UpdateRoleRequest; readonly output: Nothing }
  readonly DeleteRole: { readonly input: sdk.DeleteRoleRequest; readonly output: Nothing }
  readonly UpdateAssumeRolePolicy: {
    readonly input: sdk.UpdateAssumeRolePolicyRequest
    readonly output: Nothing
  }
  readonly TagRole: { readonly input: sdk.TagRoleRequest; readonly output: Nothing }
  readonly UntagRole: { readonly input: sdk.UntagRoleRequest; readonly output: Nothing }
  readonly PutRolePolicy: { readonly input: sdk.PutRolePolicyRequest; readonly output: Nothing }
  readonly DeleteRolePolicy: { readonly input: sdk.DeleteRolePolicyRequest; readonly output: Nothing }
  readonly AttachRolePolicy: { readonly input: sdk.AttachRolePolicyRequest; readonly output: Nothing }
  readonly DetachRolePolicy: { readonly input: sdk.DetachRolePolicyRequest; readonly output: Nothing }
  readonly PutRolePermissionsBoundary: {
    readonly input: sdk.PutRolePermissionsBoundaryRequest
    readonly output: Nothing
  }
  readonly DeleteRolePermissionsBoundary: {
    readonly input: sdk.DeleteRolePermissionsBoundaryRequest
    readonly output: Nothing
  }

  readonly CreatePolicy: {
    readonly input: sdk.CreatePolicyRequest
    readonly output: sdk.CreatePolicyResponse
  }
  readonly DeletePolicy: { readonly input: sdk.DeletePolicyRequest; readonly output: Nothing }
  readonly CreatePolicyVersion: {
    readonly input: sdk.CreatePolicyVersionRequest
    readonly output: sdk.CreatePolicyVersionResponse
  }
  readonly DeletePolicyVersion: { readonly input: sdk.DeletePolicyVersionRequest; readonly output: Nothing }
  readonly SetDefaultPolicyVersion: {
    readonly input: sdk.SetDefaultPolicyVersionRequest
    readonly output: Nothing
  }
  readonly TagPolicy: { readonly input: sdk.TagPolicyRequest; readonly output: Nothing }
  readonly UntagPolicy: { readonly input: sdk.UntagPolicyRequest; readonly output: Nothing }

  readonly UpdateAccountPasswordPolicy: {
    readonly input: sdk.UpdateAccountPasswordPolicyRequest
    readonly output: Nothing
  }
  readonly DeleteAccountPasswordPolicy: { readonly input: Nothing; readonly output: Nothing }
  readonly CreateAccountAlias: { readonly input: sdk.CreateAccountAliasRequest; readonly output: Nothing }
  readonly DeleteAccountAlias: { readonly input: sdk.DeleteAccountAliasRequest; readonly output: Nothing }
}

export type ReadOperation = keyof ReadOperations
export type WriteOperation = keyof WriteOperations
