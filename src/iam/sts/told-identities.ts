import type * as sdk from '@aws-sdk/client-sts'
import { callingPrincipal } from '../authorization/calling-principal.ts'
import { LONGEST_MESSAGE } from '../authorization/denial-messages.ts'
import { refuseCredentials } from '../authorization/session-limits.ts'
import { readText } from '../input.ts'
import { refused } from '../refusals.ts'
import { accountOfKey } from '../unique-id.ts'
import type { StsCall, StsContext } from './sts-call.ts'

/** Needs no permission, and can't be denied. @see AWS STS API Reference, GetCallerIdentity */
export async function getCallerIdentity(
  { read }: StsContext,
  { caller }: StsCall<sdk.GetCallerIdentityRequest>,
): Promise<sdk.GetCallerIdentityResponse> {
  const { arn, userId } = await read((reading) => callingPrincipal(reading, caller))
  return { UserId: userId, Account: caller.accountId, Arn: arn }
}

/** @see AWS STS API Reference, GetAccessKeyInfo: whether the key is there, or active, it doesn't say */
export async function getAccessKeyInfo(
  context: StsContext,
  call: StsCall<sdk.GetAccessKeyInfoRequest>,
): Promise<sdk.GetAccessKeyInfoResponse> {
  const id = readText('accessKeyId', call.input.AccessKeyId, { least: 16, most: 128 })
  await requireOnEverything(context, call)
  const account = accountOfKey(id)
  if (account === null) throw refused('ValidationError', `Invalid access key ID: ${id}`)
  return { Account: account }
}

/** @see AWS STS API Reference, DecodeAuthorizationMessage */
export async function decodeAuthorizationMessage(
  context: StsContext,
  call: StsCall<sdk.DecodeAuthorizationMessageRequest>,
): Promise<sdk.DecodeAuthorizationMessageResponse> {
  const encoded = readText('encodedMessage', call.input.EncodedMessage, { least: 1, most: LONGEST_MESSAGE })
  await requireOnEverything(context, call)
  const decoded = context.messages.decode(encoded)
  if (decoded === null)
    throw refused('InvalidAuthorizationMessageException', 'Could not decode authorization message')
  return { DecodedMessage: decoded }
}

async function requireOnEverything(context: StsContext, call: StsCall<object>): Promise<void> {
  const authorizer = await context.authorizer()
  await context.read(async (reading) => {
    const principal = await callingPrincipal(reading, call.caller)
    refuseCredentials(principal, 'sts', call.operation)
    const needed = { action: `sts:${call.operation}`, resource: '*', keys: [] }
    await authorizer.require(reading, call, principal, needed)
  })
}
