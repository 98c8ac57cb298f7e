import type * as sdk from '@aws-sdk/client-sts'
import type { Needed } from '../authorization/call.ts'
import { type CallingPrincipal, callingPrincipal } from '../authorization/calling-principal.ts'
import { refuseCredentials } from '../authorization/session-limits.ts'
import { passedTags } from '../authorization/tag-keys.ts'
import type { Session } from '../caller.ts'
import { takeShownCode } from './mfa-codes.ts'
import { packedSize, readSessionName, readSessionPolicies, readSessionTags } from './session-input.ts'
import { readDuration, type StsCall, type StsContext, wholeSeconds } from './sts-call.ts'

const DURATIONS = { least: 900, most: 129_600, otherwise: 43_200 }
/** Of root: what is longer is cut. @see AWS STS API Reference, GetSessionToken, GetFederationToken */
const LONGEST_OF_ROOT = 3600
const LONGEST_FEDERATED_NAME = 32

/** Credentials of the same user, or of root. @see AWS STS API Reference, GetSessionToken */
export async function getSessionToken(
  context: StsContext,
  call: StsCall<sdk.GetSessionTokenRequest>,
): Promise<sdk.GetSessionTokenResponse> {
  const { input, request, caller } = call
  const principal = await context.read((reading) => callingPrincipal(reading, caller))
  refuseCredentials(principal, 'sts', call.operation)
  const duration = durationFor(principal, input.DurationSeconds)
  const shown = await takeShownCode(context, principal, input)
  const { row } = principal
  const session: Session = {
    ...lasting(request.now, duration),
    bearer: row === null ? { kind: 'root', assumed: false } : { kind: 'sameUser', userId: row.id },
    policies: { inline: null, arns: [] },
    tags: [],
    mfa: shown ? wholeSeconds(request.now) : null,
  }
  return { Credentials: context.tokens.issue(session, caller.accountId) }
}

/** Credentials for somebody whom a user, or root, vouches for. @see AWS STS API Reference, GetFederationToken */
export async function getFederationToken(
  context: StsContext,
  call: StsCall<sdk.GetFederationTokenRequest>,
): Promise<sdk.GetFederationTokenResponse> {
  const { input, request, caller } = call
  const name = readSessionName('name', input.Name, LONGEST_FEDERATED_NAME)
  const authorizer = await context.authorizer()
  return context.read(async (reading) => {
    const principal = await callingPrincipal(reading, caller)
    refuseCredentials(principal, 'sts', call.operation)
    const duration = durationFor(principal, input.DurationSeconds)
    const { tags } = readSessionTags({ Tags: input.Tags })
    const { partition, id } = reading.account
    const arn = `arn:${partition}:sts::${id}:federated-user/${name}`
    const needed: Needed = {
      action: 'sts:GetFederationToken',
      resource: arn,
      keys: passedTags(input.Tags),
    }
    await authorizer.require(reading, call, principal, needed)
    if (tags.length > 0)
      await authorizer.require(reading, call, principal, { ...needed, action: 'sts:TagSession' })
    const policies = await readSessionPolicies(reading, input)
    const size = packedSize(policies, tags)
    const session: Session = {
      ...lasting(request.now, duration),
      bearer: { kind: 'federatedUser', name, userId: principal.row?.id ?? null },
      policies,
      tags,
      mfa: null,
    }
    return {
      Credentials: context.tokens.issue(session, id),
      FederatedUser: { FederatedUserId: `${id}:${name}`, Arn: arn },
      ...(size === undefined ? {} : { PackedPolicySize: size }),
    }
  })
}

const durationFor = ({ isRoot }: CallingPrincipal, value: unknown): number => {
  const duration = readDuration(value, DURATIONS)
  return isRoot ? Math.min(duration, LONGEST_OF_ROOT) : duration
}

function lasting(
  now: number,
  duration: number,
): Pick<Session, 'issued' | 'expires' | 'transitive' | 'sourceIdentity' | 'context'> {
  const issued = wholeSeconds(now)
  return {
    issued,
    expires: issued + duration * 1000,
    transitive: [],
    sourceIdentity: null,
    context: [],
  }
}
