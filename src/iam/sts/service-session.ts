import type * as sdk from '@aws-sdk/client-sts'
import type { Keys, RequestFacts } from '../authorization/call.ts'
import { resourceTags } from '../authorization/iam-needs.ts'
import { refused } from '../refusals.ts'
import { assumedRoleUser, readRoleArn, trustedRole } from './assume-role.ts'
import { readSessionName } from './session-input.ts'
import { type StsContext, wholeSeconds } from './sts-call.ts'

/** What a service of AWS assumes a role for. */
export interface ServiceSession {
  readonly roleArn: string
  /** `ec2.amazonaws.com` */
  readonly service: string
  readonly sessionName: string
  /** Seconds. The longest that the role's sessions may last doesn't bind a service. */
  readonly duration: number
  /** Of the session's calls. */
  readonly lasting: Keys
}

interface Assumed {
  readonly Credentials: Required<sdk.Credentials>
  readonly AssumedRoleUser: sdk.AssumedRoleUser
}

/**
 * A session of a role that a service hands on to what runs in it: the role has to trust the service.
 * @throws IamError AccessDenied
 */
export async function assumeByService(
  context: StsContext,
  { roleArn, service, sessionName, duration, lasting }: ServiceSession,
  request: RequestFacts,
): Promise<Assumed> {
  const arn = readRoleArn(roleArn)
  const name = readSessionName('roleSessionName', sessionName)
  const authorizer = await context.authorizer()
  return context.read(async (reading) => {
    const role = await trustedRole(reading, arn)
    const keys: Keys = [...(await resourceTags(reading, role?.row ?? null)), ['sts:RoleSessionName', [name]]]
    const needed = { action: 'sts:AssumeRole', resource: arn, keys }
    await authorizer.requireOfProvider(reading, request, service, needed, role?.trust ?? null)
    // Without a role nothing was allowed.
    if (role === null) throw refused('AccessDenied', `Not authorized to assume ${arn}`)
    const issued = wholeSeconds(request.now)
    const session = {
      bearer: { kind: 'assumedRole', roleId: role.row.id, sessionName: name },
      issued,
      expires: issued + duration * 1000,
      policies: { inline: null, arns: [] },
      tags: [],
      transitive: [],
      sourceIdentity: null,
      mfa: null,
      context: lasting,
    } as const
    return {
      Credentials: context.tokens.issue(session, reading.account.id),
      AssumedRoleUser: assumedRoleUser(reading, role.row, name),
    }
  })
}
