import type { PlacedDocument } from './policy-document.ts'

/**
 * An organization, as far as decisions need it. Facts only: nothing here is applied to a target.
 * @see AWS Organizations User Guide, "AWS Organizations terminology and concepts"
 */
export interface Organization {
  /** `o-` and 10 to 32 characters. */
  readonly id: string
  /** Its account id: service control policies don't bind its principals, resource control policies not its resources. */
  readonly managementAccount: string
  readonly root: OrganizationNode
}

/** The root, an organizational unit, or an account. */
export interface OrganizationNode {
  readonly kind: 'root' | 'organizationalUnit' | 'account'
  /** `r-…`, `ou-…`, or an account id; null: not written down, so no path that `aws:PrincipalOrgPaths` could show. */
  readonly id: string | null
  readonly name: string
  /** What stands at this node, full access included where it is attached. An empty list allows nothing. */
  readonly serviceControlPolicies: readonly OrganizationPolicy[]
  /** Without the full access policy, which stands everywhere and can't be detached. */
  readonly resourceControlPolicies: readonly OrganizationPolicy[]
  /** Units first, then accounts, each in the author's order. */
  readonly children: readonly OrganizationNode[]
}

export interface OrganizationPolicy {
  /** `FullAWSAccess`, or the name it is declared under. */
  readonly name: string
  readonly document: PlacedDocument
}
