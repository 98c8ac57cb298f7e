import type { ConditionOperator } from '../../policy/operators.ts'
import type { Decision, Layer, Reason } from '../decision.ts'

/** A decision taken apart: what each layer said, and why each statement did or did not count. */
export interface Explanation {
  readonly decision: Decision
  readonly reasons: readonly Reason[]
  /** In the order identity, boundary, session, service control levels, resource control levels, resource, endpoint. */
  readonly layers: readonly LayerExplanation[]
}

export interface LayerExplanation {
  readonly layer: Layer
  /** Of `scp` and `rcp`: the level in the organization's tree, from 0 (the root) down. Otherwise null. */
  readonly level: number | null
  /** `not_applicable`: it doesn't bind this principal. */
  readonly verdict: Decision | 'not_applicable'
  readonly policies: readonly PolicyExplanation[]
}

export interface PolicyExplanation {
  /** Its ARN, or `inline:NAME`. */
  readonly policy: string
  readonly statements: readonly StatementExplanation[]
}

export interface StatementExplanation {
  /** Index of the statement in its document. */
  readonly statement: number
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  /** The first thing that failed; null: the statement matches the request. */
  readonly failed: FailedPart | null
}

export type FailedPart =
  | { readonly part: 'action' }
  | { readonly part: 'resource' }
  | { readonly part: 'principal' }
  | {
      readonly part: 'condition'
      readonly operator: ConditionOperator
      readonly quantifier: 'ForAllValues' | 'ForAnyValue' | null
      readonly ifExists: boolean
      readonly key: string
      /** The policy's values, as written. */
      readonly expected: readonly string[]
      /** The request's values; null: it hasn't got the key. */
      readonly given: readonly string[] | null
    }
