import { z } from 'zod'
import { ALL_PARTITIONS } from '../../policy/stored-arn.ts'
import { documentSchema, tagMap } from './attribute-schemas.ts'
import { ruled } from './rules.ts'

const described = (text: string) => ({ description: text })

const accountId = z.string(ruled('accountId')).regex(/^\d{12}$/, ruled('accountId'))
const POLICY_NAME = /^[\w+=,.@ -]{1,128}$/
const policyName = z.string(ruled('controlPolicyName')).regex(POLICY_NAME, ruled('controlPolicyName'))

const serviceControlPolicies = z
  .array(z.string(), ruled('policyNames'))
  .nullable()
  .optional()
  .meta(
    described(
      'Exactly these, by name; `[]` = none, which allows nothing. Absent: `FullAWSAccess`, as AWS does.',
    ),
  )
const resourceControlPolicies = z
  .array(z.string(), ruled('policyNames'))
  .nullable()
  .optional()
  .meta(described('These besides `RCPFullAWSAccess`, which stands everywhere.'))

const organizationAccount = z
  .strictObject({
    name: z.string(ruled('organizationName')).min(1, ruled('organizationName')).optional(),
    serviceControlPolicies,
    resourceControlPolicies,
  })
  .meta({ id: 'organizationAccount', description: 'An account of the organization.' })

const accounts = z
  .record(accountId, organizationAccount.nullable())
  .nullable()
  .optional()
  .meta(described('Accounts directly under it, by id.'))

/** The units under a node, by name. */
type Units = z.ZodOptional<z.ZodNullable<z.ZodRecord<z.ZodString, z.ZodNullable<z.ZodType>>>>

export const organizationalUnit = z
  .strictObject({
    id: z
      .string(ruled('unitId'))
      .regex(/^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/, ruled('unitId'))
      .optional()
      .meta(
        described('`r-…` or `ou-…`; wanted for `aws:PrincipalOrgPaths` and `aws:ResourceOrgPaths` alone.'),
      ),
    serviceControlPolicies,
    resourceControlPolicies,
    get organizationalUnits(): Units {
      return z
        .record(z.string().min(1), organizationalUnit.nullable())
        .nullable()
        .optional()
        .meta(described('Units under it, by name.'))
    },
    accounts,
  })
  .meta({ id: 'organizationalUnit', description: 'The root or an organizational unit.' })

export const organization = z
  .strictObject({
    id: z
      .string(ruled('organizationId'))
      .regex(/^o-[a-z0-9]{10,32}$/, ruled('organizationId'))
      .meta(described('`o-…`')),
    managementAccount: accountId.meta(
      described(
        'Its id. Service control policies do not bind it, nor resource control policies its resources.',
      ),
    ),
    serviceControlPolicies: z
      .record(policyName, documentSchema)
      .nullable()
      .optional()
      .meta(described('Service control policies by name, to be attached below.')),
    resourceControlPolicies: z
      .record(policyName, documentSchema)
      .nullable()
      .optional()
      .meta(described('Resource control policies by name, to be attached below.')),
    roots: z
      .record(z.string().min(1), organizationalUnit)
      .refine((roots) => Object.keys(roots).length === 1, ruled('oneRoot'))
      .meta(described('The root by its name: AWS has one, called `Root`.')),
  })
  .meta(described('The organization, as far as decisions need it. Read, never applied.'))

export const resource = z
  .strictObject({
    account: accountId
      .optional()
      .meta(
        described(
          'The id of the owner. Absent: the account in the ARN, else the account that these manifests are of.',
        ),
      ),
    policy: documentSchema
      .nullable()
      .optional()
      .meta(described('Its resource policy, of a key its key policy. Absent or `null`: it has none.')),
    tags: tagMap.nullable().optional().meta(described('For `aws:ResourceTag`.')),
    blockPublicAccess: z
      .boolean()
      .optional()
      .meta(
        described("S3 blocks public access to this bucket or access point. It answers S3's question only."),
      ),
  })
  .meta(described('A resource that is no IAM entity, as far as decisions need it. Read, never applied.'))

export const resourceArn = z
  .string(ruled('resourceArn'))
  .regex(/^arn:[^:*?]+:[^:*?]+:[^:*?]*:(?:\d{12}|aws)?:[^*?]+$/, ruled('resourceArn'))
  .refine((arn) => ALL_PARTITIONS.includes(arn.split(':')[1] ?? ''), ruled('resourcePartition'))
  .refine((arn) => !/^arn:[^:]*:iam:.*:(?:user|group|role|policy)\//.test(arn), ruled('iamResource'))
