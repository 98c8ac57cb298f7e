import type { AccessLevel } from '../catalog/actions.ts'
import type { Span } from '../diagnostics/index.ts'
import type { Request } from '../evaluator/decision.ts'
import type { ConditionsText } from '../evaluator/estate/who-can.ts'
import type { Unseen } from '../model/index.ts'

/** Which way access changes. */
export type Direction = 'gained' | 'lost'

/** Actions that the same principals gain, or lose, by the same statement. */
export interface AccessEntry {
  readonly kind: 'action' | 'assume'
  /** ARNs, `account:ID`, `account:*` (any foreign account), `service:NAME`, `federated:PROVIDER`, `anonymous`; sorted. */
  readonly principals: readonly string[]
  /** In AWS's spelling, sorted; of tier `future` patterns of actions. */
  readonly actions: readonly string[]
  readonly levels: AccessLevels
  /** As the statement says it: patterns; `notResources` what it leaves out. */
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  readonly conditions: ConditionsText
  /** A request that is allowed on one side only: the evaluator has decided it on both. */
  readonly witness: Request
  /** Of `assume`: the roles that are assumed one after the other before the last one; empty: in one hop. */
  readonly via: readonly string[]
  /**
   * `typed`: the witness is a resource of a type that the action takes. `pattern`: no resource of such a type is
   * known to match. `future`: actions that the catalogue doesn't list yet.
   */
  readonly tier: 'typed' | 'pattern' | 'future'
  /** Where the statement stands that grants it, or granted it; null: in no file. */
  readonly source: Span | null
  /** The statement's policy: an ARN, `inline:NAME`, or the resource whose own policy it is. */
  readonly policy: string
  readonly sid: string | null
  /** What else decides: a deny that came or went, a layer that ceased or began to allow; null: the statement itself. */
  readonly because: Because | null
  /** A policy that isn't known here must allow it as well: of a key, or of a resource of another account. */
  readonly isPotential: boolean
  /** Of `--no-public-access`: which of its questions found it. */
  readonly question?: 'proof'
  /** Of something public: what declares that S3 blocks public access to it. */
  readonly publicAccessBlock?: 'resource' | 'account'
  /** Session tags that the witness needs, which aren't the role's own: by key; absent: none. */
  readonly sessionTags?: Readonly<Record<string, string>>
  /** Who put the states together knows that it comes of facts alone, of which nothing is applied. */
  readonly by?: 'facts'
  /** How much of what the statement is about was allowed before the change, and is after it; absent: not told. */
  readonly before?: AccessExtent | null
  readonly after?: AccessExtent | null
  /** Of a principal who is there in both states: keys that the statements ask for, and whose values are others. */
  readonly values?: Readonly<Record<string, ChangedValue>>
  /** Its conditions can't be met after this time, which is past. ISO 8601. */
  readonly ended?: string
}

/** Values of a key of the principal's on both sides; null: it has none. */
export interface ChangedValue {
  readonly before: readonly string[] | null
  readonly after: readonly string[] | null
}

/** Requests that statements match, as they say it. */
export interface AccessArea {
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  readonly conditions: ConditionsText
  /** Of the entry's actions those that it is about; absent: all. */
  readonly actions?: readonly string[]
  /** Of each layer that must allow as well, and doesn't on both sides alike, what it lets through; absent: none. */
  readonly limits?: readonly (readonly AccessArea[])[]
  /** Its conditions can't be met after this time, which is past. ISO 8601. */
  readonly ended?: string
}

/** An area, further ones, and what denies let not through. What both sides of a change deny, or limit, alike is left out. */
export interface AccessExtent extends AccessArea {
  readonly also?: readonly AccessArea[]
  readonly except?: readonly AccessArea[]
}

export interface Because {
  /** `deny`: a statement that denies; otherwise the layer that does or doesn't allow. */
  readonly cause: 'deny' | 'boundary' | 'scp' | 'rcp' | 'resource' | 'identity'
  readonly change: 'added' | 'removed'
  /** null: the layer as a whole. */
  readonly policy: string | null
  readonly sid: string | null
  readonly source: Span | null
  /** Of a deny: what it is about. */
  readonly area?: AccessArea
  /** Of a layer that is there on both sides: the statement by which it allows, on the side that does. */
  readonly allowedBy?: AllowingStatement
}

/** A statement of a layer that must allow as well. */
export interface AllowingStatement {
  readonly policy: string
  readonly sid: string | null
  readonly source: Span | null
  readonly area: AccessArea
}

export type AccessLevels = Readonly<Record<AccessLevel, number>>

export type UnknownReason =
  /** It would take too long. */
  | 'budget'
  /** It depends on values that no request fixes. */
  | 'variables'
  /** One key is compared with several kinds of values. */
  | 'mixedKinds'
  /** The evaluator does not decide a request as reasoning did: a defect, worth a report. */
  | 'unverified'
  /** It hangs on a rule that AWS's documentation leaves open. */
  | 'assumed'
  /** A policy has no clear meaning. */
  | 'document'
  /** Which account owns a resource isn't known. */
  | 'owner'
  /** It hangs on an organization that isn't declared. */
  | 'organization'
  /** A policy that isn't declared must allow it as well. */
  | 'undeclared'

export interface UnknownAccess {
  readonly principals: readonly string[]
  readonly direction: Direction
  readonly reason: UnknownReason
  /** Of `assumed`: the rule that AWS's documentation leaves open. */
  readonly rule?: string
  /** Of `undeclared`: what the state that was asked about doesn't hold, where it is that. */
  readonly unseen?: Unseen
  /** Of `unverified`: the request on which reasoning and the evaluator differ. */
  readonly witness?: Request
  readonly policy: string
  readonly sid: string | null
  readonly source: Span | null
}
