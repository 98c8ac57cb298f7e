import type { Estate, Organization, OrganizationNode, OrganizationPolicy } from '../../model/index.ts'

/** @see AWS Organizations User Guide, "Service control policies": FullAWSAccess */
const FULL_ACCESS: OrganizationPolicy = {
  name: 'FullAWSAccess',
  document: {
    json: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    located: null,
  },
}

/**
 * Two states of an estate, of which both or neither have an organization. Where only one declares it, accounts are taken to
 * belong to it in the other as well, with no control policy that anybody knows of: to write an organization down changes
 * nobody's access.
 */
export function withKnownOrganization(
  before: Estate,
  after: Estate,
): readonly [before: Estate, after: Estate] {
  const { organization: old } = before
  const { organization: now } = after
  if (old === null && now !== null) return [{ ...before, organization: uncontrolled(now) }, after]
  if (old !== null && now === null) return [before, { ...after, organization: uncontrolled(old) }]
  return [before, after]
}

const known = new WeakMap<Organization, Organization>()

/** The same tree without control policies. The same object for the same organization. */
function uncontrolled(organization: Organization): Organization {
  let tree = known.get(organization)
  if (tree === undefined) {
    tree = { ...organization, root: bare(organization.root) }
    known.set(organization, tree)
  }
  return tree
}

const bare = (node: OrganizationNode): OrganizationNode => ({
  ...node,
  serviceControlPolicies: [FULL_ACCESS],
  resourceControlPolicies: [],
  children: node.children.map(bare),
})
