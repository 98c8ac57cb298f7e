import { settingMembers } from '../kinds/attributes/setting.ts'
import {
  CHILDREN,
  type Declarations,
  type EntityKind,
  entityRef,
  isChildKind,
  keysOf,
  type Members,
} from '../model/index.ts'
import type { DesiredState } from './desired.ts'
import type { AttributedKind, AttributedKinds } from './manifest-kind.ts'

/**
 * What a state declares, by entity (`user/alice`, `passwordPolicy`, `accountAlias`): what a later apply removes
 * once it is no longer declared. An attribute declared to be none has no members: there is nothing to remove.
 */
export function declarationsOf(desired: DesiredState, kinds: AttributedKinds): Declarations {
  const declared: Record<string, Readonly<Record<string, Members>>> = {}
  for (const kind of keysOf(kinds)) addEntities(kind, kinds, desired, declared)
  for (const [kind, setting] of Object.entries(desired.settings))
    if (setting.value !== null) declared[kind] = settingMembers(setting.value)
  return declared
}

function addEntities<K extends EntityKind>(
  kind: K,
  kinds: AttributedKinds,
  desired: DesiredState,
  declared: Record<string, Readonly<Record<string, Members>>>,
): void {
  const { attributes }: AttributedKind<K> = kinds[kind]
  for (const [name, entity] of desired.entities[kind]) {
    const members: Record<string, Members> = {}
    for (const attribute of attributes) {
      const ofAttribute = attribute.members(entity)
      if (ofAttribute !== null) members[attribute.name] = ofAttribute
    }
    for (const [child, all] of entity.children ?? [])
      if (isChildKind(child))
        members[CHILDREN[child].section] = [...all.values()].map(({ identity }) => identity)
    declared[entityRef(kind, name)] = members
  }
}
