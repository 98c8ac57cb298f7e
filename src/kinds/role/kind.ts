import type * as sdk from '#generated/iam-api'
import { type DesiredEntity, type EntityState, identityOf } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'
import type { PlacedDocument, StateDocument } from '../../model/policy-document.ts'

export interface RoleState extends EntityState {
  readonly kind: 'role'
  readonly description: string
  /** Seconds, 3600 to 43200. */
  readonly maxSessionDuration: number
  readonly trustPolicy: StateDocument
  /** ARNs. */
  readonly managedPolicies: readonly string[]
  readonly inlinePolicies: ReadonlyMap<string, StateDocument>
  /** An ARN. */
  readonly permissionsBoundary: string | null
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredRole extends DesiredEntity {
  readonly kind: 'role'
  readonly trustPolicy: PlacedDocument
  /** null = none (the empty description). */
  readonly description?: string | null
  /** Seconds. */
  readonly maxSessionDuration?: number
  /** ARNs in the author's order, without duplicates. */
  readonly managedPolicies?: readonly string[]
  readonly inlinePolicies?: ReadonlyMap<string, PlacedDocument>
  readonly permissionsBoundary?: string | null
  readonly tags?: ReadonlyMap<string, string>
}

/** What a store keeps of a role beside its name and path, its links, documents and tags. */
export interface RoleBody {
  readonly description: string
  /** Seconds. */
  readonly maxSessionDuration: number
}

export const DEFAULT_MAX_SESSION_DURATION = 3600

/** The operations of IAM that say what a role is. */
export interface RoleReads {
  readonly ListRoleTags: Operation<sdk.ListRoleTagsRequest, sdk.ListRoleTagsResponse>
  readonly ListAttachedRolePolicies: Operation<
    sdk.ListAttachedRolePoliciesRequest,
    sdk.ListAttachedRolePoliciesResponse
  >
  readonly ListRolePolicies: Operation<sdk.ListRolePoliciesRequest, sdk.ListRolePoliciesResponse>
  readonly GetRolePolicy: Operation<sdk.GetRolePolicyRequest, sdk.GetRolePolicyResponse>
  /** The only listing that says a role's description and maximal session duration. */
  readonly ListRoles: Operation<sdk.ListRolesRequest, sdk.ListRolesResponse>
  readonly GetRole: Operation<sdk.GetRoleRequest, sdk.GetRoleResponse>
}

/** Those that change it. */
export interface RoleWrites {
  readonly CreateRole: Operation<sdk.CreateRoleRequest, sdk.CreateRoleResponse>
  readonly UpdateRole: Operation<sdk.UpdateRoleRequest>
  readonly UpdateRoleDescription: Operation<
    sdk.UpdateRoleDescriptionRequest,
    sdk.UpdateRoleDescriptionResponse
  >
  readonly DeleteRole: Operation<sdk.DeleteRoleRequest>
  readonly UpdateAssumeRolePolicy: Operation<sdk.UpdateAssumeRolePolicyRequest>
  readonly TagRole: Operation<sdk.TagRoleRequest>
  readonly UntagRole: Operation<sdk.UntagRoleRequest>
  readonly PutRolePolicy: Operation<sdk.PutRolePolicyRequest>
  readonly DeleteRolePolicy: Operation<sdk.DeleteRolePolicyRequest>
  readonly AttachRolePolicy: Operation<sdk.AttachRolePolicyRequest>
  readonly DetachRolePolicy: Operation<sdk.DetachRolePolicyRequest>
  readonly PutRolePermissionsBoundary: Operation<sdk.PutRolePermissionsBoundaryRequest>
  readonly DeleteRolePermissionsBoundary: Operation<sdk.DeleteRolePermissionsBoundaryRequest>
}

/** As the YAML alone has it: what isn't managed counts as nothing. */
export const roleAsDeclared = (role: DesiredRole): RoleState => ({
  kind: role.kind,
  ...identityOf(role),
  description: role.description ?? '',
  maxSessionDuration: role.maxSessionDuration ?? DEFAULT_MAX_SESSION_DURATION,
  trustPolicy: role.trustPolicy,
  managedPolicies: role.managedPolicies ?? [],
  inlinePolicies: role.inlinePolicies ?? new Map(),
  permissionsBoundary: role.permissionsBoundary ?? null,
  tags: role.tags ?? new Map(),
})

export const ROLE: EntityFacts = {
  family: 'entity',
  section: 'roles',
  label: 'role',
  article: 'a',
  title: 'Role',
  nameField: 'RoleName',
  longestName: 64,
  reservedNames: ['AWSServiceRoleFor', 'AWSReservedSSO_'],
  arnType: 'role',
  idPrefix: 'AROA',
  identity: 'principal',
  after: ['policy', 'user'],
  quota: 'rolesPerAccount',
}

/** How what names a role by its name says so. */
export const ROLE_BY_NAME = { kind: 'role', by: 'name' } as const
