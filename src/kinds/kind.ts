import { keysOf, tableOf } from '../model/keys-of.ts'
import type { ChildFacts, EntityFacts, KindFacts, SettingFacts } from '../model/kind-facts.ts'
import type { NoBody } from '../model/no-body.ts'
import {
  ACCOUNT_ALIAS,
  type AccountAliasReads,
  type AccountAliasWrites,
  type DesiredAlias,
} from './accountAlias/kind.ts'
import { type DesiredGroup, GROUP, type GroupReads, type GroupState, type GroupWrites } from './group/kind.ts'
import {
  type DesiredPasswordPolicy,
  PASSWORD_POLICY,
  type PasswordPolicy,
  type PasswordPolicyReads,
  type PasswordPolicyWrites,
} from './passwordPolicy/kind.ts'
import {
  type DesiredPolicy,
  POLICY,
  type PolicyBody,
  type PolicyReads,
  type PolicyState,
  type PolicyWrites,
} from './policy/kind.ts'
import {
  type DesiredRole,
  ROLE,
  type RoleBody,
  type RoleReads,
  type RoleState,
  type RoleWrites,
} from './role/kind.ts'
import { type DesiredUser, USER, type UserReads, type UserState, type UserWrites } from './user/kind.ts'

/**
 * Each kind that an account may hold: what it is there, how it is declared, what a store keeps of it, and the operations of IAM
 * that are about it.
 */
export interface Kinds {
  readonly policy: Entity<PolicyState, DesiredPolicy, PolicyBody, PolicyReads, PolicyWrites>
  readonly group: Entity<GroupState, DesiredGroup, NoBody, GroupReads, GroupWrites>
  readonly user: Entity<UserState, DesiredUser, NoBody, UserReads, UserWrites>
  readonly role: Entity<RoleState, DesiredRole, RoleBody, RoleReads, RoleWrites>
  readonly passwordPolicy: Setting<
    PasswordPolicy,
    DesiredPasswordPolicy,
    PasswordPolicyReads,
    PasswordPolicyWrites
  >
  readonly accountAlias: Setting<string, DesiredAlias, AccountAliasReads, AccountAliasWrites>
}

/** Has a name, a path and an ARN. */
interface Entity<State, Desired, Stored, Reads, Writes> extends WithOperations<Reads, Writes> {
  readonly family: 'entity'
  readonly state: State
  readonly desired: Desired
  readonly stored: Stored
}

/** An account has one at most. */
interface Setting<State, Desired, Reads, Writes> extends WithOperations<Reads, Writes> {
  readonly family: 'setting'
  readonly state: State
  readonly desired: Desired
}

interface WithOperations<Reads, Writes> {
  readonly reads: Reads
  readonly writes: Writes
}

type OfFamily<F> = { [K in keyof Kinds]: Kinds[K]['family'] extends F ? K : never }[keyof Kinds]

export type Kind = keyof Kinds
export type EntityKind = OfFamily<'entity'>
/** Named under an entity of another kind, without an ARN. */
export type ChildKind = OfFamily<'child'>
export type SettingKind = OfFamily<'setting'>

export type StateOf<K extends Kind> = Kinds[K]['state']
export type DesiredOf<K extends Kind> = Kinds[K]['desired']

/** What a store keeps of each kind beside what all entities have. */
export type StoredEntities = { readonly [K in EntityKind]: Kinds[K]['stored'] }
/** A setting is kept as it is. */
export type StoredSettings = { readonly [K in SettingKind]: StateOf<K> }

export type AnyEntityState = StateOf<EntityKind>
export type AnyDesiredEntity = DesiredOf<EntityKind>

export const ENTITIES: { readonly [K in EntityKind]: EntityFacts } = {
  policy: POLICY,
  group: GROUP,
  user: USER,
  role: ROLE,
}
export const CHILDREN: { readonly [K in ChildKind]: ChildFacts } = {}
export const SETTINGS: { readonly [K in SettingKind]: SettingFacts } = {
  passwordPolicy: PASSWORD_POLICY,
  accountAlias: ACCOUNT_ALIAS,
}

/** Of every kind, whatever its family. */
export const FACTS: { readonly [K in Kind]: KindFacts } = { ...ENTITIES, ...CHILDREN, ...SETTINGS }

export const ENTITY_KINDS: readonly EntityKind[] = keysOf(ENTITIES)
export const SETTING_KINDS: readonly SettingKind[] = keysOf(SETTINGS)

/** A value for each kind of entity, whatever the kind. */
export const byKind = <V>(make: (kind: EntityKind) => V): { readonly [K in EntityKind]: V } =>
  tableOf(ENTITY_KINDS, make)

export const isEntityKind = (kind: string): kind is EntityKind => Object.hasOwn(ENTITIES, kind)

/** Names an entity within an account: `user/alice`. */
export type EntityRef = `${EntityKind}/${string}`
/** `user/alice/accessKey/ci`. */
export type ChildRef = `${EntityRef}/${ChildKind}/${string}`
/** Names anything that an account holds. */
export type Ref = EntityRef | ChildRef | SettingKind

export const entityRef = (kind: EntityKind, name: string): EntityRef => `${kind}/${name}`
