import { manifestOf } from '../../manifest/attribute-form.ts'
import { inlinePoliciesForm, managedPoliciesForm, pathForm } from '../../manifest/entities/forms.ts'
import { nameReader } from '../../manifest/entities/policy-names.ts'
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

/** What an entry of `groups` stands for. */
export const groupNameOf = nameReader('group', GROUP, {
  unknown: 'manifest.unknown-group',
  badArn: 'manifest.bad-group-arn',
})

export const GROUP_MANIFEST = manifestOf<GroupState, DesiredGroup>({
  kind: 'group',
  facts: GROUP,
  told: 'An IAM group. Who is in it stands with the users.',
  attributes: GROUP_ATTRIBUTES,
  forms: {
    path: pathForm,
    managedPolicies: managedPoliciesForm('managedPoliciesPerGroup'),
    inlinePolicies: inlinePoliciesForm('groupInline', 'inlinePolicySizePerGroup'),
  },
  elsewhere: [
    {
      keys: ['members', 'member', 'users'],
      help: 'who is in a group stands with each user: `users: { NAME: { groups: [GROUP] } }`',
    },
    { keys: ['tags'], help: 'IAM groups have no tags' },
    { keys: ['permissionsboundary'], help: 'boundaries are of users and roles: write it with each of them' },
  ],
})
