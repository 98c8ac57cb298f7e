import { type AttributeChange, type UnmanagedPart, unmanagedOf } from '../../kinds/attributes/attribute.ts'
import {
  type AnyDesiredEntity,
  type AnyEntityState,
  type IgnoredGrant,
  isAwsOwnedPath,
  keysOf,
} from '../../model/index.ts'
import type { Grants } from '../grants/grant-change.ts'
import { grantChanges } from '../grants/grants.ts'
import type { Unmanaged } from '../plan.ts'
import { noteUnmanagedSettings } from '../plan-account-settings.ts'
import { desiredOf, entitiesOf, type Planning } from '../planning.ts'

/**
 * Grants on a declared principal that this project doesn't manage: they are left alone, and shown; but for those that
 * go because the plan deletes the policy or group itself.
 * @param besides what else may grant something
 * @returns whether there are any, shown or not
 */
export function noteUnmanagedGrants(
  planning: Planning,
  grants: Grants,
  ...besides: readonly AttributeChange[]
): boolean {
  if (grants.observed === null) return false
  return noteUnmanagedParts(planning, grants, [...grantChanges(grants), ...besides])
}

/**
 * What is there of an entity's attributes, grants something and is declared by nobody here.
 * @returns whether there is any, shown or not
 */
export function noteUnmanagedParts(
  planning: Planning,
  { kind, name, arn: of }: Pick<AnyDesiredEntity, 'kind' | 'name' | 'arn'>,
  changes: readonly AttributeChange[],
): boolean {
  const goes = ({ entity }: UnmanagedPart): boolean => {
    if (entity === null) return false
    const arn = entitiesOf(planning.observed, entity.kind).get(entity.id)?.arn ?? entity.id
    return planning.fates.get(arn) === 'delete'
  }
  const desired = desiredOf(planning.desired, kind).get(name) ?? null
  let isAnything = false
  for (const part of unmanagedOf(changes)) {
    if (part.grant === null) continue
    isAnything = true
    if (goes(part)) matching(planning, desired, part)
    else noteUnmanaged(planning, desired, part, { kind, name, arn: of, why: part.grant })
  }
  return isAnything
}

/** Tells something that is left alone, or why it isn't told for a while. */
export function noteUnmanaged(
  planning: Pick<Planning, 'unmanaged' | 'ignored' | 'matchedIgnores' | 'at'>,
  desired: Pick<AnyDesiredEntity, 'ignored'> | null,
  part: Pick<UnmanagedPart, 'key'>,
  told: Unmanaged,
): void {
  matching(planning, desired, part)
  const ignored = ignoredIn(desired?.ignored ?? [], part, planning)
  if (ignored === null) planning.unmanaged.push(told)
  else planning.ignored.push({ ...told, reason: ignored.reason, until: ignored.until })
}

/** What there is something of is not without a match, whatever becomes of that. */
function matching(
  { matchedIgnores }: Pick<Planning, 'matchedIgnores'>,
  desired: Pick<AnyDesiredEntity, 'ignored'> | null,
  { key }: Pick<UnmanagedPart, 'key'>,
): void {
  for (const each of desired?.ignored ?? []) if (each.key === key) matchedIgnores.add(each)
}

/** What exists and is neither declared nor deleted. What is of two kinds is one thing: declared as one, or said once. */
export function noteUnmanagedEntities(planning: Planning): void {
  const kinds = keysOf(planning.kinds)
  const ofAws = kinds.filter((kind) => planning.kinds[kind].facts.isOfAws === true)
  const told = new Set(
    ofAws.flatMap((kind) => [...desiredOf(planning.desired, kind).values()].map(({ arn }) => arn)),
  )
  for (const kind of kinds)
    for (const entity of planning.toLookAt[kind].undeclared)
      if (!planning.fates.has(entity.arn) && !(ofAws.includes(kind) || told.has(entity.arn)))
        planning.unmanaged.push({ kind, name: entity.name, arn: entity.arn, why: whyKept(entity) })
  noteUnmanagedSettings(planning)
}

const whyKept = (entity: AnyEntityState): string =>
  isAwsOwnedPath(entity.path) ? 'belongs to AWS' : 'is not declared, and outside the scope of deletions'

const DAY = 86_400_000

/** Why a part is ignored at this moment; null: it isn't. On its last day it is. */
export const ignoredIn = (
  ignored: readonly IgnoredGrant[],
  { key }: Pick<UnmanagedPart, 'key'>,
  { at }: Pick<Planning, 'at'>,
): IgnoredGrant | null =>
  ignored.find((each) => each.key === key && at !== undefined && at < toldAgainAt(each)) ?? null

/** When what is ignored is told again, in milliseconds. */
export const toldAgainAt = ({ until }: Pick<IgnoredGrant, 'until'>): number =>
  Date.parse(`${until}T00:00:00Z`) + DAY
