import { type AnyDesiredEntity, type Declarations, entityRef } from '../model/index.ts'
import type { DesiredState } from './desired.ts'

/** The one member of an attribute that is not a list or map. */
const WHOLE: readonly string[] = ['*']

/**
 * What a state declares, by entity (`user/alice`, `passwordPolicy`, `accountAlias`): what a later apply removes
 * once it is no longer declared. An attribute declared to be none has no members: there is nothing to remove.
 */
export function declarationsOf(desired: DesiredState): Declarations {
  const declared: Record<string, Record<string, readonly string[]>> = {}
  for (const entities of [
    desired.entities.user,
    desired.entities.group,
    desired.entities.role,
    desired.entities.policy,
  ])
    for (const entity of entities.values())
      declared[entityRef(entity.kind, entity.name)] = attributesOf(entity)
  if ((desired.settings.passwordPolicy?.value ?? null) !== null) declared.passwordPolicy = {}
  if ((desired.settings.accountAlias?.value ?? null) !== null) declared.accountAlias = {}
  return declared
}

function attributesOf(entity: AnyDesiredEntity): Record<string, readonly string[]> {
  const attributes: Record<string, readonly string[]> = {}
  if ('groups' in entity && entity.groups !== undefined) attributes.groups = entity.groups
  if ('managedPolicies' in entity && entity.managedPolicies !== undefined)
    attributes.managedPolicies = entity.managedPolicies
  if ('inlinePolicies' in entity && entity.inlinePolicies !== undefined)
    attributes.inlinePolicies = [...entity.inlinePolicies.keys()]
  if ('tags' in entity && entity.tags !== undefined) attributes.tags = [...entity.tags.keys()]
  if ('description' in entity && (entity.description ?? null) !== null) attributes.description = WHOLE
  if ('maxSessionDuration' in entity && entity.maxSessionDuration !== undefined)
    attributes.maxSessionDuration = WHOLE
  if ('permissionsBoundary' in entity && (entity.permissionsBoundary ?? null) !== null)
    attributes.permissionsBoundary = WHOLE
  return attributes
}
