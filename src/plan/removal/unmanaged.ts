import { type UnmanagedPart, unmanagedOf } from '../../kinds/attributes/attribute.ts'
import { type AnyEntityState, isAwsOwnedPath, keysOf } from '../../model/index.ts'
import type { Grants } from '../grants/grant-change.ts'
import { grantChanges } from '../grants/grants.ts'
import { noteUnmanagedSettings } from '../plan-account-settings.ts'
import { entitiesOf, type Planning } from '../planning.ts'

/**
 * Grants on a declared principal that this project doesn't manage: they are left alone, and shown; but for those that
 * go because the plan deletes the policy or group itself.
 * @returns whether there are any, shown or not
 */
export function noteUnmanagedGrants(planning: Planning, grants: Grants): boolean {
  const { kind, name, observed } = grants
  if (observed === null) return false
  const goes = ({ entity }: UnmanagedPart): boolean => {
    if (entity === null) return false
    const arn = entitiesOf(planning.observed, entity.kind).get(entity.id)?.arn ?? entity.id
    return planning.fates.get(arn) === 'delete'
  }
  let isAnything = false
  for (const part of unmanagedOf(grantChanges(grants))) {
    if (part.grant === null) continue
    isAnything = true
    if (!goes(part)) planning.unmanaged.push({ kind, name, arn: grants.arn, why: part.grant })
  }
  return isAnything
}

/** What exists and is neither declared nor deleted. */
export function noteUnmanagedEntities(planning: Planning): void {
  for (const kind of keysOf(planning.kinds))
    for (const entity of planning.toLookAt[kind].undeclared)
      if (!planning.fates.has(entity.arn))
        planning.unmanaged.push({ kind, name: entity.name, arn: entity.arn, why: whyKept(entity) })
  noteUnmanagedSettings(planning)
}

const whyKept = (entity: AnyEntityState): string =>
  isAwsOwnedPath(entity.path) ? 'belongs to AWS' : 'is not declared, and outside the scope of deletions'
