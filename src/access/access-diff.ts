import type { AccessEntry, UnknownAccess } from './access-entry.ts'
import type { Escalation } from './escalation/escalation.ts'

export type { Escalation, EscalationRule } from './escalation/escalation.ts'

/** What changes in who may do what between two states of one account. */
export interface AccessDiff {
  /** `unknown` whenever something is; otherwise what was proved. */
  readonly verdict: 'none' | 'gained' | 'lost' | 'both' | 'unknown'
  /** Sorted: escalations first, then by principal, level and resource. */
  readonly gained: readonly AccessEntry[]
  readonly lost: readonly AccessEntry[]
  readonly unknown: readonly UnknownAccess[]
  /** What somebody can come to by it, and what lets outsiders in or weakens a guardrail; the heaviest first. */
  readonly escalations: readonly Escalation[]
  /** Who may come to more power than is known; absent: nobody. */
  readonly unknownEscalations?: readonly UnknownAccess[]
}
