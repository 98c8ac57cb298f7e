import { z } from 'zod'
import { type EntityKind, isAwsOwnedPath } from '../model/index.ts'
import { ruled } from './rules.ts'

const described = (text: string) => ({ description: text })

const NAME = /^[\w+=,.@-]+$/
const LONGEST_NAME: Readonly<Record<EntityKind, number>> = { user: 64, group: 128, role: 64, policy: 128 }

const nameOf = (kind: EntityKind) => {
  const rule = ruled(`${kind}Name`)
  return z.string(rule).max(LONGEST_NAME[kind], rule).regex(NAME, rule)
}
export const entityNames = {
  user: nameOf('user'),
  group: nameOf('group'),
  role: nameOf('role'),
  policy: nameOf('policy'),
}

/** Whether `entityNames` would take a name: thousands are asked about at each load, and nearly all are good. */
export const isEntityName = (kind: EntityKind, name: string): boolean =>
  name.length <= LONGEST_NAME[kind] && NAME.test(name)

const inlinePolicyName = z
  .string(ruled('inlinePolicyName'))
  .max(128, ruled('inlinePolicyName'))
  .regex(NAME, ruled('inlinePolicyName'))

export const path = z
  .string(ruled('path'))
  .max(512, ruled('path'))
  .regex(/^\/([\x21-\x7e]+\/)?$/, ruled('path'))
  .refine((value) => !isAwsOwnedPath(value), ruled('awsPath'))
  .meta(described('Begins and ends with `/`; part of the ARN. Default: `/`.'))

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
const tagKey = z
  .string(ruled('tagKey'))
  .min(1, ruled('tagKey'))
  .max(128, ruled('tagKey'))
  .regex(TAG_TEXT, ruled('tagKey'))
  .refine((key) => !/^aws:/i.test(key), ruled('reservedTagKey'))
const tagValue = z.string(ruled('tagValue')).max(256, ruled('tagValue')).regex(TAG_TEXT, ruled('tagValue'))
export const tagMap = z.record(tagKey, tagValue)

const tags = tagMap
  .nullable()
  .optional()
  .meta(described('Exactly these tags; `{}` = none; absent = not managed here.'))

const managedPolicies = z
  .array(z.string(), ruled('policyNames'))
  .nullable()
  .optional()
  .meta(
    described(
      'Exactly these managed policies: a name of this project, a name of AWS, or an ARN. `[]` = none; absent = not managed here.',
    ),
  )

/**
 * A document, or `{file: …}`. Only that it is an object is checked here: `src/policy` reads it,
 * and the shipped JSON Schema gets its grammar from `document-schema.ts`.
 */
export const document = z
  .custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ruled('document'),
  )
  .meta({ id: 'document' })

const inlinePolicies = z
  .record(inlinePolicyName, document)
  .nullable()
  .optional()
  .meta(described('Exactly these inline policies, by name. `{}` = none; absent = not managed here.'))

const permissionsBoundary = z
  .string()
  .nullable()
  .optional()
  .meta(
    described('A name of this project, a name of AWS, or an ARN. `null` = none; absent = not managed here.'),
  )

const description = (rule: 'description' | 'policyDescription') =>
  z
    .string(ruled(rule))
    .max(1000, ruled(rule))
    .regex(rule === 'description' ? /^[\t\n\r\x20-\x7e\xa1-\xff]*$/ : /^[\s\S]*$/, ruled(rule))
    .nullable()
    .optional()

export const user = z
  .strictObject({
    path: path.optional(),
    groups: z
      .array(z.string(), ruled('groupNames'))
      .nullable()
      .optional()
      .meta(described('In exactly these groups. `[]` = none; absent = not managed here.')),
    managedPolicies,
    inlinePolicies,
    permissionsBoundary,
    tags,
  })
  .meta(described('An IAM user.'))

export const group = z
  .strictObject({ path: path.optional(), managedPolicies, inlinePolicies })
  .meta(described('An IAM group. Who is in it stands with the users.'))

export const role = z
  .strictObject({
    path: path.optional(),
    trustPolicy: document,
    description: description('description').meta(described('At most 1000 characters.')),
    maxSessionDuration: z
      .int(ruled('maxSessionDuration'))
      .min(3600, ruled('maxSessionDuration'))
      .max(43200, ruled('maxSessionDuration'))
      .nullable()
      .optional()
      .meta(described('Seconds, 3600 to 43200. `null` = 3600; absent = not managed here.')),
    managedPolicies,
    inlinePolicies,
    permissionsBoundary,
    tags,
  })
  .meta(described('An IAM role.'))

export const policy = z
  .strictObject({
    path: path.optional(),
    description: description('policyDescription').meta(
      described('At most 1000 characters. Can not be changed in place: another one replaces the policy.'),
    ),
    document,
    tags,
  })
  .meta(described('A customer managed policy.'))

/** The keys that an entity may have. */
export const ENTITY_KEYS: Readonly<Record<EntityKind, readonly string[]>> = {
  user: Object.keys(user.shape),
  group: Object.keys(group.shape),
  role: Object.keys(role.shape),
  policy: Object.keys(policy.shape),
}

export type UserInput = z.infer<typeof user>
export type GroupInput = z.infer<typeof group>
export type RoleInput = z.infer<typeof role>
export type PolicyInput = z.infer<typeof policy>
