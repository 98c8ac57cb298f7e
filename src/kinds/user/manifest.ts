import { z } from 'zod'
import { manifestOf } from '../../manifest/attribute-form.ts'
import {
  inlinePoliciesForm,
  managedPoliciesForm,
  pathForm,
  permissionsBoundaryForm,
  tagsForm,
} from '../../manifest/entities/forms.ts'
import { described } from '../../manifest/schema/attribute-schemas.ts'
import { ruledFor } from '../../manifest/schema/rules.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { inlinePolicies, managedPolicies, permissionsBoundary } from '../attributes/grants.ts'
import { path } from '../attributes/path.ts'
import { references } from '../attributes/references.ts'
import { tags } from '../attributes/tags.ts'
import { GROUP } from '../group/kind.ts'
import { groupNameOf } from '../group/manifest.ts'
import { type DesiredUser, USER, type UserState } from './kind.ts'

/** In the order in which they are read. */
export const USER_ATTRIBUTES = {
  path,
  groups: references('groups', {
    to: 'group',
    by: 'name',
    grant: (name) => `is a member of group ${name}`,
    loss: (name) => `its membership of \`group/${name}\``,
  }),
  managedPolicies,
  permissionsBoundary,
  inlinePolicies,
  tags,
} as const satisfies AttributesOf<UserState, DesiredUser>

export const USER_MANIFEST = manifestOf<UserState, DesiredUser>({
  kind: 'user',
  facts: USER,
  told: 'An IAM user.',
  attributes: USER_ATTRIBUTES,
  forms: {
    path: pathForm,
    groups: {
      schema: z
        .array(z.string(), ruledFor('namesOf', GROUP.section))
        .nullable()
        .optional()
        .meta(described('In exactly these groups. `[]` = none; absent = not managed here.')),
      read: (reading) => reading.references('groups', 'groupsPerUser', groupNameOf, 'groups'),
    },
    managedPolicies: managedPoliciesForm('managedPoliciesPerUser'),
    inlinePolicies: inlinePoliciesForm('userInline', 'inlinePolicySizePerUser'),
    permissionsBoundary: permissionsBoundaryForm,
    tags: tagsForm('tagsPerUser'),
  },
})
