import { z } from 'zod'
import { byKind, ENTITIES, type EntityKind } from '../model/index.ts'
import { ENTITY_NAME } from './attribute-schemas.ts'
import { ruled } from './rules.ts'

const nameOf = (kind: EntityKind) => {
  const rule = ruled(`${kind}Name`)
  return z.string(rule).max(ENTITIES[kind].longestName, rule).regex(ENTITY_NAME, rule)
}
export const entityNames = byKind(nameOf)

/** Whether `entityNames` would take a name: thousands are asked about at each load, and nearly all are good. */
export const isEntityName = (kind: EntityKind, name: string): boolean =>
  name.length <= ENTITIES[kind].longestName && ENTITY_NAME.test(name)
