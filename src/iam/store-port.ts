import { DiagnosticError, errorOf } from '../diagnostics/index.ts'

/**
 * What the embedded IAM needs of a store: typed rows inside transactions. Asynchronous, because a store may be on the
 * other side of a network. Times are milliseconds since the epoch. Ids are IAM's unique ids (AIDA…, AROA…).
 * INVARIANT: the store keeps names unique per kind whatever their case, and deletes what belongs to a row with it.
 */
export interface ReadableStore {
  /** Runs `work` on one consistent state. */
  read<T>(work: (rows: ReadRows) => Promise<T>): Promise<T>
}

export interface WritableStore extends ReadableStore {
  /**
   * Runs `work` alone: no other write happens meanwhile, and all or nothing of it stays.
   * If `work` rejects, nothing is written, and the rejection is passed on.
   * @throws StoreBusyError when another process keeps the store locked
   */
  write<T>(work: (rows: Rows) => Promise<T>): Promise<T>
}

/**
 * Somebody else has the store locked; the same call can succeed later. Nothing was written. Where no call of the IAM
 * API turns it into a retryable error (the journal), it is a diagnostic like any other failure of a store.
 */
export class StoreBusyError extends DiagnosticError {
  constructor(message: string) {
    super(errorOf({ code: 'store.locked', message, help: 'wait until it is done, then run this again' }))
    this.name = 'StoreBusyError'
  }
}

/** The identities of IAM: what policies are attached to. */
export type IdentityKind = 'user' | 'group' | 'role'

interface IdentityBase {
  readonly id: string
  readonly name: string
  /** Begins and ends with `/`. */
  readonly path: string
  readonly created: number
}

export interface UserRow extends IdentityBase {
  readonly kind: 'user'
  /** ARN of the permissions boundary. */
  readonly boundary: string | null
}

export interface GroupRow extends IdentityBase {
  readonly kind: 'group'
}

export interface RoleRow extends IdentityBase {
  readonly kind: 'role'
  readonly boundary: string | null
  readonly description: string
  /** Seconds. */
  readonly maxSessionDuration: number
  /** As its author wrote it. Which principals it is bound to stands in its `TrustRow`s. */
  readonly trustPolicy: string
}

export type IdentityRow = UserRow | GroupRow | RoleRow
export type IdentityOf<K extends IdentityKind> = Extract<IdentityRow, { readonly kind: K }>

export interface PolicyRow {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly description: string
  readonly created: number
  readonly updated: number
  /** `3` is version `v3`. */
  readonly defaultVersion: number
  /** The highest number ever given; numbers are not used again. */
  readonly latestVersion: number
}

export interface VersionRow {
  readonly policyId: string
  readonly version: number
  readonly document: string
  readonly created: number
}

export interface AttachmentRow {
  readonly ownerId: string
  readonly policyArn: string
}

export interface InlinePolicyRow {
  readonly ownerId: string
  readonly name: string
  readonly document: string
  /** Characters without white space, as the quota counts them. */
  readonly size: number
}

export interface MembershipRow {
  readonly userId: string
  readonly groupId: string
  readonly groupName: string
}

export interface TagRow {
  /** A user, role or policy. */
  readonly ownerId: string
  readonly key: string
  readonly value: string
}

/** A trust policy's text names a principal (`written`); this says which unique id was meant. */
export interface TrustRow {
  readonly roleId: string
  /** The principal as it stands in the document's text. */
  readonly written: string
  readonly principalId: string
}

/** How the bound principal of this account is called now; null: it is gone, or of another account. */
export interface ResolvedTrustRow extends TrustRow {
  readonly current: { readonly kind: 'user' | 'role'; readonly path: string; readonly name: string } | null
}

export interface PolicyUseRow {
  readonly policyArn: string
  /** How many users, groups and roles it is attached to. */
  readonly attachments: number
  /** Of how many users and roles it is the boundary. */
  readonly boundaries: number
}

/** A slice of a list that is sorted by name, ignoring case. */
export interface Page {
  /** Names after this one, ignoring case; null: from the start. */
  readonly after: string | null
  readonly limit: number
  /** Only what lies under this path. */
  readonly pathPrefix: string
}

/** Each one a JSON text. */
export type Setting = 'passwordPolicy' | 'accountAlias'

export type CountedKind = IdentityKind | 'policy'

/** Methods that take several ids return the rows of all of them, in no particular order of owners, then by name. */
export interface ReadRows {
  /** By exact name. */
  identity<K extends IdentityKind>(kind: K, name: string): Promise<IdentityOf<K> | null>
  identityById(id: string): Promise<IdentityRow | null>
  identities<K extends IdentityKind>(kind: K, page: Page): Promise<readonly IdentityOf<K>[]>
  /** By exact name. */
  policy(name: string): Promise<PolicyRow | null>
  policies(page: Page): Promise<readonly PolicyRow[]>
  /** The name that is taken already, which may differ in case; null: it is free. */
  takenName(kind: CountedKind, name: string): Promise<string | null>
  count(kind: CountedKind): Promise<number>

  /** Oldest first. */
  versions(policyIds: readonly string[]): Promise<readonly VersionRow[]>
  attachments(ownerIds: readonly string[]): Promise<readonly AttachmentRow[]>
  inlinePolicies(ownerIds: readonly string[]): Promise<readonly InlinePolicyRow[]>
  /** The groups of users. */
  memberships(userIds: readonly string[]): Promise<readonly MembershipRow[]>
  /** The users of a group. */
  members(groupId: string, page: Page): Promise<readonly UserRow[]>
  tags(ownerIds: readonly string[]): Promise<readonly TagRow[]>
  trusts(roleIds: readonly string[]): Promise<readonly ResolvedTrustRow[]>
  /** Only those in use, of these ARNs or of all. */
  policyUses(policyArns: readonly string[] | 'all'): Promise<readonly PolicyUseRow[]>
  setting(setting: Setting): Promise<string | null>
}

export interface Rows extends ReadRows {
  insertIdentity(row: IdentityRow): Promise<void>
  /** Replaces all columns of the row with this id. */
  updateIdentity(row: IdentityRow): Promise<void>
  deleteIdentity(id: string): Promise<void>
  insertPolicy(row: PolicyRow): Promise<void>
  updatePolicy(row: PolicyRow): Promise<void>
  deletePolicy(id: string): Promise<void>
  insertVersion(row: VersionRow): Promise<void>
  deleteVersion(policyId: string, version: number): Promise<void>
  /** Attaching twice is attaching once. */
  attach(row: AttachmentRow): Promise<void>
  /** @returns whether it was attached */
  detach(row: AttachmentRow): Promise<boolean>
  putInlinePolicy(row: InlinePolicyRow): Promise<void>
  /** @returns whether there was one */
  deleteInlinePolicy(ownerId: string, name: string): Promise<boolean>
  addMember(userId: string, groupId: string): Promise<void>
  /** @returns whether the user was a member */
  removeMember(userId: string, groupId: string): Promise<boolean>
  /** Inserts, or replaces the value of the same key (same case). */
  putTags(rows: readonly TagRow[]): Promise<void>
  /** Keys in exact case; those that aren't there are passed over. */
  deleteTags(ownerId: string, keys: readonly string[]): Promise<void>
  /** All bindings of a role's trust policy. */
  replaceTrusts(roleId: string, rows: readonly TrustRow[]): Promise<void>
  /** null removes it. */
  putSetting(setting: Setting, value: string | null): Promise<void>
}
