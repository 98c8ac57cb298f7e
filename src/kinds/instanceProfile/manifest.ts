import { z } from 'zod'
import { manifestOf } from '../../manifest/attribute-form.ts'
import { pathForm, tagsForm } from '../../manifest/entities/forms.ts'
import { described } from '../../manifest/schema/attribute-schemas.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { path } from '../attributes/path.ts'
import { scalar } from '../attributes/scalar.ts'
import { tags } from '../attributes/tags.ts'
import { ROLE_BY_NAME } from '../role/kind.ts'
import { roleNameOf } from '../role/manifest.ts'
import { type DesiredInstanceProfile, INSTANCE_PROFILE, type InstanceProfileState } from './kind.ts'

/** In the order in which they are read. */
export const INSTANCE_PROFILE_ATTRIBUTES = {
  path,
  role: scalar<'role', string | null>('role', null, {
    grant: (name) => `gives instances the role ${name}`,
    loss: 'its role',
    to: ROLE_BY_NAME,
  }),
  tags,
} as const satisfies AttributesOf<InstanceProfileState, DesiredInstanceProfile>

export const INSTANCE_PROFILE_MANIFEST = manifestOf<InstanceProfileState, DesiredInstanceProfile>({
  kind: 'instanceProfile',
  facts: INSTANCE_PROFILE,
  told: 'An instance profile: the role that EC2 instances get which have it.',
  hasGrants: true,
  attributes: INSTANCE_PROFILE_ATTRIBUTES,
  forms: {
    path: pathForm,
    role: {
      schema: z
        .string()
        .nullable()
        .optional()
        .meta(
          described(
            'The one role in it: a name of this project, or an ARN of this account. `null` = none; absent = not managed here.',
          ),
        ),
      read: (reading) => reading.reference('role', roleNameOf),
    },
    tags: tagsForm('tagsPerInstanceProfile'),
  },
  elsewhere: [
    { keys: ['roles'], help: 'there is one role in an instance profile: write `role: NAME`' },
    { keys: ['trustpolicy', 'assumerolepolicydocument'], help: 'the role in it has the trust policy' },
    {
      keys: ['managedpolicies', 'inlinepolicies', 'permissionsboundary'],
      help: 'the role in it holds policies: write it with that role',
    },
  ],
})
