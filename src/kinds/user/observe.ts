import { given, type Listed, observedInline, observedTags, policyArns } from '../../reconcile/api-values.ts'
import type { DocumentReader } from '../../reconcile/document-reader.ts'
import { fromDetails } from '../../reconcile/observe-kind.ts'
import type { UserState } from './kind.ts'

export const user = fromDetails(
  'User',
  (page, documents) => (page.UserDetailList ?? []).map((detail) => stateOf(detail, documents)),
  async (states) => states,
)

const stateOf = (detail: Listed<'UserDetailList'>, documents: DocumentReader): UserState => ({
  kind: 'user',
  name: given(detail.UserName),
  path: given(detail.Path),
  arn: given(detail.Arn),
  groups: detail.GroupList ?? [],
  managedPolicies: policyArns(detail.AttachedManagedPolicies),
  inlinePolicies: observedInline(detail.UserPolicyList, documents),
  permissionsBoundary: detail.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  tags: observedTags(detail.Tags),
})
