import { settingMembers } from '../kinds/attributes/setting.ts'
import { MANIFEST_KINDS } from '../kinds/manifest.ts'
import { type Declarations, ENTITY_KINDS, type EntityKind, entityRef, type Members } from '../model/index.ts'
import type { DesiredState } from './desired.ts'

/**
 * What a state declares, by entity (`user/alice`, `passwordPolicy`, `accountAlias`): what a later apply removes
 * once it is no longer declared. An attribute declared to be none has no members: there is nothing to remove.
 */
export function declarationsOf(desired: DesiredState): Declarations {
  const declared: Record<string, Readonly<Record<string, Members>>> = {}
  for (const kind of ENTITY_KINDS) addEntities(kind, desired, declared)
  const { passwordPolicy, accountAlias } = desired.settings
  if (passwordPolicy?.value != null) declared.passwordPolicy = settingMembers(passwordPolicy.value)
  if (accountAlias?.value != null) declared.accountAlias = settingMembers(accountAlias.value)
  return declared
}

function addEntities<K extends EntityKind>(
  kind: K,
  desired: DesiredState,
  declared: Record<string, Readonly<Record<string, Members>>>,
): void {
  const { attributes } = MANIFEST_KINDS[kind]
  for (const [name, entity] of desired.entities[kind]) {
    const members: Record<string, Members> = {}
    for (const attribute of attributes) {
      const ofAttribute = attribute.members(entity)
      if (ofAttribute !== null) members[attribute.name] = ofAttribute
    }
    declared[entityRef(kind, name)] = members
  }
}
