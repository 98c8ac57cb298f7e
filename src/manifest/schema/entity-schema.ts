import { z } from 'zod'
import { type EntityFacts, oneOf } from '../../model/kind-facts.ts'
import { ENTITY_NAME } from './attribute-schemas.ts'
import { ruledFor } from './rules.ts'

/** A name of a kind. Made when it is first asked for: loading goes by `isEntityName`, and seldom has to say more. */
export function entityName(facts: EntityFacts): z.ZodString {
  const known = made.get(facts)
  if (known !== undefined) return known
  const { names = null, longestName } = facts
  const told = names === null ? [] : [names.told]
  const rule = ruledFor('entityName', String(longestName), oneOf(facts), ...told)
  const schema = z
    .string(rule)
    .max(longestName, rule)
    .regex(names?.pattern ?? ENTITY_NAME, rule)
  made.set(facts, schema)
  return schema
}

const made = new WeakMap<EntityFacts, z.ZodString>()

/** Whether `entityName` would take a name: thousands are asked about at each load, and nearly all are good. */
export const isEntityName = ({ longestName, names }: EntityFacts, name: string): boolean =>
  name.length <= longestName && (names?.pattern ?? ENTITY_NAME).test(name)
