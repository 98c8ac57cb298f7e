import { z } from 'zod'
import { nameReader } from '../../manifest/entities/policy-names.ts'
import type { ManifestKind } from '../../manifest/manifest-kind.ts'
import {
  described,
  inlinePoliciesSchema,
  managedPoliciesSchema,
  pathSchema,
} from '../../manifest/schema/attribute-schemas.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { inlinePolicies, managedPolicies } from '../attributes/grants.ts'
import { path } from '../attributes/path.ts'
import { type DesiredGroup, GROUP, type GroupState } from './kind.ts'

/** In the order in which they are read. */
const GROUP_ATTRIBUTES = {
  path,
  managedPolicies,
  inlinePolicies,
} as const satisfies AttributesOf<GroupState, DesiredGroup>

const schema = z
  .strictObject({
    path: pathSchema.optional(),
    managedPolicies: managedPoliciesSchema,
    inlinePolicies: inlinePoliciesSchema,
  })
  .meta(described('An IAM group. Who is in it stands with the users.'))

/** What an entry of `groups` stands for. */
export const groupNameOf = nameReader('group', GROUP, {
  unknown: 'manifest.unknown-group',
  badArn: 'manifest.bad-group-arn',
})

export const GROUP_MANIFEST: ManifestKind<'group'> = {
  facts: GROUP,
  attributes: Object.values(GROUP_ATTRIBUTES),
  schema,
  elsewhere: [
    {
      keys: ['members', 'member', 'users'],
      help: 'who is in a group stands with each user: `users: { NAME: { groups: [GROUP] } }`',
    },
    { keys: ['tags'], help: 'IAM groups have no tags' },
    { keys: ['permissionsboundary'], help: 'boundaries are of users and roles: write it with each of them' },
  ],
  read: (reading) => ({
    kind: 'group',
    ...reading.entity(),
    ...reading.managedPolicies('managedPoliciesPerGroup'),
    ...reading.inlinePolicies('groupInline', 'inlinePolicySizePerGroup'),
  }),
}
