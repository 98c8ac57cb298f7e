import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { LocatedMap } from '../diagnostics/located.ts'
import type { Span } from '../diagnostics/span.ts'
import type {
  Account,
  DesiredOf,
  EntityKind,
  IdentityEntityKind,
  Organization,
  PlacedDocument,
  ResourceFacts,
  SettingKind,
} from '../model/index.ts'

/**
 * One account's desired state. For each optional attribute: absent = not managed here,
 * `[]`, `{}` or `null` = none, a value = exactly this (promise P5).
 * Everything is resolved: variables substituted, policy names turned into ARNs, documents read from their files.
 */
export interface DesiredState {
  readonly account: Account & { readonly name: string }
  readonly entities: DesiredEntities
  readonly settings: { readonly [K in SettingKind]?: DesiredOf<K> }
  readonly tests: readonly PolicyTest[]
  readonly invariants: readonly Invariant[]
  /** What this account's manifests say of the organization; null: nothing. */
  readonly organization: DesiredOrganization | null
  /** Facts for decisions, by ARN, whoever owns the resource. */
  readonly resources: ReadonlyMap<string, DesiredResource>
  /** Documents that IAM would not store. Absent: none. */
  readonly refused?: readonly RefusedDocument[]
}

/** By kind, then by name. */
export type DesiredEntities = { readonly [K in EntityKind]: ReadonlyMap<string, DesiredOf<K>> }

/**
 * A document that IAM would refuse although it is clear what it means: an error for a plan that would write it, and a
 * warning for what is stored already or only read.
 */
export interface RefusedDocument {
  readonly kind: EntityKind
  /** Of the entity that it belongs to. */
  readonly name: string
  /** As the details of a plan call it: `trustPolicy`, `document`, `inlinePolicies.NAME`. */
  readonly path: string
  /** Errors. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface DesiredOrganization extends Organization {
  readonly span: Span
  /** All accounts of the tree. */
  readonly accountIds: ReadonlySet<string>
}

export interface DesiredResource extends ResourceFacts {
  /** What is declared can be read. */
  readonly policy: PlacedDocument | null
  /** Nothing says who owns it but that this account's manifests hold it. */
  readonly ownerIsAssumed: boolean
  readonly span: Span
}

/** A concrete decision that must hold: `tests:` in a manifest. */
export interface PolicyTest {
  readonly name: string
  readonly principal: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly context: ReadonlyMap<string, readonly string[]>
  readonly expect: 'allow' | 'deny'
  /** Absent: it comes from no file. */
  readonly names?: QuestionNames
  readonly span: Span
}

/** Whether a question may name what nothing is known by, and where it is written: its own YAML, for the place of a name. */
export interface QuestionNames {
  readonly unknown: 'refused' | 'allowed'
  readonly node: LocatedMap
}

/** What no request may come to, whatever else is in it: `invariants:` in a manifest. */
export interface Invariant {
  readonly name: string
  /** Patterns: `iam:PassRole`, `s3:Delete*`, `*`. */
  readonly actions: readonly string[]
  /** Patterns of ARNs, or `*`: any resource, also none. */
  readonly resources: readonly string[]
  /** What is given of every request. All other keys may have any value, or none. */
  readonly context: ReadonlyMap<string, readonly string[]>
  readonly rule: InvariantRule
  /** Absent: it comes from no file. */
  readonly names?: QuestionNames
  readonly span: Span
}

export type InvariantRule =
  /** Nobody at all may. */
  | { readonly type: 'nobody' }
  /** `only`: nobody else may. `never`: none of these may, whoever else does. */
  | { readonly type: 'only' | 'never'; readonly principals: readonly InvariantPrincipal[] }

/** Whom an invariant is about. */
export interface InvariantPrincipal {
  /** As it is written: `role/ci`. */
  readonly text: string
  /**
   * `user`, `role` (with its sessions), `group` (its members), `root`, `session` (of a role, or a federated user),
   * `federated` (an identity provider): one, or those of one. `account`: everybody in it. `anonymous`: requests without
   * credentials.
   */
  readonly kind:
    | IdentityEntityKind
    | 'root'
    | 'session'
    | 'account'
    | 'service'
    | 'federated'
    | 'canonicalUser'
    | 'uniqueId'
    | 'anonymous'
  /** An ARN; `canonical:ID`, `id:UNIQUE-ID`; of an account its id, or `*`: any that the project doesn't hold; a service principal; a provider; `*`. */
  readonly id: string
}

/** Per kind: what may be deleted when it is no longer declared. */
export type Scope =
  | { readonly type: 'all' }
  | { readonly type: 'declared' }
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'tag'; readonly tags: ReadonlyMap<string, string> }

export type Scopes = Readonly<Record<EntityKind, Scope>>

export interface Guard {
  /** 0 to 100. */
  readonly maxDeletePercent: number
  /** The percentage counts only once at least this many of a kind exist. */
  readonly minimumExisting: number
  /** `kind/name` of what is never deleted or replaced. */
  readonly protect: readonly { readonly kind: EntityKind; readonly name: string; readonly span: Span }[]
}

/** Default quotas of AWS that an account has other values of. Counts per account or per entity. */
export type QuotaOverrides = Readonly<Partial<Record<string, number>>>

/** The embedded IAM over a database file. */
export interface LocalTarget {
  readonly kind: 'local'
  /** Relative to the IAM folder. */
  readonly database: string
  readonly quotas: QuotaOverrides
}

/** Whatever answers AWS's client at an address: `iam-sync serve`, for now. */
export interface AwsTarget {
  readonly kind: 'aws'
  /** A URL: https, or http of this machine. */
  readonly endpoint: string
  /** What calls are signed for. */
  readonly region: string
  readonly quotas: QuotaOverrides
}

/** Where an account may be, by its kind. */
export interface Targets {
  readonly local: LocalTarget
  readonly aws: AwsTarget
}

export type TargetKind = keyof Targets
export type Target = Targets[TargetKind]

export interface ProjectAccount {
  readonly name: string
  readonly account: Account
  readonly target: Target
  readonly span: Span
  /** `{desired: null}` when the account's own manifests have errors. */
  readonly desired: DesiredState | null
  /** What could be read of it, whatever is wrong with the rest: to tell what else is, and for nothing else. */
  readonly read: DesiredState
  /** Whether everything that it declares was read, so that whoever isn't in it isn't declared. */
  readonly isWhole: boolean
  /** What its tests and invariants name, whatever else is wrong with it. */
  readonly questions: readonly QuestionNames[]
}

/** What a whole IAM folder says. `accounts` stand in the order of the project file. */
export interface Project {
  readonly accounts: readonly ProjectAccount[]
  /** What decisions go by besides the accounts: of the whole project, whichever account's manifests say it. */
  readonly organization: DesiredOrganization | null
  readonly resources: ReadonlyMap<string, DesiredResource>
  readonly scopes: Scopes
  readonly guard: Guard
  /** A folder for the secrets that an apply makes, relative to the IAM folder and inside of it; null: none is declared. */
  readonly secretsTo: string | null
  readonly diagnostics: readonly Diagnostic[]
  /** Of the diagnostics, the errors for whoever would store a document: the accounts are sound all the same. */
  readonly refusals: ReadonlySet<Diagnostic>
}
