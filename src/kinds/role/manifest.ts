import { z } from 'zod'
import { type Diagnostic, warningOf } from '../../diagnostics/index.ts'
import { manifestOf } from '../../manifest/attribute-form.ts'
import type { EntityReading } from '../../manifest/entities/entity-reading.ts'
import {
  inlinePoliciesForm,
  managedPoliciesForm,
  pathForm,
  permissionsBoundaryForm,
  tagsForm,
} from '../../manifest/entities/forms.ts'
import { nameReader } from '../../manifest/entities/policy-names.ts'
import { described, descriptionSchema, documentSchema } from '../../manifest/schema/attribute-schemas.ts'
import { ruled } from '../../manifest/schema/rules.ts'
import type { PolicyDocument } from '../../model/index.ts'
import { statementsOf } from '../../policy/canonical.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { AttributesOf } from '../attributes/attribute.ts'
import { document } from '../attributes/document.ts'
import { inlinePolicies, managedPolicies, permissionsBoundary } from '../attributes/grants.ts'
import { path } from '../attributes/path.ts'
import { scalar } from '../attributes/scalar.ts'
import { tags } from '../attributes/tags.ts'
import { profileBeside } from '../instanceProfile/kind.ts'
import { DEFAULT_MAX_SESSION_DURATION, type DesiredRole, ROLE, type RoleState } from './kind.ts'

/** What a name of a role, or its ARN, stands for. */
export const roleNameOf = nameReader('role', ROLE, {
  unknown: 'manifest.unknown-role',
  badArn: 'manifest.bad-role-arn',
})

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

export const ROLE_MANIFEST = manifestOf<RoleState, DesiredRole>({
  kind: 'role',
  facts: ROLE,
  told: 'An IAM role.',
  hasGrants: true,
  attributes: ROLE_ATTRIBUTES,
  forms: {
    path: pathForm,
    trustPolicy: {
      schema: documentSchema,
      read: (reading) => {
        const trustPolicy = reading.requiredDocument('trustPolicy', 'trust', 'trust', 'trustPolicySize')
        if (reading.flag('ec2').ec2 === true && trustPolicy.located !== null && !letsInEc2(trustPolicy.json))
          reading.report(notForEc2(reading))
        return { trustPolicy }
      },
    },
    description: {
      schema: descriptionSchema('description').meta(described('At most 1000 characters.')),
      read: (reading) => reading.description(),
    },
    maxSessionDuration: {
      schema: z
        .int(ruled('maxSessionDuration'))
        .min(3600, ruled('maxSessionDuration'))
        .max(43200, ruled('maxSessionDuration'))
        .nullable()
        .optional()
        .meta(described('Seconds, 3600 to 43200. `null` = 3600; absent = not managed here.')),
      read: (reading) => reading.number('maxSessionDuration', DEFAULT_MAX_SESSION_DURATION),
    },
    managedPolicies: managedPoliciesForm('managedPoliciesPerRole'),
    inlinePolicies: inlinePoliciesForm('roleInline', 'inlinePolicySizePerRole'),
    permissionsBoundary: permissionsBoundaryForm,
    tags: tagsForm('tagsPerRole'),
  },
  shortForms: {
    ec2: {
      schema: z
        .boolean()
        .nullable()
        .optional()
        .meta(
          described('`true`: an instance profile of the same name and path, with this role in it, for EC2.'),
        ),
      declares: (name, key, node) =>
        key.value.kind === 'scalar' && key.value.value === true ? profileBeside(name, key, node) : null,
    },
  },
  elsewhere: [
    {
      keys: ['statement', 'version', 'id'],
      help: 'it is a part of the policy document: indent it below `trustPolicy`',
    },
    {
      keys: ['instanceprofile', 'instanceprofiles', 'profile', 'instanceprofilelist'],
      help: 'write `ec2: true` for one of the same name, or declare it under `instanceProfiles`',
    },
  ],
  remark: warnOfReservedName,
})

/** Whether a trust policy may let EC2 in: no statement that could is looked at more closely. */
const letsInEc2 = (document: PolicyDocument): boolean =>
  statementsOf(document).some(({ Effect, Action = [], NotAction, Principal, NotPrincipal }) => {
    if (Effect !== 'Allow') return false
    const isAction =
      NotAction !== undefined ||
      [Action].flat().some((each) => /^(?:\*|sts:.*[*?].*|sts:assumerole)$/i.test(each))
    const services = typeof Principal === 'object' ? [Principal.Service ?? []].flat() : []
    const isPrincipal =
      NotPrincipal !== undefined || Principal === '*' || services.some((each) => EC2.test(each))
    return isAction && isPrincipal
  })

/** With the region or the partition that AWS lets a service principal have. */
const EC2 = /^(?:\*|ec2(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?)$/

const notForEc2 = ({ name }: EntityReading): Diagnostic =>
  warningOf({
    code: 'manifest.ec2-not-trusted',
    message: `\`ec2: true\` makes an instance profile with role \`${shorten(name.text)}\`, whose trust policy doesn't let EC2 in`,
    help: 'let `Principal: { Service: ec2.amazonaws.com }` do `sts:AssumeRole`, or remove `ec2`',
    span: name.span,
  })

/** @see IAM User Guide, "Create a service-linked role"; IAM Identity Center User Guide, "Referencing permission sets in resource policies" */
function warnOfReservedName(reading: EntityReading): void {
  const { text, span } = reading.name
  const reserved = ROLE.reservedNames?.find((each) => text.startsWith(each))
  if (reserved === undefined) return
  reading.report(
    warningOf({
      code: 'manifest.reserved-name',
      message: `\`${shorten(text)}\` is named like ${reserved === 'AWSServiceRoleFor' ? 'a service-linked role' : 'a role of IAM Identity Center'}, which AWS alone makes`,
      help: `choose a name that does not begin with \`${reserved}\`${reserved === 'AWSServiceRoleFor' ? ', or declare it by its service under `serviceLinkedRoles`' : ''}`,
      span,
    }),
  )
}
