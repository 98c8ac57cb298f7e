import type { DesiredState, Guard, Scopes } from '../manifest/desired.ts'
import type {
  AccountState,
  AnyDesiredEntity,
  AnyEntityState,
  CredentialNote,
  Declarations,
  Facts,
  PolicyDocument,
} from '../model/index.ts'
import type { Quotas } from '../model/quotas.ts'
import type { FactChange } from './plan.ts'
import type { OtherAccounts } from './principals/other-accounts.ts'

export interface PlanInput {
  readonly desired: DesiredState
  readonly observed: AccountState
  /** What earlier applies declared; see `Declarations` in the target's ports. */
  readonly declaredBefore: Declarations
  readonly scopes: Scopes
  readonly guard: Guard
  readonly quotas: Quotas
  /** What the journal knows of credentials that have no name in the account. Absent: nothing. */
  readonly credentials?: readonly CredentialNote[]
  /** The moment that the plan is made for, in milliseconds. Absent: no time passes. */
  readonly at?: number
  /** The other accounts of the project. Absent: nothing is known of any. */
  readonly others?: OtherAccounts
  /** What is different in the facts since they were recorded. */
  readonly facts?: readonly FactChange[]
  /** Of the account's users and roles, by ARN. Absent: they were not asked for. */
  readonly uniqueIds?: ReadonlyMap<string, string>
  /** By unique id the ARN that a user or role had. Absent: nobody took note of any. */
  readonly formerNames?: ReadonlyMap<string, string>
  /** Of the project, by ARN, with their own policies. Absent: none are declared. */
  readonly resources?: Facts['resources']
  /** The text of one of AWS's own policies; null: it isn't known. Absent: none is. */
  readonly awsDocument?: (arn: string) => PolicyDocument | null
  /** The ARN of whoever would carry the plan out, as the target says. Absent: it says nobody. */
  readonly caller?: string
  /** Whether somebody has said that a plan may let somebody do more for a few calls. */
  readonly allowBrieflyWider?: boolean
}

/** What becomes of an entity that exists. */
export type Fate = 'keep' | 'delete' | 'replace'

/** By what is observed, the declaration that it was found to be as: comparing the two again would find nothing to do or to say. */
export type Settled = Map<AnyEntityState, AnyDesiredEntity>

/** Of one kind, what a plan has to look at; both in the order of names. */
export interface ToLookAt {
  /** What is declared and isn't settled. */
  readonly unsettled: readonly AnyDesiredEntity[]
  /** What exists and isn't declared. */
  readonly undeclared: readonly AnyEntityState[]
}
