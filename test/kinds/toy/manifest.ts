import { z } from 'zod'
import { nameOf } from '../../../src/manifest/entities/policy-names.ts'
import type { EntityManifest } from '../../../src/manifest/manifest-kind.ts'
import * as schemas from '../../../src/manifest/schema/attribute-schemas.ts'
import { ruledFor } from '../../../src/manifest/schema/rules.ts'
import { ENTITIES } from '../../../src/model/index.ts'
import { TOY_ATTRIBUTES } from './attributes.ts'
import { type DesiredToy, TOY, type ToyState } from './kind.ts'

const listOfRoles = ruledFor('namesOf', ENTITIES.role.section)

const roleNameOf = nameOf('role', ENTITIES.role, {
  unknown: 'manifest.unknown-role',
  badArn: 'manifest.bad-role-arn',
})

export const toy: EntityManifest<ToyState, DesiredToy> = {
  facts: TOY,
  attributes: Object.values(TOY_ATTRIBUTES),
  schema: z
    .strictObject({
      path: schemas.path.optional(),
      roles: z.array(z.string(), listOfRoles).max(1, listOfRoles).nullable().optional(),
      tags: schemas.tags,
    })
    .meta(schemas.described('Something to play with.')),
  elsewhere: [{ keys: ['trustpolicy'], help: 'trust is of roles' }],
  read: (reading) => ({
    kind: 'toy',
    ...reading.entity(),
    ...reading.references('roles', null, roleNameOf, 'roles'),
    ...reading.tags('tagsPerRole'),
  }),
}
