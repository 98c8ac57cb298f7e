import type * as sdk from '@aws-sdk/client-iam'
import { Secret } from '../model/secret.ts'
import { refused, validationError } from './refusals.ts'

/** @see IAM API Reference: the pattern of UserName, GroupName, RoleName, PolicyName */
const NAME = /^[\w+=,.@-]+$/

/**
 * A name as the API takes it.
 * @param longest characters
 * @param field as AWS writes it in messages: `userName`
 * @throws IamError ValidationError
 */
export function readName(longest: number, field: string, value: unknown): string {
  const name = readText(field, value, { least: 1, most: longest })
  if (!NAME.test(name))
    throw refused(
      'ValidationError',
      `The specified value for ${field} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    )
  return name
}

const LONGEST_PATH = 512
/** One `/`, or printable ASCII between two. @see IAM API Reference: the pattern of Path */
const PATH = /^(?:\/|\/[\u0021-\u007e]+\/)$/

/**
 * @param pattern of the kind's paths, where they are narrower than others
 * @returns `/` when there is none
 */
export function readPath(value: unknown, pattern: RegExp = PATH): string {
  if (value === undefined || value === null) return '/'
  const path = readText('path', value, { least: 1, most: LONGEST_PATH })
  if (!pattern.test(path))
    throw refused(
      'ValidationError',
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    )
  return path
}

/** A path to filter by, which needs no `/` at its end. */
export function readPathPrefix(value: unknown): string {
  if (value === undefined || value === null) return '/'
  const prefix = readText('pathPrefix', value, { least: 1, most: LONGEST_PATH })
  if (!/^\/[\u0021-\u007f]*$/.test(prefix))
    throw validationError(
      'pathPrefix',
      value,
      'Member must satisfy regular expression pattern: \\u002F[\\u0021-\\u007F]*',
    )
  return prefix
}

const LONGEST_DESCRIPTION = 1000

/** @returns an empty text when there is none: the API doesn't tell the two apart */
export function readDescription(value: unknown): string {
  if (value === undefined || value === null) return ''
  return readText('description', value, { least: 0, most: LONGEST_DESCRIPTION })
}

export function readInteger(
  field: string,
  value: unknown,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw validationError(field, value, 'Member must be an integer')
  if (value < least)
    throw validationError(field, value, `Member must have value greater than or equal to ${least}`)
  if (value > most)
    throw validationError(field, value, `Member must have value less than or equal to ${most}`)
  return value
}

export function readBoolean(field: string, value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw validationError(field, value, 'Member must be a boolean')
  return value
}

/** A required text. Lengths are UTF-16 units. */
export function readText(
  field: string,
  value: unknown,
  { least, most }: { readonly least: number; readonly most: number },
): string {
  if (value === undefined || value === null) throw validationError(field, value, 'Member must not be null')
  if (typeof value !== 'string') throw validationError(field, value, 'Member must be a string')
  if (value.length < least)
    throw validationError(field, value, `Member must have length greater than or equal to ${least}`)
  if (value.length > most)
    throw validationError(field, value, `Member must have length less than or equal to ${most}`)
  return value
}

/**
 * What only the target comes to know: a required secret, by its length alone. No refusal quotes it.
 * @throws IamError ValidationError
 */
export function readSecret(
  field: string,
  value: unknown,
  bounds: { readonly least: number; readonly most: number },
): string {
  if (!(value instanceof Secret)) throw validationError(field, null, 'Member must not be null')
  const secret = value.reveal()
  if (secret.length >= bounds.least && secret.length <= bounds.most) return secret
  throw validationError(
    field,
    value,
    `Member must have length from ${bounds.least} to ${bounds.most}, inclusive`,
  )
}

const SHORTEST_ARN = 20
const LONGEST_ARN = 2048
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\u0021-\u007e]+$/

/** The ARN of a managed policy, one's own or AWS's. */
export function readPolicyArn(field: string, value: unknown): string {
  const arn = readText(field, value, { least: SHORTEST_ARN, most: LONGEST_ARN })
  if (!POLICY_ARN.test(arn)) throw refused('InvalidInput', `ARN ${arn} is not valid.`)
  return arn
}

/** `v3` → 3 */
export function readVersionId(value: unknown): number {
  const text = readText('versionId', value, { least: 1, most: 64 })
  const match = /^v([1-9]\d{0,8})(?:\.[A-Za-z0-9-]*)?$/.exec(text)
  if (match === null)
    throw validationError(
      'versionId',
      value,
      'Member must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?',
    )
  return Number(match[1])
}

const MOST_TAGS_IN_A_CALL = 50
const LONGEST_TAG_KEY = 128
const LONGEST_TAG_VALUE = 256
/** @see IAM API Reference, Tag: the patterns of Key and Value */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/**
 * @param keysIgnoreCase users and roles; tag keys of policies are case-sensitive
 * @see IAM User Guide, "Tags for AWS Identity and Access Management resources": case sensitivity
 */
export function readTags(
  value: unknown,
  { keysIgnoreCase }: { readonly keysIgnoreCase: boolean },
): readonly sdk.Tag[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw validationError('tags', value, 'Member must be a list')
  if (value.length > MOST_TAGS_IN_A_CALL)
    throw validationError(
      'tags',
      value,
      `Member must have length less than or equal to ${MOST_TAGS_IN_A_CALL}`,
    )
  const seen = new Set<string>()
  return value.map((tag: Partial<sdk.Tag> | null, index) => {
    const place = `tags.${index + 1}.member`
    const key = readTagKey(`${place}.key`, tag?.Key)
    const text = readText(`${place}.value`, tag?.Value, { least: 0, most: LONGEST_TAG_VALUE })
    if (!TAG_TEXT.test(text))
      throw validationError(
        `${place}.value`,
        text,
        'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*',
      )
    if (/^aws:/i.test(key)) throw refused('InvalidInput', 'Tag keys that begin with aws: are reserved.')
    const identity = keysIgnoreCase ? key.toLowerCase() : key
    if (seen.has(identity))
      throw refused(
        'InvalidInput',
        keysIgnoreCase
          ? 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
          : 'Duplicate tag keys found.',
      )
    seen.add(identity)
    return { Key: key, Value: text }
  })
}

export function readTagKeys(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw validationError('tagKeys', value, 'Member must not be null')
  if (value.length > MOST_TAGS_IN_A_CALL)
    throw validationError(
      'tagKeys',
      value,
      `Member must have length less than or equal to ${MOST_TAGS_IN_A_CALL}`,
    )
  return value.map((key: unknown, index) => readTagKey(`tagKeys.${index + 1}.member`, key))
}

function readTagKey(field: string, value: unknown): string {
  const key = readText(field, value, { least: 1, most: LONGEST_TAG_KEY })
  if (!TAG_TEXT.test(key))
    throw validationError(
      field,
      key,
      'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+',
    )
  return key
}
