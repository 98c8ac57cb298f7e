import { z } from 'zod'
import type { ManifestKind } from '../../manifest/manifest-kind.ts'
import {
  described,
  inlinePoliciesSchema,
  managedPoliciesSchema,
  pathSchema,
  permissionsBoundarySchema,
  tagsSchema,
} from '../../manifest/schema/attribute-schemas.ts'
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

const schema = z
  .strictObject({
    path: pathSchema.optional(),
    groups: z
      .array(z.string(), ruledFor('namesOf', GROUP.section))
      .nullable()
      .optional()
      .meta(described('In exactly these groups. `[]` = none; absent = not managed here.')),
    managedPolicies: managedPoliciesSchema,
    inlinePolicies: inlinePoliciesSchema,
    permissionsBoundary: permissionsBoundarySchema,
    tags: tagsSchema,
  })
  .meta(described('An IAM user.'))

export const USER_MANIFEST: ManifestKind<'user'> = {
  facts: USER,
  attributes: Object.values(USER_ATTRIBUTES),
  schema,
  read: (reading) => ({
    kind: 'user',
    ...reading.entity(),
    ...reading.references('groups', 'groupsPerUser', groupNameOf, 'groups'),
    ...reading.managedPolicies('managedPoliciesPerUser'),
    ...reading.inlinePolicies('userInline', 'inlinePolicySizePerUser'),
    ...reading.permissionsBoundary(),
    ...reading.tags('tagsPerUser'),
  }),
}
