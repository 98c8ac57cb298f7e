import type { EstateDraft } from '../estate-draft.ts'
import type { PlanAccounts } from './plan-accounts.ts'
import type { PlanDocuments } from './plan-documents.ts'
import type { PlanNames } from './plan-names.ts'
import type { ReferredInstances } from './referred.ts'
import type { PlanSide } from './sides.ts'

/** What reading one side of a plan goes by. */
export interface PlanContext {
  /** As the user named it. */
  readonly file: string
  readonly side: PlanSide
  readonly draft: EstateDraft
  readonly accounts: PlanAccounts
  readonly referred: ReferredInstances
  readonly names: PlanNames
  readonly documents: PlanDocuments
  /**
   * What was attached by resources of their own before the plan: keys of `grantKey`. What the provider has read of a role shows
   * these too, and still does in a plan that takes them away.
   */
  readonly earlier: ReadonlySet<string>
  /** Collects the same of this side. */
  readonly separate: Set<string>
  /** Collects the ARNs of policies that are only looked up. */
  readonly lookedUp: Set<string>
}

/** @param holder `111122223333 role/deploy`, or the ARN of a resource. @param what an ARN, the name of an inline policy, or `policy` */
export const grantKey = (holder: string, what: string): string => `${holder} ${what}`
