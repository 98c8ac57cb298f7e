import { DEFAULT_MAX_SESSION_DURATION } from '../../model/index.ts'
import { given, type Listed, observedInline, observedTags, policyArns } from '../../reconcile/api-values.ts'
import type { DocumentReader } from '../../reconcile/document-reader.ts'
import type { EntityObservation } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import type { RoleReads, RoleState } from './kind.ts'

/** The details lack description and session duration, the listing lacks boundary and tags. */
export const role: EntityObservation<RoleState> = {
  filter: 'Role',
  read: async ({ reader, details, documents }) => {
    const pages = await readPages((page) => reader.read('ListRoles', page))
    const listed = new Map<string | undefined, RoleListing>(
      pages.flatMap((page) => (page.Roles ?? []).map((each) => [each.RoleName, each] as const)),
    )
    return details.flatMap((page) =>
      (page.RoleDetailList ?? []).flatMap((detail) => {
        const listing = listed.get(detail.RoleName)
        return listing === undefined ? [] : [stateOf(detail, listing, documents)]
      }),
    )
  },
}

type RoleListing = NonNullable<RoleReads['ListRoles']['output']['Roles']>[number]

const stateOf = (
  detail: Listed<'RoleDetailList'>,
  listing: RoleListing,
  documents: DocumentReader,
): RoleState => ({
  kind: 'role',
  name: given(detail.RoleName),
  path: given(detail.Path),
  arn: given(detail.Arn),
  description: listing.Description ?? '',
  maxSessionDuration: listing.MaxSessionDuration ?? DEFAULT_MAX_SESSION_DURATION,
  trustPolicy: documents.read(given(detail.AssumeRolePolicyDocument)),
  managedPolicies: policyArns(detail.AttachedManagedPolicies),
  inlinePolicies: observedInline(detail.RolePolicyList, documents),
  permissionsBoundary: detail.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  tags: observedTags(detail.Tags),
})
