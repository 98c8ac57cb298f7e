import type { PlainValue } from '../../diagnostics/index.ts'
import type { Detail } from '../../model/detail.ts'
import type { ChildKind, ChildState, CredentialStatus, DesiredChild, DesiredOf } from '../../model/index.ts'
import type { ChildFacts } from '../../model/kind-facts.ts'
import type { WriteOperations } from '../../model/operations.ts'
import type { ToldAt } from '../../model/secret.ts'
import type { StepCall } from '../../model/step.ts'

/**
 * What plans have to know of a kind that is named under an entity: its calls, by the parent's name and the id that AWS gave.
 * Whether one can be used says no policy, so that these calls have no effects: see `model/step-effect.ts`.
 */
export interface ChildPlan<Desired extends DesiredChild, W = WriteOperations> {
  readonly facts: ChildFacts
  /** What is done for a declaration; null: none can be declared. */
  readonly declared: DeclaredCalls<Desired, W> | null
  /** In order. After the first of several it is nobody's. */
  readonly delete: (parent: string, id: string) => readonly StepCall<W>[]
}

interface DeclaredCalls<Desired, W> {
  /** AWS makes each active. */
  readonly create: (parent: string, desired: Desired) => StepCall<W>
  /**
   * Where its answer tells a secret, and of what: so that nobody but the journal knows which one has the name that is declared.
   * Absent: it tells none, and what is declared shows which it is.
   */
  readonly tells?: { readonly what: string; readonly at: ToldAt }
  /** What a reviewer is shown of one that is to be made, beside its name. Absent: nothing. */
  readonly details?: (desired: Desired) => readonly Detail[]
  /** How one that is there would be declared, but for its status. null: that can't be said. */
  readonly written: (state: ChildState) => { readonly [key: string]: PlainValue } | null
  readonly setStatus: (parent: string, id: string, status: CredentialStatus) => StepCall<W>
}

/** Of every kind. */
export type ChildPlans = { readonly [K in ChildKind]: ChildPlan<DesiredOf<K>> }
