import type { Located } from '../diagnostics/located.ts'
import type { Span } from '../diagnostics/span.ts'

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

/**
 * A document that is there, and that nobody can read. What it allows or denies is unknown, so that no claim about it passes;
 * where it is declared, the declared one takes its place.
 */
export interface UnknownDocument {
  /**
   * `not-json`: it isn't URL-encoded JSON. `not-a-policy`: it is JSON of another form than a policy's. `not-yet`: parts of it are
   * known only once it has been applied. `not-held`: what was read doesn't hold it. `sensitive`: it is marked as a secret. `not-all`:
   * beside it something that is no policy lets in others.
   */
  readonly unknown: 'not-json' | 'not-a-policy' | 'not-yet' | 'not-held' | 'sensitive' | 'not-all'
  /** As its target returned it: two of the same text say the same, whatever that is. */
  readonly text: string
  /** Where it is declared; null: it comes from a target. */
  readonly place: Span | null
  /** Statements that are known to be in it, whatever else is. */
  readonly known?: PlacedDocument
}

/** A document as an account has it. */
export type StateDocument = PlacedDocument | UnknownDocument

export const isUnknown = (document: StateDocument): document is UnknownDocument => 'unknown' in document

/** What a document says; null: it isn't known. */
export const jsonOf = (document: StateDocument): PolicyDocument | null =>
  isUnknown(document) ? null : document.json

const UNKNOWN_WORDS: Readonly<Record<UnknownDocument['unknown'], string>> = {
  'not-json': "it isn't JSON",
  'not-a-policy': "it isn't a policy document",
  'not-yet': 'it is known only once it has been applied',
  'not-held': 'what was read does not hold it',
  sensitive: 'it is marked as sensitive',
  'not-all': 'an ACL or a grant lets in others beside it',
}

/** Why it isn't known, as people read it. */
export const unknownWords = ({ unknown }: UnknownDocument): string => UNKNOWN_WORDS[unknown]
