import type { Request } from '../../evaluator/decision.ts'
import type { IdentifiedPolicy } from '../../evaluator/layers.ts'
import type { Exploration } from '../explore.ts'
import type { EscalationClass, EscalationStep } from './escalation.ts'
import type { AssumableRoles } from './following/assumable.ts'
import type { RunningThings } from './following/running-things.ts'
import type { Trusts } from './following/trusts.ts'
import { type Holder, shortName } from './powers/holder.ts'
import type { Power, Powers } from './powers/powers.ts'
import type { SurplusOf } from './powers/surplus.ts'
import type { Way } from './ways/way.ts'

/** What one state of an estate is asked with. */
export interface World extends Exploration {
  /** Whether everything that there is is listed, and not a difference. */
  readonly isListed: boolean
  readonly powers: Powers
  readonly surplus: SurplusOf
  readonly trusts: Trusts
  readonly running: RunningThings
  readonly assumable: AssumableRoles
  /** One of AWS's own policies; null: there is none such. */
  readonly managedPolicy: (arn: string) => IdentifiedPolicy | null
  /** Where it only matters who may become whom: one way to each is enough, and nobody in particular is nobody. */
  readonly isOutline?: boolean
}

/** From somebody to somebody, or something, by one way. */
export interface Edge {
  readonly steps: readonly EscalationStep[]
  /** The statement that grants the first step. */
  readonly power: Power
  /** Whom one becomes; null: nobody in particular, which is the end of it. */
  readonly to: Holder | null
  /** ARN of whom or what it is about; null: it isn't known here. */
  readonly target: string | null
  readonly class: EscalationClass
  /** Of the target's actions these count alone, as patterns; absent: all. */
  readonly only?: readonly string[]
  readonly isPotential: boolean
  /** It is potential since nothing is known that has the role: what lies beyond is looked at all the same, and as potential. */
  readonly isPerhaps?: true
  /** Who else may be reached by it, who isn't declared: `any user that isn't declared here`; null: nobody. */
  readonly undeclared: string | null
  /** ARN of what else decides where it leads: the policy that is attached. */
  readonly hangsOn?: string
  /** However much it gives, it matters no more, 0 to 100. */
  readonly atMost?: number
  /** Of an end that is nobody: how much it matters, 0 to 100. */
  readonly weight?: number
}

export const stepBy = (
  way: Way,
  actor: Holder,
  reaches: string | null,
  [first, ...besides]: readonly [Power, ...Power[]],
  does: string = way.does,
): EscalationStep => ({
  way: way.id,
  actor: actor.principal.label,
  does: does.replaceAll('{}', reaches === null ? 'somebody' : shortName(reaches)),
  reaches,
  witness: first.request,
  besides: besides.map(({ request }): Request => request),
})
