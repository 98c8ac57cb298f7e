import type { EntityKind, Partition } from './arn.ts'
import type { PlacedDocument } from './policy-document.ts'

/** An AWS-style account. `id` is twelve digits, a string because of leading zeros. */
export interface Account {
  readonly id: string
  readonly partition: Partition
}

/**
 * Everything that an account holds, as plain values: what observing a target yields, and what a decision needs.
 * Maps are keyed by name (names are unique in an account whatever their case).
 */
export interface AccountState {
  readonly account: Account
  readonly users: ReadonlyMap<string, UserState>
  readonly groups: ReadonlyMap<string, GroupState>
  readonly roles: ReadonlyMap<string, RoleState>
  /** Customer managed policies only; AWS's own come from the catalogue. */
  readonly policies: ReadonlyMap<string, PolicyState>
  readonly passwordPolicy: PasswordPolicy | null
  readonly alias: string | null
}

interface EntityState {
  readonly name: string
  /** Begins and ends with `/`. */
  readonly path: string
  readonly arn: string
}

export interface UserState extends EntityState {
  readonly kind: 'user'
  /** Names of groups. */
  readonly groups: readonly string[]
  /** ARNs. */
  readonly managedPolicies: readonly string[]
  readonly inlinePolicies: ReadonlyMap<string, PlacedDocument>
  /** An ARN. */
  readonly permissionsBoundary: string | null
  readonly tags: ReadonlyMap<string, string>
}

export interface GroupState extends EntityState {
  readonly kind: 'group'
  readonly managedPolicies: readonly string[]
  readonly inlinePolicies: ReadonlyMap<string, PlacedDocument>
}

export interface RoleState extends EntityState {
  readonly kind: 'role'
  readonly description: string
  /** Seconds, 3600 to 43200. */
  readonly maxSessionDuration: number
  readonly trustPolicy: PlacedDocument
  readonly managedPolicies: readonly string[]
  readonly inlinePolicies: ReadonlyMap<string, PlacedDocument>
  readonly permissionsBoundary: string | null
  readonly tags: ReadonlyMap<string, string>
}

export interface PolicyState extends EntityState {
  readonly kind: 'policy'
  readonly description: string
  /** The default version's document. */
  readonly document: PlacedDocument
  /** Oldest first. At most five; the default one can't be deleted. */
  readonly versions: readonly { readonly id: string; readonly isDefault: boolean }[]
  readonly tags: ReadonlyMap<string, string>
}

export type AnyEntityState = UserState | GroupState | RoleState | PolicyState

/** The attributes of `UpdateAccountPasswordPolicy`, in camelCase; absent ones take the API's default. */
export interface PasswordPolicy {
  readonly minimumPasswordLength: number
  readonly requireSymbols: boolean
  readonly requireNumbers: boolean
  readonly requireUppercaseCharacters: boolean
  readonly requireLowercaseCharacters: boolean
  readonly allowUsersToChangePassword: boolean
  /** Days, or null: passwords don't expire. */
  readonly maxPasswordAge: number | null
  /** How many earlier passwords are refused, or null: none. */
  readonly passwordReusePrevention: number | null
  readonly hardExpiry: boolean
}

/** What the API takes for each attribute that a call leaves out. @see IAM API Reference, UpdateAccountPasswordPolicy */
export const PASSWORD_POLICY_DEFAULTS: PasswordPolicy = {
  minimumPasswordLength: 6,
  requireSymbols: false,
  requireNumbers: false,
  requireUppercaseCharacters: false,
  requireLowercaseCharacters: false,
  allowUsersToChangePassword: false,
  maxPasswordAge: null,
  passwordReusePrevention: null,
  hardExpiry: false,
}

export const DEFAULT_MAX_SESSION_DURATION = 3600

/** Names an entity within an account: `user/alice`. */
export type EntityRef = `${EntityKind}/${string}`

export const entityRef = (kind: EntityKind, name: string): EntityRef => `${kind}/${name}`

/** AWS's own entities are never created, changed or deleted by a project. */
export const isAwsOwnedPath = (path: string): boolean =>
  path.startsWith('/aws-service-role/') || path.startsWith('/aws-reserved/')
