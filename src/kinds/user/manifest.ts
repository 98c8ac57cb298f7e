import type { AttributesOf } from '../attributes/attribute.ts'
import { inlinePolicies, managedPolicies, permissionsBoundary } from '../attributes/grants.ts'
import { references } from '../attributes/references.ts'
import { tags } from '../attributes/tags.ts'
import type { DesiredUser, UserState } from './kind.ts'

/** In the order in which they are read. */
export const USER_ATTRIBUTES = {
  groups: references('groups', {
    to: 'group',
    grant: (name) => `is a member of group ${name}`,
    loss: (name) => `its membership of \`group/${name}\``,
  }),
  managedPolicies,
  permissionsBoundary,
  inlinePolicies,
  tags,
} as const satisfies AttributesOf<UserState, DesiredUser>
