import type { QuotaName } from '../../model/quotas.ts'
import type { StepCall } from '../../model/step.ts'

/** Whom a call is about. */
export interface CallSubject {
  readonly name: string
  readonly arn: string
}

/** The calls that give an entity policies or take them away, by its name, and how much of them it may have. */
export interface GrantCalls {
  readonly attach: (name: string, arn: string) => StepCall
  readonly detach: (name: string, arn: string) => StepCall
  readonly putInline: (name: string, policy: string, document: string) => StepCall
  readonly deleteInline: (name: string, policy: string) => StepCall
  readonly managedPolicies: QuotaName
  readonly inlinePolicySize: QuotaName
}

export interface BoundaryCalls {
  readonly put: (name: string, arn: string) => StepCall
  readonly delete: (name: string) => StepCall
}

export interface MembershipCalls {
  readonly join: (name: string, group: string) => StepCall
  readonly leave: (name: string, group: string) => StepCall
}

interface Tag {
  readonly Key: string
  readonly Value: string
}

export interface TagCalls {
  readonly tag: (entity: CallSubject, tags: Tag[]) => StepCall
  readonly untag: (entity: CallSubject, keys: string[]) => StepCall
}

export const tagsAsList = (tags: Iterable<readonly [string, string]>): Tag[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }))
