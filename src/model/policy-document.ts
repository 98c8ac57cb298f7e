import type { Located } from '../diagnostics/located.ts'

/** A policy document in AWS's own grammar, as its author wrote it. Parsed and checked in `src/policy`. */
export interface PolicyDocument {
  readonly Version?: string
  readonly Id?: string
  readonly Statement: PolicyStatement | readonly PolicyStatement[]
}

export type OneOrMany<T> = T | readonly T[]
export type ConditionValue = string | number | boolean
export type ConditionBlock = {
  readonly [operator: string]: { readonly [key: string]: OneOrMany<ConditionValue> }
}
export type PrincipalBlock = '*' | { readonly [kind: string]: OneOrMany<string> }

export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: PrincipalBlock
  readonly NotPrincipal?: PrincipalBlock
  readonly Action?: OneOrMany<string>
  readonly NotAction?: OneOrMany<string>
  readonly Resource?: OneOrMany<string>
  readonly NotResource?: OneOrMany<string>
  readonly Condition?: ConditionBlock
}

/** A document and, if it comes from a file rather than from a target, the tree that says where its parts stand. */
export interface PlacedDocument {
  readonly json: PolicyDocument
  readonly located: Located | null
}
