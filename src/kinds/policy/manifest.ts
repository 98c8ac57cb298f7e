import { manifestOf } from '../../manifest/attribute-form.ts'
import { policyPathForm, tagsForm } from '../../manifest/entities/forms.ts'
import { described, descriptionSchema, documentSchema } from '../../manifest/schema/attribute-schemas.ts'
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

export const POLICY_MANIFEST = manifestOf<PolicyState, DesiredPolicy>({
  kind: 'policy',
  facts: POLICY,
  told: 'A customer managed policy.',
  attributes: POLICY_ATTRIBUTES,
  forms: {
    path: policyPathForm,
    description: {
      schema: descriptionSchema('policyDescription').meta(
        described('At most 1000 characters. Can not be changed in place: another one replaces the policy.'),
      ),
      read: (reading) => reading.description(),
    },
    document: {
      schema: documentSchema,
      read: (reading) => ({
        document: reading.requiredDocument('document', 'managed', 'managed', 'managedPolicySize'),
      }),
    },
    tags: tagsForm('tagsPerPolicy'),
  },
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
})
