import type { AccessLevel } from '../../catalog/actions.ts'
import type { Style } from '../layout/paint.ts'
import type { PlannedCommit } from '../result.ts'

/**
 * What a reviewer reads of a result, in the order in which it is read, and as plain data: every format for reviewers is made of it,
 * and of nothing else. Texts are as `report` has them for a terminal without colour: words of ours with names that others chose among
 * them, on one line, without control characters. Each format escapes all of them.
 */
export interface Review {
  readonly verdict: ReviewVerdict
  /** Of which commit it is; null: that isn't known. */
  readonly commit: PlannedCommit | null
  /** What it was made of: each account of a plan; empty: nothing that has a digest. */
  readonly heads: readonly ReviewHead[]
  /** None without entries; the dangerous ones first, those that may be folded last. */
  readonly sections: readonly ReviewSection[]
}

/**
 * `gain`, `loses`: principals with a gain, or loss, of tier `typed`. `deletes`: entities that are deleted or replaced. `without effect`:
 * changed entities of which no such gain or loss comes, and nothing that isn't known. `weakened`: tests, invariants and limits that
 * no longer protect what they did. `credentials`: those that are made, or put in or out of use: whoever holds one acts as whose it is.
 * `unknown`: principals.
 */
export type VerdictCount =
  | 'gain'
  | 'loses'
  | 'deletes'
  | 'weakened'
  | 'credentials'
  | 'without effect'
  | 'unknown'
  | 'escalations'
  | 'fail'
  | 'hold'
  | 'undecided'
  | 'pass'

export interface ReviewVerdict {
  /**
   * `danger`: somebody gains something, or something fails, is refused or has an error. `caution`: somebody loses something, something
   * is deleted, no longer protects, isn't known, or is a credential. `quiet`: none of it.
   */
  readonly level: 'danger' | 'caution' | 'quiet'
  /** In the order in which they are said; none of them 0. */
  readonly counts: readonly (readonly [count: number, of: VerdictCount])[]
  /** What is said where none is: `no changes`. */
  readonly otherwise: string
  /** What else speaks against it, each in a few words: `the guard refuses`. */
  readonly objections: readonly string[]
}

/** An account whose plan it is, or whose access it is about. */
export interface ReviewHead {
  readonly account: ReviewAccount
  /** Of the plan; null: nothing is planned, two states are compared. */
  readonly digest: string | null
  /** What the plan was made against; null: the target, which was read. */
  readonly against: { readonly ref: string; readonly commit: string } | null
}

export interface ReviewAccount {
  readonly id: string
  readonly name: string
}

export type SectionName =
  /** Problems that ended a part of it. */
  | 'errors'
  /** Who comes to which power, and whom or what it leads to. */
  | 'escalations'
  /** Who outside of the account gains something: anybody, other accounts, federated identities. */
  | 'outside'
  /** Tests, invariants and limits that are gone, or say less than they did. */
  | 'weakened'
  /** Whose access isn't known. */
  | 'unknown'
  | 'gains'
  | 'losses'
  /** With what dies with them. */
  | 'deletes'
  /** The guard's refusals, tests, invariants and checks that don't hold. */
  | 'failures'
  /** What decides nothing: gains and losses by patterns that no known type of resource matches, or of actions to come. */
  | 'undeciding'
  /** By file, statement by statement. */
  | 'changes'
  /** Counts, what is left alone, warnings. */
  | 'machine'

export interface ReviewSection {
  readonly name: SectionName
  /** `escalations`; of one that may be folded what stands on its line. */
  readonly title: string
  /** Whether it may be folded: nothing in it is dangerous. */
  readonly mayFold: boolean
  /** The most dangerous first. */
  readonly entries: readonly ReviewEntry[]
}

export interface ReviewEntry {
  /** What it does, and the style that a terminal has for it: `+` and `added`, `-` and `removed`. */
  readonly sign: string
  readonly style: Style
  /** Whose it is, where there are several accounts, or it is of interest; null: nobody's. */
  readonly account: ReviewAccount | null
  /** Whom or what it is about: `user/alice`, `group/dev (12 members)`; of changes what changes. */
  readonly who: string
  /** All of it in so few words that they fit on a line or two. */
  readonly short: string
  /** All there is to say, without what `who` says; each a line, what belongs below another one further in. Empty: `short` is all. */
  readonly lines: readonly string[]
  /** Entries of a section that share both are one where there is no room for all of them. */
  readonly merge: { readonly rule: string; readonly target: string }
  /** As findings call them. */
  readonly principals: readonly string[]
  /** What stands before the colon of actions, sorted. */
  readonly services: readonly string[]
  /** The most powerful first. */
  readonly levels: readonly AccessLevel[]
  /** Of an escalation, how much a reviewer should care. */
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | null
  /** Where it is declared; line from 1. null: in no file. */
  readonly place: { readonly file: string; readonly line: number } | null
  /** How many it stands for: equal changes are one entry. */
  readonly count: number
}
