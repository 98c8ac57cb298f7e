import { z } from 'zod'
import { manifestOf } from '../../manifest/attribute-form.ts'
import { inlinePoliciesForm, managedPoliciesForm, pathForm } from '../../manifest/entities/forms.ts'
import { nameReader } from '../../manifest/entities/policy-names.ts'
import { described } from '../../manifest/schema/attribute-schemas.ts'
import { ruledFor } from '../../manifest/schema/rules.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { inlinePolicies, managedPolicies } from '../attributes/grants.ts'
import { members } from '../attributes/members.ts'
import { path } from '../attributes/path.ts'
import { USER } from '../user/kind.ts'
import { type DesiredGroup, GROUP, type GroupState } from './kind.ts'

/** In the order in which they are read. */
const GROUP_ATTRIBUTES = {
  path,
  members,
  managedPolicies,
  inlinePolicies,
} as const satisfies AttributesOf<GroupState, DesiredGroup>

/** What an entry of `groups` stands for. */
export const groupNameOf = nameReader('group', GROUP, {
  unknown: 'manifest.unknown-group',
  badArn: 'manifest.bad-group-arn',
})

export const GROUP_MANIFEST = manifestOf<GroupState, DesiredGroup>({
  kind: 'group',
  facts: GROUP,
  told: 'An IAM group. Who is in it stands here, or with the users.',
  hasGrants: true,
  attributes: GROUP_ATTRIBUTES,
  forms: {
    path: pathForm,
    members: {
      schema: z
        .array(z.string(), ruledFor('namesOf', USER.section))
        .nullable()
        .optional()
        .meta(
          described(
            'Exactly these users, each declared here. `[]` = nobody; absent = not managed here, but by `groups` of the users.',
          ),
        ),
      read: (reading) => reading.names('members'),
    },
    managedPolicies: managedPoliciesForm('managedPoliciesPerGroup'),
    inlinePolicies: inlinePoliciesForm('groupInline', 'inlinePolicySizePerGroup'),
  },
  lists: {
    key: 'members',
    of: 'user',
    attribute: 'groups',
    quota: 'groupsPerUser',
    unknown: 'manifest.unknown-user',
  },
  elsewhere: [
    {
      keys: ['member', 'users'],
      help: 'it is called `members` here; or write it with each user: `users: { NAME: { groups: [GROUP] } }`',
    },
    { keys: ['tags'], help: 'IAM groups have no tags' },
    { keys: ['permissionsboundary'], help: 'boundaries are of users and roles: write it with each of them' },
  ],
})
