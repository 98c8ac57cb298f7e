import { settingMembers } from '../kinds/attributes/setting.ts'
import { type Declarations, ENTITY_KINDS, type EntityKind, entityRef, type Members } from '../model/index.ts'
import type { DesiredState } from './desired.ts'
import type { ManifestKind, ManifestKinds } from './manifest-kind.ts'

/**
 * What a state declares, by entity (`user/alice`, `passwordPolicy`, `accountAlias`): what a later apply removes
 * once it is no longer declared. An attribute declared to be none has no members: there is nothing to remove.
 */
export function declarationsOf(desired: DesiredState, kinds: ManifestKinds): Declarations {
  const declared: Record<string, Readonly<Record<string, Members>>> = {}
  for (const kind of ENTITY_KINDS) addEntities(kind, kinds, desired, declared)
  const { passwordPolicy, accountAlias } = desired.settings
  if (passwordPolicy?.value != null) declared.passwordPolicy = settingMembers(passwordPolicy.value)
  if (accountAlias?.value != null) declared.accountAlias = settingMembers(accountAlias.value)
  return declared
}

function addEntities<K extends EntityKind>(
  kind: K,
  kinds: ManifestKinds,
  desired: DesiredState,
  declared: Record<string, Readonly<Record<string, Members>>>,
): void {
  const { attributes }: ManifestKind<K> = kinds[kind]
  for (const [name, entity] of desired.entities[kind]) {
    const members: Record<string, Members> = {}
    for (const attribute of attributes) {
      const ofAttribute = attribute.members(entity)
      if (ofAttribute !== null) members[attribute.name] = ofAttribute
    }
    declared[entityRef(kind, name)] = members
  }
}
