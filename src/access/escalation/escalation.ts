import type { Request } from '../../evaluator/decision.ts'
import type { AccessEntry, UnknownAccess } from '../access-entry.ts'

/** Values of `rule`, coarser than `class`. */
export type EscalationRule =
  | 'permissions-management'
  | 'pass-role'
  | 'administrator'
  | 'cross-account'
  | 'public'
  | 'assume-role'
  | 'boundary-weakened'
  | 'scp-weakened'
  /** A deny, or a condition that asked for a second factor or an external id, is gone. */
  | 'guardrail-weakened'

/** What a reviewer calls it. */
export type EscalationClass =
  /** May do nearly everything in an account, or come to. */
  | 'administrator'
  /** May act as somebody else who may do more. */
  | 'takes-over-identity'
  /** May change what somebody may do. */
  | 'changes-permissions'
  /** May run code with a role's credentials. */
  | 'runs-code-as-role'
  /** Somebody outside is let in. */
  | 'lets-outsiders-in'
  /** A boundary, control policy, deny or condition no longer stands in the way, or may be taken away. */
  | 'weakens-guardrail'
  /** May let others in, by a resource's own policy. */
  | 'can-let-others-in'

/** From `weight`: 80 and more, 60, 40, less. */
export type EscalationSeverity = 'critical' | 'high' | 'medium' | 'low'

/** One way to gain power, by somebody, with everything that it takes. */
export interface EscalationStep {
  /** The way in the table: `iam:CreateAccessKey`, `sts:AssumeRole`. */
  readonly way: string
  /** Who takes it, as findings call principals. */
  readonly actor: string
  /** For people, after the actor's name: `takes an access key of user/boss`. */
  readonly does: string
  /** ARN of whom or what it leads to; null: somebody, or something, that isn't known here. */
  readonly reaches: string | null
  /** The request that carries it: the evaluator allows it. */
  readonly witness: Request
  /** The other requests that it takes; each is allowed as well. */
  readonly besides: readonly Request[]
}

/**
 * Power that somebody can come to and doesn't have. As an entry it is the statement that grants the first step; `isPotential`:
 * somebody or something that isn't known here must play along, so that nothing is proved by its absence.
 */
export interface Escalation extends AccessEntry {
  readonly rule: EscalationRule
  readonly class: EscalationClass
  /** 0 to 100: how much a reviewer should care. */
  readonly weight: number
  readonly severity: EscalationSeverity
  /** ARN of who or what is reached at last; null: nobody that is known here. */
  readonly target: string | null
  /** All that the same path leads to, `target` first. */
  readonly targets: readonly string[]
  /** In order; empty: what it is about is the access itself, such as a trust policy that lets somebody in. */
  readonly path: readonly EscalationStep[]
  /** Other ways of the last step that lead to the same, by their names; absent: there is none. */
  readonly likewise?: readonly string[]
  /** For people: `may become administrator: joins group admins`. */
  readonly why: string
}

/** All escalations of a state, or all that are new; the heaviest first, then the shortest path, then by names. */
export interface EscalationReport {
  /** true: there is none. `unknown`: only what isn't known stands in the way of saying so. */
  readonly holds: boolean | 'unknown'
  readonly escalations: readonly Escalation[]
  /** Whose access can't be known, so that there may be more. */
  readonly unknown: readonly UnknownAccess[]
}

export const severityOf = (weight: number): EscalationSeverity =>
  weight >= 80 ? 'critical' : weight >= 60 ? 'high' : weight >= 40 ? 'medium' : 'low'
