import type { WriteOperations } from '../../model/operations.ts'
import type { QuotaName } from '../../model/quotas.ts'
import type { StepCall } from '../../model/step.ts'

/** Whom a call is about. */
export interface CallSubject {
  readonly name: string
  readonly arn: string
}

/** The calls that give an entity policies or take them away, by its name, and how much of them it may have. */
export interface GrantCalls<W = WriteOperations> {
  readonly attach: (name: string, arn: string) => StepCall<W>
  readonly detach: (name: string, arn: string) => StepCall<W>
  readonly putInline: (name: string, policy: string, document: string) => StepCall<W>
  readonly deleteInline: (name: string, policy: string) => StepCall<W>
  readonly managedPolicies: QuotaName
  readonly inlinePolicySize: QuotaName
}

export interface BoundaryCalls<W = WriteOperations> {
  readonly put: (name: string, arn: string) => StepCall<W>
  readonly delete: (name: string) => StepCall<W>
}

export interface MembershipCalls<W = WriteOperations> {
  readonly join: (name: string, group: string) => StepCall<W>
  readonly leave: (name: string, group: string) => StepCall<W>
}

interface Tag {
  readonly Key: string
  readonly Value: string
}

export interface TagCalls<W = WriteOperations> {
  readonly tag: (entity: CallSubject, tags: Tag[]) => StepCall<W>
  readonly untag: (entity: CallSubject, keys: string[]) => StepCall<W>
}

export const tagsAsList = (tags: Iterable<readonly [string, string]>): Tag[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }))
