import { given, type Listed, observedInline, policyArns } from '../../reconcile/api-values.ts'
import type { DocumentReader } from '../../reconcile/document-reader.ts'
import { fromDetails } from '../../reconcile/observe-kind.ts'
import type { GroupState } from './kind.ts'

export const group = fromDetails(
  'Group',
  (page, documents) => (page.GroupDetailList ?? []).map((detail) => stateOf(detail, documents)),
  async (states) => states,
)

const stateOf = (detail: Listed<'GroupDetailList'>, documents: DocumentReader): GroupState => ({
  kind: 'group',
  name: given(detail.GroupName),
  path: given(detail.Path),
  arn: given(detail.Arn),
  managedPolicies: policyArns(detail.AttachedManagedPolicies),
  inlinePolicies: observedInline(detail.GroupPolicyList, documents),
})
