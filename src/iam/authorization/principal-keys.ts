import { accountContext, IAM_REGIONS } from '../../evaluator/estate/derived-context.ts'
import type { Membership } from '../../evaluator/estate/organization-levels.ts'
import type { Reading } from '../context.ts'
import type { Keys, RequestFacts } from './call.ts'
import type { CallingPrincipal } from './calling-principal.ts'
import { keysOfTags } from './tag-keys.ts'

/** Where the account stands in its organization; absent: in none that is known. */
export interface Standing {
  readonly memberships: ReadonlyMap<string, Membership>
  readonly organizationId: string | null
}

/**
 * Context keys of who calls, beside those that follow of the ARN (`aws:PrincipalArn`, `aws:username`, …).
 * @param mfa when codes were shown: with this very call, or as the session says
 * @see IAM User Guide, "AWS global condition context keys"
 */
export async function principalKeys(
  reading: Reading,
  principal: CallingPrincipal,
  { request, mfa, standing }: Circumstances,
): Promise<Keys> {
  const { session, row } = principal
  const own =
    row === null || session?.bearer.kind === 'federatedUser' ? [] : await reading.rows.tags([row.id])
  const passed = session?.tags ?? []
  const overridden = new Set(passed.map(({ key }) => key.toLowerCase()))
  const tags = [...own.filter(({ key }) => !overridden.has(key.toLowerCase())), ...passed]
  return [
    ...keysOfTags(
      ['aws:PrincipalTag/'],
      tags.map(({ key, value }) => [key, value]),
    ),
    ['aws:userid', [principal.userId]],
    ...accountContext('Principal', reading.account.id, standing),
    ...(session === null
      ? []
      : ([['aws:TokenIssueTime', [new Date(session.issued).toISOString()]]] as const)),
    ...mfaKeys(request.now, session !== null, mfa),
    ...(session?.sourceIdentity == null ? [] : ([['aws:SourceIdentity', [session.sourceIdentity]]] as const)),
    ...(session?.bearer.kind === 'root' && session.bearer.assumed
      ? ([['aws:AssumedRoot', ['true']]] as const)
      : []),
    ...(session?.context ?? []),
  ]
}

interface Circumstances {
  readonly request: RequestFacts
  readonly mfa: number | null
  readonly standing: Standing
}

/** Absent for who calls by a key of their own and shows no code. */
function mfaKeys(now: number, isTemporary: boolean, mfa: number | null): Keys {
  if (mfa === null) return isTemporary ? [['aws:MultiFactorAuthPresent', ['false']]] : []
  return [
    ['aws:MultiFactorAuthPresent', ['true']],
    ['aws:MultiFactorAuthAge', [String(Math.max(0, Math.floor((now - mfa) / 1000)))]],
  ]
}

/** Context keys of the request as such. IAM answers in one region of its partition, STS where it was asked. */
export function requestKeys(
  { account }: Pick<Reading, 'account'>,
  action: string,
  request: RequestFacts,
): Keys {
  const region = action.startsWith('iam:') ? IAM_REGIONS.get(account.partition) : request.region
  return [
    ['aws:ViaAWSService', ['false']],
    ['aws:SecureTransport', [String(request.isSecure)]],
    ...(request.sourceIp === null ? [] : ([['aws:SourceIp', [request.sourceIp]]] as const)),
    ...(request.userAgent === null ? [] : ([['aws:UserAgent', [request.userAgent]]] as const)),
    ...(region == null ? [] : ([['aws:RequestedRegion', [region]]] as const)),
  ]
}
