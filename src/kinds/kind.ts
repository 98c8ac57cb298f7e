import type { ChildState, DesiredChild } from '../model/child.ts'
import { keysOf, tableOf } from '../model/keys-of.ts'
import type { ChildFacts, EntityFacts, KindFacts, SettingFacts } from '../model/kind-facts.ts'
import type { NoBody } from '../model/no-body.ts'
import {
  ACCESS_KEY,
  type AccessKeyBody,
  type AccessKeyReads,
  type AccessKeyWrites,
  type DesiredAccessKey,
} from './accessKey/kind.ts'
import {
  ACCOUNT_ALIAS,
  type AccountAliasReads,
  type AccountAliasWrites,
  type DesiredAlias,
} from './accountAlias/kind.ts'
import {
  type DesiredGroup,
  GROUP,
  type GroupReads,
  type GroupState,
  type GroupWrites,
  groupAsDeclared,
} from './group/kind.ts'
import {
  type DesiredInstanceProfile,
  INSTANCE_PROFILE,
  type InstanceProfileReads,
  type InstanceProfileState,
  type InstanceProfileWrites,
  instanceProfileAsDeclared,
} from './instanceProfile/kind.ts'
import {
  MFA_DEVICE,
  type MfaDeviceBody,
  type MfaDeviceReads,
  type MfaDeviceWrites,
} from './mfaDevice/kind.ts'
import {
  type DesiredOidcProvider,
  OIDC_PROVIDER,
  type OidcProviderBody,
  type OidcProviderReads,
  type OidcProviderState,
  type OidcProviderWrites,
  oidcProviderAsDeclared,
} from './oidcProvider/kind.ts'
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
  policyAsDeclared,
} from './policy/kind.ts'
import {
  type DesiredRole,
  ROLE,
  type RoleBody,
  type RoleReads,
  type RoleState,
  type RoleWrites,
  roleAsDeclared,
} from './role/kind.ts'
import {
  type DesiredSamlProvider,
  SAML_PROVIDER,
  type SamlProviderBody,
  type SamlProviderReads,
  type SamlProviderState,
  type SamlProviderWrites,
  samlProviderAsDeclared,
} from './samlProvider/kind.ts'
import {
  type DesiredServerCertificate,
  SERVER_CERTIFICATE,
  type ServerCertificateBody,
  type ServerCertificateReads,
  type ServerCertificateState,
  type ServerCertificateWrites,
  serverCertificateAsDeclared,
} from './serverCertificate/kind.ts'
import {
  type DeletionBody,
  type DesiredServiceLinkedRole,
  linkedRoleState,
  SERVICE_LINKED_ROLE,
  type ServiceLinkedRoleReads,
  type ServiceLinkedRoleState,
  type ServiceLinkedRoleWrites,
  serviceLinkedRoleAsDeclared,
} from './serviceLinkedRole/kind.ts'
import {
  type DesiredServiceSpecificCredential,
  SERVICE_SPECIFIC_CREDENTIAL,
  type ServiceSpecificCredentialBody,
  type ServiceSpecificCredentialReads,
  type ServiceSpecificCredentialWrites,
} from './serviceSpecificCredential/kind.ts'
import {
  type DesiredSigningCertificate,
  SIGNING_CERTIFICATE,
  type SigningCertificateBody,
  type SigningCertificateReads,
  type SigningCertificateWrites,
} from './signingCertificate/kind.ts'
import {
  type DesiredSshPublicKey,
  SSH_PUBLIC_KEY,
  type SshPublicKeyBody,
  type SshPublicKeyReads,
  type SshPublicKeyWrites,
} from './sshPublicKey/kind.ts'
import {
  type DesiredUser,
  USER,
  type UserBody,
  type UserReads,
  type UserState,
  type UserWrites,
  userAsDeclared,
} from './user/kind.ts'

/**
 * Each kind that an account may hold: what it is there, how it is declared, what a store keeps of it, and the operations of IAM
 * that are about it.
 */
