import type { ChildKind, EntityKind, SettingKind, StateOf } from '../kinds/kind.ts'
import type { Partition } from './arn.ts'
import type { OrganizationPolicy } from './organization.ts'
import type { StateDocument } from './policy-document.ts'

/** An AWS-style account. `id` is twelve digits, a string because of leading zeros. */
export interface Account {
  readonly id: string
  readonly partition: Partition
}

/**
 * Everything that an account holds, as plain values: what observing a target yields, and what a decision needs.
 */
export interface AccountState {
  readonly account: Account
  readonly entities: EntityStates
  readonly children: ChildStates
  /** null: the account has none. */
  readonly settings: { readonly [K in SettingKind]: StateOf<K> | null }
  /** AWS's own policies by ARN, as an export of the account has them. Absent, and others: as the catalogue has them. */
  readonly awsPolicies?: ReadonlyMap<string, StateDocument>
  /**
   * Service control policies that bind the account's principals, level by level, where they are known and the organization isn't.
   * Absent: the organization says it.
   */
  readonly controls?: readonly (readonly OrganizationPolicy[])[]
  /** The same of resource control policies that bind its resources, without the full access policy. */
  readonly resourceControls?: readonly (readonly OrganizationPolicy[])[]
}

/**
 * By kind, then by the name of the entity that they belong to. Who isn't in it wasn't asked for: they may have some.
 */
export type ChildStates = { readonly [K in ChildKind]?: ReadonlyMap<string, readonly StateOf<K>[]> }

/** By kind, then by name: names of a kind are unique in an account whatever their case. */
export type EntityStates = { readonly [K in EntityKind]: ReadonlyMap<string, StateOf<K>> }
