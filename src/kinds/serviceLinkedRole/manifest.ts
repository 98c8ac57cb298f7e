import { z } from 'zod'
import { didYouMean, errorOf } from '../../diagnostics/index.ts'
import { manifestOf } from '../../manifest/attribute-form.ts'
import type { EntityReading } from '../../manifest/entities/entity-reading.ts'
import { described, descriptionSchema, ENTITY_NAME } from '../../manifest/schema/attribute-schemas.ts'
import { shorten } from '../../yaml/shorten.ts'
import { type Attribute, type AttributesOf, UNCHANGED } from '../attributes/attribute.ts'
import { scalar } from '../attributes/scalar.ts'
import {
  type DesiredServiceLinkedRole,
  LINKING_SERVICES,
  linkedRoleNamed,
  SERVICE_LINKED_ROLE,
  type ServiceLinkedRoleState,
} from './kind.ts'

/** That one is to go: no part of what there is. */
const deletion: Attribute<object, { readonly delete?: boolean }> = {
  name: 'delete',
  documents: 'none',
  refersTo: null,
  members: () => null,
  compare: () => UNCHANGED,
  removal: () => [],
}

export const SERVICE_LINKED_ROLE_ATTRIBUTES = {
  description: scalar<'description', string>('description', '', { loss: 'its description', isSilent: true }),
  delete: deletion,
} as const satisfies AttributesOf<ServiceLinkedRoleState, DesiredServiceLinkedRole>

export const SERVICE_LINKED_ROLE_MANIFEST = manifestOf<ServiceLinkedRoleState, DesiredServiceLinkedRole>({
  kind: 'serviceLinkedRole',
  facts: SERVICE_LINKED_ROLE,
  told: 'A role that a service of AWS makes for itself, by the service, or by service and suffix: `autoscaling.amazonaws.com_blue`.',
  attributes: SERVICE_LINKED_ROLE_ATTRIBUTES,
  forms: {
    description: {
      schema: descriptionSchema('description').meta(described('At most 1000 characters.')),
      read: (reading) => reading.description(),
    },
    delete: {
      schema: z
        .boolean()
        .nullable()
        .optional()
        .meta(described('`true`: it is deleted, if it is there. AWS may take its time, or refuse.')),
      read: (reading) => reading.flag('delete'),
    },
  },
  elsewhere: [
    { keys: ['suffix', 'customsuffix'], help: 'the suffix is a part of the key: `SERVICE_SUFFIX: {}`' },
    {
      keys: ['trustpolicy', 'managedpolicies', 'inlinepolicies', 'permissionsboundary', 'tags', 'path'],
      help: 'AWS alone says what it is: only its `description` is ours',
    },
  ],
  remark: refuseUnknown,
})

/** @see IAM User Guide, "AWS services that work with IAM": which services have such roles */
function refuseUnknown(reading: EntityReading): void {
  const { text, span } = reading.name
  const known = linkedRoleNamed(text)
  if (known === null) {
    const [service = text] = text.split('_')
    reading.report(
      errorOf({
        code: 'manifest.unknown-linking-service',
        message: `what the service-linked role of \`${shorten(service)}\` is called is not known`,
        help: didYouMean(
          service,
          LINKING_SERVICES,
          'write the service as `autoscaling.amazonaws.com`; make that of another service with `aws iam create-service-linked-role`: it is left alone here',
        ),
        span,
      }),
    )
    return
  }
  if (known.suffix === null) return
  if (!known.takesSuffix)
    reading.report(
      errorOf({
        code: 'manifest.bad-suffix',
        message: `the service-linked role of \`${known.service}\` takes no suffix`,
        help: `write \`${known.service}\``,
        span,
      }),
    )
  else if (!ENTITY_NAME.test(known.suffix) || known.roleName.length > LONGEST_ROLE_NAME)
    reading.report(
      errorOf({
        code: 'manifest.bad-suffix',
        message: `\`${shorten(known.suffix)}\` can not be the suffix of a service-linked role`,
        help: `letters, digits and \`+=,.@_-\`, so many that \`${shorten(known.roleName)}\` has at most ${LONGEST_ROLE_NAME} characters`,
        span,
      }),
    )
}

/** @see IAM API Reference, CreateRole */
const LONGEST_ROLE_NAME = 64
