import type { Span } from '../diagnostics/index.ts'
import type { ConditionOperator } from './operators.ts'

/** Where a document is used decides which elements it may and must have. */
export type PolicyUse = 'identity' | 'boundary' | 'session' | 'trust' | 'resource' | 'scp' | 'rcp'

/** A document taken apart, lists instead of scalar-or-list, all text as its author wrote it. What the evaluator compiles. */
export interface ParsedPolicy {
  /** What evaluation goes by: no `Version` means 2008-10-17, in which `${…}` is literal. */
  readonly version: '2012-10-17' | '2008-10-17'
  readonly statements: readonly ParsedStatement[]
}

export interface ParsedStatement {
  /** Position in the document, from 0. */
  readonly index: number
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  /** null: the statement has none (identity policies). */
  readonly principal: Complementable<ParsedPrincipal> | null
  readonly action: Complementable<string>
  /** null: the statement has none (trust policies; resource policies about their own resource). */
  readonly resource: Complementable<string> | null
  readonly conditions: readonly ParsedCondition[]
  /** Where the statement stands, if it comes from a file. */
  readonly span: Span | null
}

/** A list, or (`negated`) everything but the list: `NotAction`, `NotResource`, `NotPrincipal`. */
export interface Complementable<T> {
  readonly negated: boolean
  readonly entries: readonly T[]
}

export type ParsedPrincipal =
  | { readonly kind: 'everyone' }
  /** `partition`: as its root ARN says; null: an id alone, of the partition of what the policy is about. */
  | { readonly kind: 'account'; readonly account: string; readonly partition: string | null }
  /** User, role, assumed-role session or federated-user ARN. */
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'canonicalUser'; readonly id: string }
  /** A unique id (AIDA…, AROA…): what a stored policy shows once the entity it named is gone. */
  | { readonly kind: 'uniqueId'; readonly id: string }

export interface ParsedCondition {
  readonly operator: ConditionOperator
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | null
  readonly ifExists: boolean
  /** As written; compared ignoring case. */
  readonly key: string
  /** Numbers and booleans as their JSON text. */
  readonly values: readonly string[]
}
