import type { Span } from '../diagnostics/index.ts'
import type { Request } from '../evaluator/decision.ts'
import type { ConditionsText } from '../evaluator/estate/who-can.ts'
import type { AccessEntry, AccessLevels, UnknownAccess } from './access-entry.ts'
import type { Wideness } from './public/narrowing.ts'

/** What is to hold for all requests of a form. A pattern may hold `*` and `?`. */
export interface Probe {
  /** Action patterns: `s3:GetObject`, `s3:*`, `*`. */
  readonly actions: readonly string[]
  /** Resource patterns; `*` is any. */
  readonly resources: readonly string[]
  /** What is known of the context; keys that are absent here may be anything. */
  readonly context: ReadonlyMap<string, readonly string[]>
}

/** Whether something holds for all requests; if not, by which it doesn't. */
export interface Proof {
  readonly holds: boolean | 'unknown'
  /** What breaks it, of tier `typed`; then what is allowed by the policies' letter, or to come, and decides nothing. */
  readonly violations: readonly AccessEntry[]
  readonly unknown: readonly UnknownAccess[]
  /** What S3 itself would call public; without a block each one breaks the claim. */
  readonly rulings?: readonly S3Ruling[]
  /** What doesn't break the claim, and is worth knowing. */
  readonly notes?: readonly AccessEntry[]
  /** Of claims about outsiders: whose policies were looked at. */
  readonly covers?: Coverage
}

/** A statement that makes a bucket's or an access point's policy public by S3's rules, whatever requests it allows. */
export interface S3Ruling {
  /** ARN. */
  readonly resource: string
  readonly principals: readonly string[]
  /** In AWS's spelling as far as they are known. */
  readonly actions: readonly string[]
  readonly levels: AccessLevels
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  readonly conditions: ConditionsText
  /** Position in the policy, from 0. */
  readonly statement: number
  readonly sid: string | null
  readonly source: Span | null
  /** What its conditions leave open; empty: no condition is on a key that S3 goes by. */
  readonly why: readonly Wideness[]
  /** What declares that public access is blocked: then S3 would refuse it, or not let anybody use it. */
  readonly block: 'resource' | 'account' | null
  /** A request that the statement allows somebody outside; null: there is none. */
  readonly witness: Request | null
}

/** Who outside may have access. */
export interface OutsideTrust {
  /**
   * Ids of accounts and organizations, ARNs or hosts of providers, services, and whatever findings call somebody.
   */
  readonly trusted: readonly string[]
  /** Whether a service that acts for anybody breaks a claim; `noted`: it is a note. */
  readonly services: 'noted' | 'untrusted'
}

export interface Coverage {
  /** How many roles' trust policies. */
  readonly roles: number
  /** ARNs of declared resources, sorted. */
  readonly resources: readonly string[]
  /** Whether resource policies are known where they are here only; absent: they are declared. */
  readonly unseen?: 'resourcePolicies'
}
