import type { ManagedPolicyFacts } from '../../catalog/managed-policies.ts'
import type { AccountFacts } from '../../evaluator/estate/account-policies.ts'

/** What decisions go by, beside the estate. */
export const decisionFacts = (
  { facts }: { readonly facts: ManagedPolicyFacts },
  now: Date,
): AccountFacts => ({
  documentOf: facts.document,
  now,
  // The catalogue takes a moment to load, and few projects declare tagged resources.
  openTagKeys: async () => (await import('../../catalog/resource-tag-keys.ts')).loadTagKeys(),
})
