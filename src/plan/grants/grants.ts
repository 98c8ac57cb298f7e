import type { AttributeChange } from '../../kinds/attributes/attribute.ts'
import { inlinePolicies, managedPolicies, permissionsBoundary } from '../../kinds/attributes/grants.ts'
import { tags } from '../../kinds/attributes/tags.ts'
import { USER_ATTRIBUTES } from '../../kinds/user/manifest.ts'
import type { Detail } from '../../model/detail.ts'
import { type DesiredIdentity, type IdentityState, isIdentity, isPrincipalEntity } from '../../model/index.ts'
import { changeKey, desiredOf, type Planning } from '../planning.ts'
import { declaredAttributes } from '../removal/ownership.ts'
import type { Grants } from './grant-change.ts'

/** Compares what an entity is granted with what it should be. */
export function compareGrants(
  planning: Planning,
  observed: IdentityState | null,
  desired: DesiredIdentity,
): Grants {
  const known = observed === null ? undefined : planning.compared.get(observed)
  if (known !== undefined) return known
  const grants = compare(planning, observed, desired)
  if (observed !== null) planning.compared.set(observed, grants)
  return grants
}

/** The same for what exists; null: it is not declared here. */
export function grantsOfHolder(planning: Planning, holder: IdentityState): Grants | null {
  const desired = desiredOf(planning.desired, holder.kind).get(holder.name)
  return desired === undefined || !isIdentity(desired) ? null : compareGrants(planning, holder, desired)
}

function compare(
  { declaredBefore, observed: { account } }: Planning,
  observed: IdentityState | null,
  desired: DesiredIdentity,
): Grants {
  const before = declaredAttributes(declaredBefore, desired)
  const bounded = isPrincipalEntity(desired) ? desired : NOTHING_DECLARED
  const held = observed !== null && isPrincipalEntity(observed) ? observed : NOTHING_HELD
  return {
    kind: desired.kind,
    name: desired.name,
    arn: desired.arn,
    key: changeKey(desired.kind, desired.arn),
    observed,
    desired,
    groups: USER_ATTRIBUTES.groups.compare(
      observed !== null && 'groups' in observed ? observed : NOTHING_HELD,
      desired,
      before.groups,
      account,
    ),
    managed: managedPolicies.compare(observed, desired, before.managedPolicies, account),
    inline: inlinePolicies.compare(observed, desired, before.inlinePolicies, account),
    boundary: permissionsBoundary.compare(held, bounded, before.permissionsBoundary, account),
    tags: tags.compare(held, bounded, before.tags, account),
  }
}

/** Of kinds that can't have some of it: a group has neither groups, boundary nor tags. */
const NOTHING_DECLARED = {}
const NOTHING_HELD = { groups: [], permissionsBoundary: null, tags: new Map() } as const

/** In the order in which a reviewer reads them. */
export const grantChanges = (grants: Grants): readonly AttributeChange[] => [
  grants.groups,
  grants.managed,
  grants.boundary,
  grants.inline,
  grants.tags,
]

/** What a reviewer reads of the grants. */
export function grantDetails(grants: Grants): readonly Detail[] {
  const details: Detail[] = []
  for (const change of grantChanges(grants)) for (const detail of change.details()) details.push(detail)
  return details
}
