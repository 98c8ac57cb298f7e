import type {
  AccountState,
  Organization,
  OrganizationNode,
  OrganizationPolicy,
  PolicyDocument,
} from '../../model/index.ts'

/** Where an account stands in the organization. */
export interface Membership {
  /** From the root down to the account. */
  readonly path: readonly OrganizationNode[]
  /** Control policies bind neither its principals nor its resources. */
  readonly isManagement: boolean
  /** As `aws:PrincipalOrgPaths` shows it; null: some id isn't known. */
  readonly orgPath: string | null
}

/** Every account of an organization, by id. */
export function membershipsOf(organization: Organization | null): ReadonlyMap<string, Membership> {
  const memberships = new Map<string, Membership>()
  if (organization === null) return memberships
  const walk = (node: OrganizationNode, above: readonly OrganizationNode[]): void => {
    const path = [...above, node]
    if (node.kind === 'account' && node.id !== null)
      memberships.set(node.id, {
        path,
        isManagement: node.id === organization.managementAccount,
        orgPath: orgPathOf(organization.id, above),
      })
    for (const child of node.children) walk(child, path)
  }
  walk(organization.root, [])
  return memberships
}

/** @see IAM User Guide, "AWS global condition context keys": aws:PrincipalOrgPaths */
function orgPathOf(id: string, above: readonly OrganizationNode[]): string | null {
  const ids = above.map((node) => node.id)
  return ids.includes(null) ? null : `${[id, ...ids].join('/')}/`
}

/** @see AWS Organizations User Guide, "Resource control policies": RCPFullAWSAccess */
const RCP_FULL_ACCESS: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
}
const RCP_FULL_AWS_ACCESS: OrganizationPolicy = {
  name: 'RCPFullAWSAccess',
  document: { json: RCP_FULL_ACCESS, located: null },
}

/** What must allow the requests of an account's principals, level by level. */
export const serviceControlLevels = (
  membership: Membership | undefined,
): readonly (readonly OrganizationPolicy[])[] =>
  membership === undefined || membership.isManagement
    ? []
    : membership.path.map(({ serviceControlPolicies }) => serviceControlPolicies)

/**
 * What must allow the requests for an account's resources, level by level.
 * @param known of the account, where no organization says it
 */
export const resourceControlLevels = (
  membership: Membership | undefined,
  known: Pick<AccountState, 'resourceControls'> | undefined,
): readonly (readonly OrganizationPolicy[])[] => {
  const levels =
    membership === undefined
      ? (known?.resourceControls ?? [])
      : membership.isManagement
        ? []
        : membership.path.map(({ resourceControlPolicies }) => resourceControlPolicies)
  return levels.map((level) => [RCP_FULL_AWS_ACCESS, ...level])
}
