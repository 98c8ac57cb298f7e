import type { Span } from '../diagnostics/span.ts'

/** Of a credential that isn't active nobody can make use. */
export type CredentialStatus = 'active' | 'inactive'

/**
 * What an account has under one of its entities, as far as a plan asks: no name, since AWS keeps none.
 */
export interface ChildState {
  /** What AWS calls it, and calls about it go by: `APKA…`. */
  readonly id: string
  /** What shows which it is: of what is declared with the same. Of one parent no two are alike in it. */
  readonly identity: string
  readonly status: CredentialStatus
}

/** One that is declared. */
export interface DesiredChild {
  /** Its author's own: the account never hears of it. */
  readonly name: string
  /** As `ChildState` has it once it is there: the journal keeps it. */
  readonly identity: string
  /** Absent in YAML means active. */
  readonly status: CredentialStatus
  /** The name where it is declared. */
  readonly span: Span
}

/**
 * By kind, then by name, what an entity declares to be named under it. A kind that is absent is not managed here; one of which
 * there is none: there are to be none.
 */
export type DeclaredChildren = ReadonlyMap<string, ReadonlyMap<string, DesiredChild>>
