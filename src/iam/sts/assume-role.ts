import type * as sdk from '@aws-sdk/client-sts'
import { impliedActions } from '../../evaluator/estate/call-rules.ts'
import { roles } from '../../kinds/role/iam.ts'
import { parseArn, parseEntityArn } from '../../model/index.ts'
import type { Keys, Needed } from '../authorization/call.ts'
import { type CallingPrincipal, callingPrincipal } from '../authorization/calling-principal.ts'
import { resourceTags } from '../authorization/iam-needs.ts'
import { refuseCredentials } from '../authorization/session-limits.ts'
import type { ResourcePolicy } from '../authorization/stored-layers.ts'
import { passedTags } from '../authorization/tag-keys.ts'
import type { Session } from '../caller.ts'
import type { Reading } from '../context.ts'
import { readText } from '../input.ts'
import { refused, validationError } from '../refusals.ts'
import type { EntityRow } from '../store-port.ts'
import { trustPolicies } from '../trust.ts'
import { takeShownCode } from './mfa-codes.ts'
import {
  chainedTags,
  inheritedTags,
  packedSize,
  readSessionName,
  readSessionPolicies,
  readSessionTags,
  readSourceIdentity,
} from './session-input.ts'
import { readDuration, type StsCall, type StsContext, wholeSeconds } from './sts-call.ts'

export const ROLE_DURATIONS = { least: 900, most: 43_200, otherwise: 3600 }
/** @see IAM User Guide, "Roles terms and concepts": role chaining */
const LONGEST_CHAINED = 3600

type Input = sdk.AssumeRoleRequest

/** @see AWS STS API Reference, AssumeRole */
export async function assumeRole(context: StsContext, call: StsCall<Input>): Promise<sdk.AssumeRoleResponse> {
  const { input, request } = call
  const arn = readRoleArn(input.RoleArn)
  const sessionName = readSessionName('roleSessionName', input.RoleSessionName)
  const duration = readDuration(input.DurationSeconds, ROLE_DURATIONS)
  const principal = await context.read((reading) => callingPrincipal(reading, call.caller))
  refuseCredentials(principal, 'sts', call.operation)
  const passed = readSessionTags(input)
  const { tags, transitive } = chainedTags(passed, principal.session)
  const sourceIdentity = sourceIdentityOf(input, principal.session)
  const shown = await takeShownCode(context, principal, input)
  const authorizer = await context.authorizer()
  return context.read(async (reading) => {
    const role = await trustedRole(reading, arn)
    const under = { resource: role?.trust ?? null, ...(shown ? { mfa: request.now } : {}) }
    const keys = [...(await roleKeys(reading, role?.row ?? null)), ...keysOf(input, sourceIdentity)]
    for (const needed of permissionsToAssume(arn, keys, inheritedTags(principal.session).length > 0))
      await authorizer.require(reading, call, principal, needed, under)
    // Without a role nothing was allowed.
    if (role === null) throw refused('AccessDenied', `Not authorized to assume ${arn}`)
    requireDuration(duration, role.row, principal)
    const policies = await readSessionPolicies(reading, input)
    const size = packedSize(policies, tags)
    const issued = wholeSeconds(request.now)
    const session: Session = {
      bearer: { kind: 'assumedRole', roleId: role.row.id, sessionName },
      issued,
      expires: issued + duration * 1000,
      policies,
      tags,
      transitive,
      sourceIdentity,
      mfa: null,
      context: [],
    }
    return {
      Credentials: context.tokens.issue(session, reading.account.id),
      AssumedRoleUser: assumedRoleUser(reading, role.row, sessionName),
      ...(size === undefined ? {} : { PackedPolicySize: size }),
      ...(sourceIdentity === null ? {} : { SourceIdentity: sourceIdentity }),
    }
  })
}

/** @throws IamError ValidationError */
export function readRoleArn(value: unknown): string {
  const arn = readText('roleArn', value, { least: 20, most: 2048 })
  if (parseArn(arn) === null) throw refused('ValidationError', `${arn} is invalid`)
  return arn
}

interface TrustedRole {
  readonly row: EntityRow<(typeof roles)['kind']>
  readonly trust: ResourcePolicy
}

/** A role of this account with its trust policy; null: there is none of this ARN. */
export async function trustedRole(reading: Reading, arn: string): Promise<TrustedRole | null> {
  const { account, rows } = reading
  const named = parseEntityArn(arn)
  if (named?.kind !== roles.kind || named.account !== account.id || named.partition !== account.partition)
    return null
  const row = await rows.entity(roles.kind, named.name)
  if (row === null || row.path !== named.path) return null
  const text = (await trustPolicies(reading, [row.id])).get(row.id)
  return text === undefined ? null : { row, trust: { arn, text } }
}

const roleKeys = (reading: Reading, row: TrustedRole['row'] | null): Promise<Keys> =>
  resourceTags(reading, row)

export const assumedRoleUser = (
  { account }: Reading,
  { id, name }: TrustedRole['row'],
  sessionName: string,
): sdk.AssumedRoleUser => ({
  AssumedRoleId: `${id}:${sessionName}`,
  Arn: `arn:${account.partition}:sts::${account.id}:assumed-role/${name}/${sessionName}`,
})

/** A source identity stays with all that is chained from a session. */
function sourceIdentityOf(input: Input, from: Session | null): string | null {
  const passed = readSourceIdentity(input.SourceIdentity)
  const inherited = from?.sourceIdentity ?? null
  if (passed !== null && inherited !== null && passed !== inherited)
    throw refused(
      'AccessDenied',
      'The source identity of a session cannot be changed by the roles that are assumed from it.',
    )
  return inherited ?? passed
}

const keysOf = (input: Input, sourceIdentity: string | null): Keys => [
  ['sts:RoleSessionName', [String(input.RoleSessionName)]],
  ...(input.ExternalId === undefined
    ? []
    : ([['sts:ExternalId', [readExternalId(input.ExternalId)]]] as const)),
  ...(sourceIdentity === null ? [] : ([['sts:SourceIdentity', [sourceIdentity]]] as const)),
  ...(input.TransitiveTagKeys === undefined || input.TransitiveTagKeys.length === 0
    ? []
    : ([['sts:TransitiveTagKeys', input.TransitiveTagKeys]] as const)),
  ...passedTags(input.Tags),
]

function readExternalId(value: unknown): string {
  const id = readText('externalId', value, { least: 2, most: 1224 })
  if (!/^[\w+=,.@:/-]*$/.test(id))
    throw validationError(
      'externalId',
      id,
      'Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*',
    )
  return id
}

/**
 * What is passed along needs permissions of its own on the role; what is passed on from a session, too.
 * @see IAM User Guide, "Pass session tags in AWS STS"
 */
export function permissionsToAssume(
  resource: string,
  keys: Keys,
  inheritsTags: boolean,
  action = 'sts:AssumeRole',
): readonly Needed[] {
  const request = { principal: '*', action, resource, context: new Map(keys) }
  const implied = impliedActions(request, inheritsTags ? ['sts:TransitiveTagKeys'] : [])
  return [action, ...implied.map((each) => each.action)].map((each) => ({ action: each, resource, keys }))
}

/** @throws IamError ValidationError */
export function requireRoleDuration(duration: number, { body }: TrustedRole['row']): void {
  if (duration > body.maxSessionDuration)
    throw refused(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
}

function requireDuration(duration: number, row: TrustedRole['row'], { session }: CallingPrincipal): void {
  requireRoleDuration(duration, row)
  if (session?.bearer.kind === 'assumedRole' && duration > LONGEST_CHAINED)
    throw refused(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
}
