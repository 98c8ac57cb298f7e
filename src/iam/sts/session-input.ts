import type * as sdk from '@aws-sdk/client-sts'
import type { Session, SessionPolicies, SessionTag } from '../caller.ts'
import type { Reading } from '../context.ts'
import { readDocument } from '../documents.ts'
import { readTags, readText } from '../input.ts'
import { currentDocument } from '../managed-policies.ts'
import { refused, validationError } from '../refusals.ts'
import { IamError } from '../service-error.ts'

/** @see AWS STS API Reference: the patterns of roleSessionNameType, userNameType, sourceIdentityType */
const NAME = /^[\w+=,.@-]*$/
const LONGEST_POLICY = 2048
const MOST_POLICIES = 10
/** Of policies and tags together, in bytes. How AWS packs them isn't known: the limit keeps tokens below what a header takes. */
const MOST_PACKED = 6144

/** A name that stands in the ARN of a session. @throws IamError ValidationError */
export function readSessionName(field: string, value: unknown, most = 64): string {
  const name = readText(field, value, { least: 2, most })
  if (!NAME.test(name))
    throw validationError(field, name, 'Member must satisfy regular expression pattern: [\\w+=,.@-]*')
  return name
}

/** @throws IamError ValidationError, InvalidParameterValue */
export function readSourceIdentity(value: unknown): string | null {
  if (value === undefined || value === null) return null
  const identity = readSessionName('sourceIdentity', value)
  if (/^aws:/i.test(identity)) throw invalidParameter('The source identity cannot begin with aws:')
  return identity
}

/** Policies that a session is limited to. @throws IamError ValidationError, MalformedPolicyDocument */
export async function readSessionPolicies(
  reading: Reading,
  { Policy, PolicyArns }: Pick<sdk.AssumeRoleRequest, 'Policy' | 'PolicyArns'>,
): Promise<SessionPolicies> {
  const inline =
    Policy === undefined || Policy === null
      ? null
      : readDocument(
          'policy',
          readText('policy', Policy, { least: 1, most: LONGEST_POLICY }),
          'inline',
          reading.account.partition,
        ).text
  const arns = (PolicyArns ?? []).map(({ arn }, index) =>
    readText(`policyArns.${index + 1}.member.arn`, arn, { least: 20, most: 2048 }),
  )
  if (arns.length > MOST_POLICIES)
    throw validationError(
      'policyArns',
      arns,
      `Member must have length less than or equal to ${MOST_POLICIES}`,
    )
  for (const arn of arns)
    if ((await currentDocument(reading, arn)) === null)
      throw refused('MalformedPolicyDocument', `The managed policy ${arn} cannot be found.`)
  return { inline, arns }
}

/** Tags that a call passes to a session, and which of them go on. @throws IamError ValidationError, InvalidParameterValue */
export function readSessionTags({
  Tags,
  TransitiveTagKeys,
}: Pick<sdk.AssumeRoleRequest, 'Tags' | 'TransitiveTagKeys'>): Pick<Session, 'tags' | 'transitive'> {
  const tags = readPassedTags(Tags)
  const transitive = (TransitiveTagKeys ?? []).map(String)
  for (const key of transitive)
    if (!has(tags, key))
      throw invalidParameter('The specified transitive tag key must be included in the requested tags.')
  return { tags, transitive }
}

function readPassedTags(value: unknown): readonly SessionTag[] {
  try {
    return readTags(value, { keysIgnoreCase: true }).map(({ Key = '', Value = '' }) => ({
      key: Key,
      value: Value,
    }))
  } catch (error) {
    throw error instanceof IamError && error.code === 'InvalidInput' ? invalidParameter(error.message) : error
  }
}

const has = (tags: readonly SessionTag[], key: string): boolean =>
  tags.some((tag) => tag.key.toLowerCase() === key.toLowerCase())

/**
 * The tags of a session that is chained from another: what was passed on to it can't be passed otherwise.
 * @throws IamError InvalidParameterValue
 * @see IAM User Guide, "Pass session tags in AWS STS": chaining roles with session tags
 */
export function chainedTags(
  passed: Pick<Session, 'tags' | 'transitive'>,
  from: Session | null,
): Pick<Session, 'tags' | 'transitive'> {
  const inherited = inheritedTags(from)
  for (const { key } of passed.tags)
    if (has(inherited, key))
      throw invalidParameter(`The tag key ${key} conflicts with a transitive tag key of the calling session.`)
  return {
    tags: [...inherited, ...passed.tags],
    transitive: [...inherited.map(({ key }) => key), ...passed.transitive],
  }
}

export const inheritedTags = (from: Session | null): readonly SessionTag[] =>
  (from?.tags ?? []).filter(({ key }) =>
    from?.transitive.some((each) => each.toLowerCase() === key.toLowerCase()),
  )

/**
 * How much of what a token takes is taken, in percent; undefined: nothing was passed.
 * @throws IamError PackedPolicyTooLarge
 */
export function packedSize(
  { inline, arns }: SessionPolicies,
  tags: readonly SessionTag[],
): number | undefined {
  if (inline === null && arns.length === 0 && tags.length === 0) return undefined
  const percent = Math.ceil((100 * Buffer.byteLength(JSON.stringify([inline, arns, tags]))) / MOST_PACKED)
  if (percent > 100)
    throw refused(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    )
  return percent
}

const invalidParameter = (message: string): IamError => refused('InvalidParameterValue', message)
