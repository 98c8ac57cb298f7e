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
  /** When it was made, in milliseconds. Absent: nobody asks. */
  readonly created?: number
  /** When it was last used; null: never, as far as the account knows. Absent: nobody asks. */
  readonly lastUsed?: number | null
  /** Which of several varieties it is of, none of which stands in for another: a service. Absent: there is one. */
  readonly variety?: string
  /** When it can't be used any more, in milliseconds, unless somebody puts it out of use before. Absent: no time ends it. */
  readonly expires?: number
  /** What of it is public and would be declared: its body. Absent: nobody asks, or there is none. */
  readonly body?: string
  /** Whether it has ended, and nobody knows when. */
  readonly isExpired?: true
}

/** How long one is in use before another takes its place; in milliseconds. */
export interface Rotation {
  /** null: it is never made anew. */
  readonly after: number | null
  /** How long the one before is left in use once somebody was given the new one. */
  readonly grace: number
}

/**
 * What the journal keeps of a credential whose secret AWS tells once: which of its author's names it has, and whether the secret
 * arrived. Written down before the call that makes it, again before the secret is handed over, and once it was.
 */
export interface CredentialNote {
  readonly kind: string
  /** The name of whose it is. */
  readonly parent: string
  readonly name: string
  /** What AWS calls it; null: the call was begun, and what came of it isn't known. */
  readonly id: string | null
  /** Ids of those that were there when the call was begun. */
  readonly others: readonly string[]
  /** When that was, in milliseconds; null: no call was. */
  readonly begun: number | null
  /** When its secret had been handed over, in milliseconds; null: nobody is known to have it. */
  readonly delivered: number | null
}

/** One that is declared. */
export interface DesiredChild {
  /** Its author's own: the account never hears of it. */
  readonly name: string
  /** As `ChildState` has it once it is there: the journal keeps it. */
  readonly identity: string
  /** Absent in YAML means active. */
  readonly status: CredentialStatus
  /** Absent: it is never made anew. */
  readonly rotation?: Rotation
  /** As `ChildState` has it. */
  readonly variety?: string
  /** The name where it is declared. */
  readonly span: Span
}

/**
 * By kind, then by name, what an entity declares to be named under it. A kind that is absent is not managed here; one of which
 * there is none: there are to be none.
 */
export type DeclaredChildren = ReadonlyMap<string, ReadonlyMap<string, DesiredChild>>
