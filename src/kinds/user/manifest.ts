import { z } from 'zod'
import { type Diagnostic, entryOf, errorOf, type LocatedEntry, spanOf } from '../../diagnostics/index.ts'
import { manifestOf } from '../../manifest/attribute-form.ts'
import type { EntityReading } from '../../manifest/entities/entity-reading.ts'
import {
  inlinePoliciesForm,
  managedPoliciesForm,
  pathForm,
  permissionsBoundaryForm,
  tagsForm,
} from '../../manifest/entities/forms.ts'
import { recipientsIn } from '../../manifest/entities/recipients.ts'
import { described } from '../../manifest/schema/attribute-schemas.ts'
import { ruledFor } from '../../manifest/schema/rules.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { inlinePolicies, managedPolicies, permissionsBoundary } from '../attributes/grants.ts'
import { loginProfile } from '../attributes/login-profile.ts'
import { path } from '../attributes/path.ts'
import { recipients } from '../attributes/recipients.ts'
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
  loginProfile,
  recipients,
} as const satisfies AttributesOf<UserState, DesiredUser>

export const USER_MANIFEST = manifestOf<UserState, DesiredUser>({
  kind: 'user',
  facts: USER,
  told: 'An IAM user.',
  hasGrants: true,
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
    loginProfile: {
      schema: z
        .strictObject({ passwordResetRequired: z.boolean().optional() })
        .nullable()
        .optional()
        .meta(
          described(
            'A password for the console, generated when there is none. `null` = none; absent = not managed here.',
          ),
        ),
      read: loginProfileIn,
    },
    recipients: {
      // Whatever stands there is looked at by what reads it, which quotes no secret key.
      schema: z
        .custom<unknown>(() => true)
        .meta({
          ...described('Public keys of age (`age1…`): whom the secrets of this user are encrypted for.'),
          type: 'array',
          items: { type: 'string' },
        })
        .optional(),
      read: (reading) => recipientsIn(reading.value('recipients'), (each) => reading.report(each)),
    },
  },
})

function loginProfileIn(reading: EntityReading): Pick<DesiredUser, 'loginProfile'> {
  const value = reading.value('loginProfile')
  if (value === null) return {}
  if (value.kind !== 'map') return { loginProfile: null }
  const literal = entryOf(value, 'password')
  if (literal !== null) reading.report(literalSecret(literal))
  const required = entryOf(value, 'passwordResetRequired')?.value
  return { loginProfile: { passwordResetRequired: required?.kind === 'scalar' && required.value === true } }
}

const literalSecret = ({ value }: LocatedEntry): Diagnostic => ({
  ...errorOf({
    code: 'manifest.literal-secret',
    message: 'a password never stands in a manifest: a first one is made where there is none',
    help: 'leave it out; if this was one, change it wherever it is used',
    span: spanOf(value),
  }),
  hides: [spanOf(value)],
})
