import { z } from 'zod'
import type { ManifestKind } from '../../manifest/manifest-kind.ts'
import {
  described,
  descriptionSchema,
  documentSchema,
  pathSchema,
  tagsSchema,
} from '../../manifest/schema/attribute-schemas.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { document } from '../attributes/document.ts'
import { path } from '../attributes/path.ts'
import { scalar } from '../attributes/scalar.ts'
import { tags } from '../attributes/tags.ts'
import { type DesiredPolicy, POLICY, type PolicyState } from './kind.ts'

/** In the order in which they are read. */
export const POLICY_ATTRIBUTES = {
  path,
  description: scalar<'description', string>('description', '', { loss: 'its description', isSilent: true }),
  document: document('document'),
  tags,
} as const satisfies AttributesOf<PolicyState, DesiredPolicy>

const schema = z
  .strictObject({
    path: pathSchema.optional(),
    description: descriptionSchema('policyDescription').meta(
      described('At most 1000 characters. Can not be changed in place: another one replaces the policy.'),
    ),
    document: documentSchema,
    tags: tagsSchema,
  })
  .meta(described('A customer managed policy.'))

export const POLICY_MANIFEST: ManifestKind<'policy'> = {
  facts: POLICY,
  attributes: Object.values(POLICY_ATTRIBUTES),
  schema,
  elsewhere: [
    {
      keys: ['statement', 'version', 'id'],
      help: 'it is a part of the policy document: indent it below `document`',
    },
    {
      keys: ['attachedto', 'users', 'groups', 'roles'],
      help: 'a policy is attached where it is held: `managedPolicies: [NAME]` of a user, group or role',
    },
  ],
  read: (reading) => ({
    kind: 'policy',
    ...reading.entity(),
    document: reading.requiredDocument('document', 'managed', 'managed', 'managedPolicySize'),
    ...reading.description(),
    ...reading.tags('tagsPerPolicy'),
  }),
}
