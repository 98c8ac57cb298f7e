import { DEFAULT_MAX_SESSION_DURATION } from '../../model/index.ts'
import { given, type Listed, observedInline, observedTags, policyArns } from '../../reconcile/api-values.ts'
import type { DocumentReader } from '../../reconcile/document-reader.ts'
import { fromDetails } from '../../reconcile/observe-kind.ts'
import { eachPage } from '../../reconcile/pages.ts'
import type { RoleReads, RoleState } from './kind.ts'

/** The details lack description and session duration, the listing lacks boundary and tags. */
export const role = fromDetails(
  'Role',
  (page, documents) => (page.RoleDetailList ?? []).map((detail) => detailedOf(detail, documents)),
  async (roles, reader) => {
    const listed = new Map<string | undefined, RoleListing>()
    await eachPage(
      (page) => reader.read('ListRoles', page),
      ({ Roles = [] }) => {
        for (const each of Roles) listed.set(each.RoleName, each)
      },
    )
    return roles.flatMap((detailed) => {
      const listing = listed.get(detailed.name)
      return listing === undefined ? [] : [stateOf(detailed, listing)]
    })
  },
)

type RoleListing = NonNullable<RoleReads['ListRoles']['output']['Roles']>[number]

type DetailedRole = Omit<RoleState, 'description' | 'maxSessionDuration'>

const detailedOf = (detail: Listed<'RoleDetailList'>, documents: DocumentReader): DetailedRole => ({
  kind: 'role',
  name: given(detail.RoleName),
  path: given(detail.Path),
  arn: given(detail.Arn),
  trustPolicy: documents.read(given(detail.AssumeRolePolicyDocument)),
  managedPolicies: policyArns(detail.AttachedManagedPolicies),
  inlinePolicies: observedInline(detail.RolePolicyList, documents),
  permissionsBoundary: detail.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  tags: observedTags(detail.Tags),
})

/** The fields in the order that digests of plans have them in. */
const stateOf = (role: DetailedRole, listing: RoleListing): RoleState => ({
  kind: 'role',
  name: role.name,
  path: role.path,
  arn: role.arn,
  description: listing.Description ?? '',
  maxSessionDuration: listing.MaxSessionDuration ?? DEFAULT_MAX_SESSION_DURATION,
  trustPolicy: role.trustPolicy,
  managedPolicies: role.managedPolicies,
  inlinePolicies: role.inlinePolicies,
  permissionsBoundary: role.permissionsBoundary,
  tags: role.tags,
})
