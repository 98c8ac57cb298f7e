import type { AccessDiff } from '../access/access-diff.ts'
import type { Proof } from '../access/analysis.ts'
import type { EscalationReport } from '../access/escalation/escalation.ts'
import type { CheckResult } from '../checks/check-result.ts'
import type { SourceTexts } from '../diagnostics/index.ts'
import type { Grant } from '../evaluator/estate/who-can.ts'
import type { Account } from '../model/index.ts'
import type { AccessContext } from './access/access-page.ts'
import type { AdoptReport } from './adopt-report.ts'
import type { AuditedCall, AuditVerification } from './audit-report.ts'
import type { Backup, Restore } from './backup.ts'
import type { CommentReport } from './comment-report.ts'
import type { Answer } from './decisions/evaluation.ts'
import type { ProvedClaim } from './decisions/proof-text.ts'
import type { CountedNoun } from './declared-counts.ts'
import type { EnrolledDevice } from './enroll-report.ts'
import type { AppliedEntry } from './history.ts'
import type { ApplyReport } from './plans/apply-report.ts'
import type { AccessChanges, PreviewedPlan } from './plans/previewed-plan.ts'
import type { WeakenedSince } from './protections/weakened-since.ts'
import type { RevokeReport } from './revoke-report.ts'

/** An account of the project file. */
interface NamedAccount {
  readonly id: string
  readonly name: string
}

/** A commit, and whether files are otherwise than it has them; null: that isn't known. */
export interface PlannedCommit {
  readonly id: string
  readonly isDirty: boolean | null
}

/** What an account declares, counted. */
export interface DeclaredCounts {
  readonly account: NamedAccount
  readonly counts: readonly CountedNoun[]
}

/** Whose access two states of an account, or two policies, differ in. */
export interface ComparedAccess {
  /** null: policies were compared, whoever holds them. */
  readonly account: NamedAccount | null
  readonly diff: AccessDiff
  /** The same with what it takes to show it. */
  readonly changes: AccessChanges
  /** Texts of the state before, where they are others than those of the state after. */
  readonly earlier: SourceTexts | null
}

/** What tests and invariants of an account came to. */
export interface CheckedAccount extends NamedAccount {
  readonly results: readonly CheckResult[]
}

/** Ways to more power in one account. */
export interface AccountEscalations {
  readonly account: Account
  readonly name: string
  readonly report: EscalationReport
  readonly context: AccessContext
}

/**
 * What a command came to, as data. Each format is made of it, and of the diagnostics beside it, by itself: a command knows none
 * of them.
 */
export type Result =
  | { readonly type: 'init'; readonly created: readonly string[] }
  | { readonly type: 'validate'; readonly accounts: readonly DeclaredCounts[] }
  | {
      readonly type: 'plan'
      readonly plans: readonly PreviewedPlan[]
      /** Which commit is planned; absent: nobody asked, or there is none. */
      readonly commit?: PlannedCommit | null
      /** What no longer protects; null, or absent: that was compared with nothing. */
      readonly weakened?: WeakenedSince | null
    }
  | {
      readonly type: 'apply'
      readonly reports: readonly ApplyReport[]
      /** Whether the plans themselves spoke against it. */
      readonly isRefused: boolean
    }
  | ({ readonly type: 'adopt' } & AdoptReport)
  | ({ readonly type: 'revoke' } & RevokeReport)
  /** null: none was made. */
  | { readonly type: 'mfa enroll'; readonly device: EnrolledDevice | null }
  /** Of one save. `reports`: null where nothing is applied. */
  | {
      readonly type: 'watch'
      readonly plans: readonly PreviewedPlan[]
      readonly reports: readonly ApplyReport[] | null
    }
  | { readonly type: 'history'; readonly entries: readonly AppliedEntry[] }
  /** Newest first. */
  | { readonly type: 'audit list'; readonly calls: readonly AuditedCall[] }
  | { readonly type: 'audit verify'; readonly verification: AuditVerification }
  | { readonly type: 'backup'; readonly backup: Backup }
  /** null: nothing was restored. */
  | { readonly type: 'restore'; readonly restored: Restore | null }
  | {
      readonly type: 'evaluate'
      readonly answer: Answer
      /** Of whom names are said without their account; null: of nobody. */
      readonly account: Account | null
    }
  | {
      readonly type: 'who-can'
      readonly request: { readonly action: string; readonly resource: string }
      readonly grants: readonly Grant[]
      readonly account: Account | null
    }
  | {
      readonly type: 'who-can of a pattern'
      readonly pattern: { readonly action: string; readonly resource: string }
      readonly proof: Proof
      /** Principals whose own account isn't known, and has to allow it as well. */
      readonly outside: ReadonlySet<string>
      readonly context: AccessContext
    }
  | {
      readonly type: 'test'
      readonly results: readonly CheckResult[]
      /** The same by account. */
      readonly accounts: readonly CheckedAccount[]
    }
  | { readonly type: 'access diff'; readonly compared: readonly ComparedAccess[] }
  | {
      readonly type: 'access escalations'
      readonly accounts: readonly AccountEscalations[]
      /** Whom it was asked about, as it was written; null: everybody. */
      readonly from: string | null
    }
  | {
      readonly type: 'access check'
      readonly claims: readonly ProvedClaim[]
      /** All of them as one. */
      readonly together: Proof
      readonly context: AccessContext
    }
  /** `of`: what it was made of, for whoever reads the run. */
  | { readonly type: 'comment'; readonly comment: CommentReport; readonly of: readonly Result[] }
  | { readonly type: 'completion script'; readonly script: string }
  | { readonly type: 'completed words'; readonly words: readonly string[] }
  /** It ended before there was anything to say but its diagnostics. */
  | {
      readonly type: 'failed'
      /** The keys that the command's document has all the same. */
      readonly empty: object
    }

export type ResultType = Result['type']
export type ResultOf<T extends ResultType> = Extract<Result, { readonly type: T }>
