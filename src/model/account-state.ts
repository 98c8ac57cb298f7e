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
  /** What shows besides of credentials. Absent: nobody has looked. */
  readonly undeclared?: UndeclaredCredentials
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

/**
 * What is named under entities that declare nothing of its kind, as far as it shows without a call for each of them: there may be
 * more than it says of one, such as when it was last used.
 */
export interface UndeclaredCredentials {
  /** Whom it was looked for of, by `entityRef`. Who isn't in `states` has none, or is in `unread`. */
  readonly of: ReadonlySet<string>
  /** By name, but for those who have none. */
  readonly states: ChildStates
  /** Of whom nobody has looked, by name: it would have taken a call for each. */
  readonly unread: { readonly [K in ChildKind]?: ReadonlySet<string> }
}

/** By kind, then by name: names of a kind are unique in an account whatever their case. */
export type EntityStates = { readonly [K in EntityKind]: ReadonlyMap<string, StateOf<K>> }
