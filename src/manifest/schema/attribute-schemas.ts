import { z } from 'zod'
import { isAwsOwnedPath } from '../../model/index.ts'
import { ruled } from './rules.ts'

export const described = (text: string) => ({ description: text })

export const ENTITY_NAME = /^[\w+=,.@-]+$/

const inlinePolicyName = z
  .string(ruled('inlinePolicyName'))
  .max(128, ruled('inlinePolicyName'))
  .regex(ENTITY_NAME, ruled('inlinePolicyName'))

const pathOf = (rule: 'path' | 'policyPath', pattern: RegExp) =>
  z
    .string(ruled(rule))
    .max(512, ruled(rule))
    .regex(pattern, ruled(rule))
    .refine((value) => !isAwsOwnedPath(value), ruled('awsPath'))
    .meta(described('Begins and ends with `/`; part of the ARN. Default: `/`.'))

export const pathSchema = pathOf('path', /^\/([\x21-\x7e]+\/)?$/)
/** IAM takes less in the path of a policy than in all others. @see IAM API Reference, CreatePolicy: the pattern of Path */
export const policyPathSchema = pathOf('policyPath', /^(\/[A-Za-z0-9.,+@=_-]+)*\/$/)

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
const tagKey = z
  .string(ruled('tagKey'))
  .min(1, ruled('tagKey'))
  .max(128, ruled('tagKey'))
  .regex(TAG_TEXT, ruled('tagKey'))
  .refine((key) => !/^aws:/i.test(key), ruled('reservedTagKey'))
const tagValue = z.string(ruled('tagValue')).max(256, ruled('tagValue')).regex(TAG_TEXT, ruled('tagValue'))
export const tagMap = z.record(tagKey, tagValue)

export const tagsSchema = tagMap
  .nullable()
  .optional()
  .meta(described('Exactly these tags; `{}` = none; absent = not managed here.'))

export const managedPoliciesSchema = z
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
export const documentSchema = z
  .custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ruled('document'),
  )
  .meta({ id: 'document' })

export const inlinePoliciesSchema = z
  .record(inlinePolicyName, documentSchema)
  .nullable()
  .optional()
  .meta(described('Exactly these inline policies, by name. `{}` = none; absent = not managed here.'))

const secretDescribed = (what: string) =>
  described(`${what}: where it comes from. It never stands here itself.`)

const SECRET_FROM = (key: string, value: object = {}) => ({
  type: 'object',
  properties: { [key]: { type: 'string', ...value } },
  required: [key],
  additionalProperties: false,
})

const FROM_ELSEWHERE = [
  { ...SECRET_FROM('env'), description: 'A variable of the environment of whoever applies.' },
  { ...SECRET_FROM('file'), description: 'A file of the IAM folder, relative to this manifest.' },
]

/**
 * Where a secret comes from. Loading takes anything here and leaves it to `secret-sources.ts`, which quotes nothing of it in
 * what it reports; editors get the three forms.
 */
export const secretSourceSchema = (what: string) =>
  z
    .custom<unknown>(() => true)
    .meta({
      ...secretDescribed(what),
      oneOf: [
        ...FROM_ELSEWHERE,
        {
          ...SECRET_FROM('generate', { const: 'password' }),
          description: 'A password that nobody has chosen.',
        },
      ],
    })
    .optional()

/** The same of a private key, which must be there and which nobody makes here. */
export const privateKeySchema = z
  .custom<unknown>((value) => value !== undefined, ruled('privateKey'))
  .meta({ ...secretDescribed('The private key of the certificate'), oneOf: FROM_ELSEWHERE })

const FILE = z.strictObject({ file: z.string().min(1) })

/** A text of some lines, or `{ file: … }`. Loading reads the file; that it is one of the two is all that is checked here. */
export const textOrFileSchema = (rule: 'metadata' | 'certificate') => z.union([z.string(), FILE], ruled(rule))

/** The same of a text that IAM takes up to some length. */
export const bodyOrFileSchema = (rule: 'sshKeyBody' | 'certificateBody') =>
  z.union([z.string().min(1).max(16_384), FILE], ruled(rule))

export const permissionsBoundarySchema = z
  .string()
  .nullable()
  .optional()
  .meta(
    described('A name of this project, a name of AWS, or an ARN. `null` = none; absent = not managed here.'),
  )

export const descriptionSchema = (rule: 'description' | 'policyDescription') =>
  z
    .string(ruled(rule))
    .max(1000, ruled(rule))
    .regex(rule === 'description' ? /^[\t\n\r\x20-\x7e\xa1-\xff]*$/ : /^[\s\S]*$/, ruled(rule))
    .nullable()
    .optional()
