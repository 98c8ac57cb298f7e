import { type AnyEntityState, ENTITY_KINDS, isAwsOwnedPath, rootArn } from '../model/index.ts'
import type { Grants } from './grant-change.ts'
import { sortedByName } from './name-order.ts'
import { desiredOf, entitiesOf, type Planning } from './planning.ts'

/**
 * Grants on a declared principal that this project doesn't manage: they are left alone, and shown; but for those that
 * go because the plan deletes the policy or group itself.
 * @returns whether there are any, shown or not
 */
export function noteUnmanagedGrants(planning: Planning, grants: Grants): boolean {
  const { kind, name, observed } = grants
  if (observed === null) return false
  const goes = (arn: string | undefined) => arn !== undefined && planning.fates.get(arn) === 'delete'
  const note = (why: string) => planning.unmanaged.push({ kind, name, arn: grants.arn, why })
  const unmanagedBoundary =
    grants.desired.kind !== 'group' &&
    grants.desired.permissionsBoundary === undefined &&
    grants.boundaryAfter !== null
  for (const group of grants.groups.unmanaged)
    if (!goes(planning.observed.entities.group.get(group)?.arn))
      note(`is a member of group ${group}: \`groups\` is not declared`)
  for (const arn of grants.managed.unmanaged)
    if (!goes(arn)) note(`holds ${arn}: \`managedPolicies\` is not declared`)
  for (const policy of grants.inlineUnmanaged)
    note(`has the inline policy ${policy}: \`inlinePolicies\` is not declared`)
  if (unmanagedBoundary)
    note(`is bounded by ${grants.boundaryAfter}: \`permissionsBoundary\` is not declared`)
  return (
    unmanagedBoundary ||
    grants.groups.unmanaged.length + grants.managed.unmanaged.length + grants.inlineUnmanaged.length > 0
  )
}

/** What exists and is neither declared nor deleted. */
export function noteUnmanagedEntities(planning: Planning): void {
  const { desired, observed, declaredBefore } = planning
  for (const kind of ENTITY_KINDS)
    for (const entity of sortedByName(entitiesOf(observed, kind)))
      if (!desiredOf(desired, kind).has(entity.name) && !planning.fates.has(entity.arn))
        planning.unmanaged.push({ kind, name: entity.name, arn: entity.arn, why: whyKept(entity) })
  const arn = rootArn(observed.account)
  if (
    observed.settings.passwordPolicy !== null &&
    desired.settings.passwordPolicy === undefined &&
    !('passwordPolicy' in declaredBefore)
  )
    planning.unmanaged.push({
      kind: 'passwordPolicy',
      name: observed.account.id,
      arn,
      why: 'is not declared',
    })
  if (
    observed.settings.accountAlias !== null &&
    desired.settings.accountAlias === undefined &&
    !('accountAlias' in declaredBefore)
  )
    planning.unmanaged.push({
      kind: 'accountAlias',
      name: observed.settings.accountAlias,
      arn,
      why: 'is not declared',
    })
}

const whyKept = (entity: AnyEntityState): string =>
  isAwsOwnedPath(entity.path) ? 'belongs to AWS' : 'is not declared, and outside the scope of deletions'
