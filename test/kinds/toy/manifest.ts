import { z } from 'zod'
import { nameReader } from '../../../src/manifest/entities/policy-names.ts'
import type { EntityManifest } from '../../../src/manifest/manifest-kind.ts'
import { described, pathSchema, tagsSchema } from '../../../src/manifest/schema/attribute-schemas.ts'
import { ruledFor } from '../../../src/manifest/schema/rules.ts'
import { ENTITIES } from '../../../src/model/index.ts'
import { TOY_ATTRIBUTES } from './attributes.ts'
import { type DesiredToy, TOY, type ToyState } from './kind.ts'

const listOfRoles = ruledFor('namesOf', ENTITIES.role.section)

const roleNameOf = nameReader('role', ENTITIES.role, {
  unknown: 'manifest.unknown-role',
  badArn: 'manifest.bad-role-arn',
})

export const toy: EntityManifest<ToyState, DesiredToy> = {
  facts: TOY,
  attributes: Object.values(TOY_ATTRIBUTES),
  schema: z
    .strictObject({
      path: pathSchema.optional(),
      roles: z.array(z.string(), listOfRoles).max(1, listOfRoles).nullable().optional(),
      tags: tagsSchema,
    })
    .meta(described('Something to play with.')),
  elsewhere: [{ keys: ['trustpolicy'], help: 'trust is of roles' }],
  read: (reading) => ({
    kind: 'toy',
    ...reading.entity(),
    ...reading.references('roles', null, roleNameOf, 'roles'),
    ...reading.tags('tagsPerRole'),
  }),
}
