import { z } from 'zod'
import { DURATION } from '../../kinds/attributes/duration.ts'
import { type ChildFacts, oneOf } from '../../model/kind-facts.ts'
import { ENTITY_NAME } from './attribute-schemas.ts'
import { ruled, ruledFor } from './rules.ts'

/** AWS never hears of such a name; it is as short as a user's, and so fits any line. */
const LONGEST_NAME = 64

/** What somebody calls what is named under an entity. */
export function childName(facts: ChildFacts): z.ZodString {
  const rule = ruledFor('entityName', String(LONGEST_NAME), oneOf(facts))
  return z.string(rule).max(LONGEST_NAME, rule).regex(ENTITY_NAME, rule)
}

export const statusSchema = z
  .enum(['active', 'inactive'], ruled('credentialStatus'))
  .optional()
  .meta({ description: 'Whether it can be used. Default: `active`.' })

/** How long something is to be, as a number and a unit. */
export const durationSchema = (description: string) =>
  z.string(ruled('duration')).regex(DURATION, ruled('duration')).optional().meta({ description })
