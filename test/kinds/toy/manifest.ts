import { z } from 'zod'
import { manifestOf } from '../../../src/manifest/attribute-form.ts'
import { pathForm, tagsForm } from '../../../src/manifest/entities/forms.ts'
import { nameReader } from '../../../src/manifest/entities/policy-names.ts'
import { ruledFor } from '../../../src/manifest/schema/rules.ts'
import { ENTITIES } from '../../../src/model/index.ts'
import { TOY_ATTRIBUTES } from './attributes.ts'
import { type DesiredToy, TOY, type ToyState } from './kind.ts'

const listOfRoles = ruledFor('namesOf', ENTITIES.role.section)

const roleNameOf = nameReader('role', ENTITIES.role, {
  unknown: 'manifest.unknown-role',
  badArn: 'manifest.bad-role-arn',
})

export const toy = manifestOf<ToyState, DesiredToy>({
  kind: 'toy',
  facts: TOY,
  told: 'Something to play with.',
  attributes: TOY_ATTRIBUTES,
  forms: {
    path: pathForm,
    roles: {
      schema: z.array(z.string(), listOfRoles).max(1, listOfRoles).nullable().optional(),
      read: (reading) => reading.references('roles', null, roleNameOf, 'roles'),
    },
    tags: tagsForm('tagsPerRole'),
  },
  elsewhere: [{ keys: ['trustpolicy'], help: 'trust is of roles' }],
})