export interface Kinds {
  readonly policy: Entity<PolicyState, DesiredPolicy, PolicyBody, PolicyReads, PolicyWrites>
  readonly group: Entity<GroupState, DesiredGroup, NoBody, GroupReads, GroupWrites>
  readonly user: Entity<UserState, DesiredUser, UserBody, UserReads, UserWrites>
  readonly role: Entity<RoleState, DesiredRole, RoleBody, RoleReads, RoleWrites>
  readonly accessKey: Child<DesiredAccessKey, AccessKeyBody, AccessKeyReads, AccessKeyWrites>
  readonly sshPublicKey: Child<DesiredSshPublicKey, SshPublicKeyBody, SshPublicKeyReads, SshPublicKeyWrites>
  readonly signingCertificate: Child<
    DesiredSigningCertificate,
    SigningCertificateBody,
    SigningCertificateReads,
    SigningCertificateWrites
  >
  readonly serviceSpecificCredential: Child<
    DesiredServiceSpecificCredential,
    ServiceSpecificCredentialBody,
    ServiceSpecificCredentialReads,
    ServiceSpecificCredentialWrites
  >
  readonly mfaDevice: Child<never, MfaDeviceBody, MfaDeviceReads, MfaDeviceWrites>
  readonly instanceProfile: Entity<
    InstanceProfileState,
    DesiredInstanceProfile,
    NoBody,
    InstanceProfileReads,
    InstanceProfileWrites
  >
  readonly serviceLinkedRole: Entity<
    ServiceLinkedRoleState,
    DesiredServiceLinkedRole,
    DeletionBody,
    ServiceLinkedRoleReads,
    ServiceLinkedRoleWrites
  >
  readonly oidcProvider: Entity<
    OidcProviderState,
    DesiredOidcProvider,
    OidcProviderBody,
    OidcProviderReads,
    OidcProviderWrites
  >
  readonly samlProvider: Entity<
    SamlProviderState,
    DesiredSamlProvider,
    SamlProviderBody,
    SamlProviderReads,
    SamlProviderWrites
  >
  readonly serverCertificate: Entity<
    ServerCertificateState,
    DesiredServerCertificate,
    ServerCertificateBody,
    ServerCertificateReads,
    ServerCertificateWrites
  >
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

/** Is named under an entity. */
interface Child<Desired extends DesiredChild, Stored, Reads, Writes> extends WithOperations<Reads, Writes> {
  readonly family: 'child'
  readonly state: ChildState
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

/** What a store keeps of each kind beside what all entities, and what is named under them, have. */
export type StoredEntities = { readonly [K in EntityKind | ChildKind]: Kinds[K]['stored'] }
/** A setting is kept as it is. */
export type StoredSettings = { readonly [K in SettingKind]: StateOf<K> }

export type AnyEntityState = StateOf<EntityKind>
export type AnyDesiredEntity = DesiredOf<EntityKind>

export const ENTITIES: { readonly [K in EntityKind]: EntityFacts } = {
  policy: POLICY,
  group: GROUP,
  user: USER,
  role: ROLE,
  instanceProfile: INSTANCE_PROFILE,
  serviceLinkedRole: SERVICE_LINKED_ROLE,
  oidcProvider: OIDC_PROVIDER,
  samlProvider: SAML_PROVIDER,
  serverCertificate: SERVER_CERTIFICATE,
}
export const CHILDREN: { readonly [K in ChildKind]: ChildFacts } = {
  accessKey: ACCESS_KEY,
  sshPublicKey: SSH_PUBLIC_KEY,
  signingCertificate: SIGNING_CERTIFICATE,
  serviceSpecificCredential: SERVICE_SPECIFIC_CREDENTIAL,
  mfaDevice: MFA_DEVICE,
}
export const SETTINGS: { readonly [K in SettingKind]: SettingFacts } = {
  passwordPolicy: PASSWORD_POLICY,
  accountAlias: ACCOUNT_ALIAS,
}

/** What an account would hold that has no more than what is declared of an entity; null: nothing. */
export const AS_DECLARED: { readonly [K in EntityKind]: (desired: DesiredOf<K>) => StateOf<K> | null } = {
  policy: policyAsDeclared,
  group: groupAsDeclared,
  user: userAsDeclared,
  role: roleAsDeclared,
  instanceProfile: instanceProfileAsDeclared,
  serviceLinkedRole: serviceLinkedRoleAsDeclared,
  oidcProvider: oidcProviderAsDeclared,
  samlProvider: samlProviderAsDeclared,
  serverCertificate: serverCertificateAsDeclared,
}

/** What a declared entity is besides, among those of another kind; null: nothing. */
export const BESIDE_AS_DECLARED: {
  readonly [K in EntityKind]?: (
    desired: DesiredOf<K>,
    account: { readonly partition: string },
  ) => AnyEntityState | null
} = {
  serviceLinkedRole: (desired, { partition }) =>
    desired.delete === true ? null : linkedRoleState(desired, partition),
}

/** The name of the role that whatever runs gets which has an entity; null: none. Of kinds that no role can be in nothing stands here. */
export const ROLE_GIVEN: { readonly [K in EntityKind]?: (state: StateOf<K>) => string | null } = {
  instanceProfile: ({ role }) => role,
}

/** Of every kind, whatever its family. */
export const FACTS: { readonly [K in Kind]: KindFacts } = { ...ENTITIES, ...CHILDREN, ...SETTINGS }

export const ENTITY_KINDS: readonly EntityKind[] = keysOf(ENTITIES)
export const CHILD_KINDS: readonly ChildKind[] = keysOf(CHILDREN)
export const SETTING_KINDS: readonly SettingKind[] = keysOf(SETTINGS)

/** A value for each kind of entity, whatever the kind. */
export const byKind = <V>(make: (kind: EntityKind) => V): { readonly [K in EntityKind]: V } =>
  tableOf(ENTITY_KINDS, make)

export const isEntityKind = (kind: string): kind is EntityKind => Object.hasOwn(ENTITIES, kind)

export const isChildKind = (kind: string): kind is ChildKind => Object.hasOwn(CHILDREN, kind)

/** Names an entity within an account: `user/alice`. */
export type EntityRef = `${EntityKind}/${string}`
/** `user/alice/accessKey/ci`. */
export type ChildRef = `${EntityRef}/${ChildKind}/${string}`
/** Names anything that an account holds. */
export type Ref = EntityRef | ChildRef | SettingKind

export const entityRef = (kind: EntityKind, name: string): EntityRef => `${kind}/${name}`
