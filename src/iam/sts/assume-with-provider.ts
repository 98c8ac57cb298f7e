import type * as sdk from '@aws-sdk/client-sts'
import type { Keys, RequestFacts } from '../authorization/call.ts'
import { resourceTags } from '../authorization/iam-needs.ts'
import { passedTags } from '../authorization/tag-keys.ts'
import type { Session, SessionTag } from '../caller.ts'
import { refused } from '../refusals.ts'
import {
  assumedRoleUser,
  permissionsToAssume,
  ROLE_DURATIONS,
  readRoleArn,
  requireRoleDuration,
  trustedRole,
} from './assume-role.ts'
import { packedSize, readSessionPolicies } from './session-input.ts'
import { readDuration, type StsContext, wholeSeconds } from './sts-call.ts'

/** Somebody whom a provider vouches for, once that was verified. */
interface Vouched {
  /** As policies name it: an ARN, or a name that everybody knows. */
  readonly provider: string
  readonly sessionName: string
  /** Of the call. */
  readonly keys: Keys
  /** Of the session's later calls. */
  readonly lasting: Keys
  readonly tags: readonly SessionTag[]
  readonly transitive: readonly string[]
  readonly sourceIdentity: string | null
  /** Milliseconds since the epoch, after which the provider doesn't vouch any more; null: it doesn't say. */
  readonly until: number | null
}

type Asked = Pick<
  sdk.AssumeRoleWithWebIdentityRequest,
  'RoleArn' | 'Policy' | 'PolicyArns' | 'DurationSeconds'
>
type Assumed = Required<Pick<sdk.AssumeRoleResponse, 'Credentials' | 'AssumedRoleUser'>> &
  Pick<sdk.AssumeRoleResponse, 'PackedPolicySize' | 'SourceIdentity'>

/** The part that signing in by web identity and by SAML have in common. */
export async function assumeWithProvider(
  context: StsContext,
  action: 'sts:AssumeRoleWithWebIdentity' | 'sts:AssumeRoleWithSAML',
  input: Asked,
  request: RequestFacts,
  vouched: Vouched,
): Promise<Assumed> {
  const arn = readRoleArn(input.RoleArn)
  const duration = readDuration(input.DurationSeconds, ROLE_DURATIONS)
  const authorizer = await context.authorizer()
  const { provider, sessionName, tags, transitive, sourceIdentity } = vouched
  return context.read(async (reading) => {
    const role = await trustedRole(reading, arn)
    const keys: Keys = [
      ...(await resourceTags(reading, role?.row ?? null)),
      ...vouched.keys,
      ['sts:RoleSessionName', [sessionName]],
      ...passedTags(tags.map(({ key, value }) => ({ Key: key, Value: value }))),
      ...(transitive.length === 0 ? [] : ([['sts:TransitiveTagKeys', transitive]] as const)),
      ...(sourceIdentity === null ? [] : ([['sts:SourceIdentity', [sourceIdentity]]] as const)),
    ]
    for (const needed of permissionsToAssume(arn, keys, false, action))
      await authorizer.requireOfProvider(reading, request, provider, needed, role?.trust ?? null)
    // Without a role nothing was allowed.
    if (role === null) throw refused('AccessDenied', `Not authorized to perform ${action}`)
    requireRoleDuration(duration, role.row)
    const policies = await readSessionPolicies(reading, input)
    const size = packedSize(policies, tags)
    const issued = wholeSeconds(request.now)
    const session: Session = {
      bearer: { kind: 'assumedRole', roleId: role.row.id, sessionName },
      issued,
      expires: Math.min(issued + duration * 1000, vouched.until ?? Number.POSITIVE_INFINITY),
      policies,
      tags,
      transitive,
      sourceIdentity,
      mfa: null,
      context: [['aws:FederatedProvider', [provider]], ...vouched.lasting],
    }
    return {
      Credentials: context.tokens.issue(session, reading.account.id),
      AssumedRoleUser: assumedRoleUser(reading, role.row, sessionName),
      ...(size === undefined ? {} : { PackedPolicySize: size }),
      ...(sourceIdentity === null ? {} : { SourceIdentity: sourceIdentity }),
    }
  })
}
