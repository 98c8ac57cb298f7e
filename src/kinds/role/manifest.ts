import { z } from 'zod'
import { warningOf } from '../../diagnostics/index.ts'
import type { EntityReading } from '../../manifest/entities/entity-reading.ts'
import type { ManifestKind } from '../../manifest/manifest-kind.ts'
import {
  described,
  descriptionSchema,
  documentSchema,
  inlinePoliciesSchema,
  managedPoliciesSchema,
  pathSchema,
  permissionsBoundarySchema,
  tagsSchema,
} from '../../manifest/schema/attribute-schemas.ts'
import { ruled } from '../../manifest/schema/rules.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { document } from '../attributes/document.ts'
import { inlinePolicies, managedPolicies, permissionsBoundary } from '../attributes/grants.ts'
import { path } from '../attributes/path.ts'
import { scalar } from '../attributes/scalar.ts'
import { tags } from '../attributes/tags.ts'
import { DEFAULT_MAX_SESSION_DURATION, type DesiredRole, ROLE, type RoleState } from './kind.ts'

/** In the order in which they are read. */
export const ROLE_ATTRIBUTES = {
  path,
  description: scalar<'description', string>('description', '', { loss: 'its description', isSilent: true }),
  maxSessionDuration: scalar<'maxSessionDuration', number>(
    'maxSessionDuration',
    DEFAULT_MAX_SESSION_DURATION,
    {
      loss: 'its session length',
    },
  ),
  trustPolicy: document('trustPolicy'),
  managedPolicies,
  permissionsBoundary,
  inlinePolicies,
  tags,
} as const satisfies AttributesOf<RoleState, DesiredRole>

const schema = z
  .strictObject({
    path: pathSchema.optional(),
    trustPolicy: documentSchema,
    description: descriptionSchema('description').meta(described('At most 1000 characters.')),
    maxSessionDuration: z
      .int(ruled('maxSessionDuration'))
      .min(3600, ruled('maxSessionDuration'))
      .max(43200, ruled('maxSessionDuration'))
      .nullable()
      .optional()
      .meta(described('Seconds, 3600 to 43200. `null` = 3600; absent = not managed here.')),
    managedPolicies: managedPoliciesSchema,
    inlinePolicies: inlinePoliciesSchema,
    permissionsBoundary: permissionsBoundarySchema,
    tags: tagsSchema,
  })
  .meta(described('An IAM role.'))

export const ROLE_MANIFEST: ManifestKind<'role'> = {
  facts: ROLE,
  attributes: Object.values(ROLE_ATTRIBUTES),
  schema,
  elsewhere: [
    {
      keys: ['statement', 'version', 'id'],
      help: 'it is a part of the policy document: indent it below `trustPolicy`',
    },
  ],
  read: (reading) => {
    warnOfReservedName(reading)
    return {
      kind: 'role',
      ...reading.entity(),
      trustPolicy: reading.requiredDocument('trustPolicy', 'trust', 'trust', 'trustPolicySize'),
      ...reading.description(),
      ...reading.number('maxSessionDuration', DEFAULT_MAX_SESSION_DURATION),
      ...reading.managedPolicies('managedPoliciesPerRole'),
      ...reading.inlinePolicies('roleInline', 'inlinePolicySizePerRole'),
      ...reading.permissionsBoundary(),
      ...reading.tags('tagsPerRole'),
    }
  },
}

/** @see IAM User Guide, "Create a service-linked role" */
function warnOfReservedName(reading: EntityReading): void {
  const { text, span } = reading.name
  if (!text.startsWith('AWSServiceRoleFor')) return
  reading.report(
    warningOf({
      code: 'manifest.reserved-name',
      message: `\`${shorten(text)}\` is named like a service-linked role, which AWS alone makes`,
      help: 'choose a name that does not begin with `AWSServiceRoleFor`',
      span,
    }),
  )
}
