import { refused } from '../refusals.ts'
import { type CallingPrincipal, unknownToken } from './calling-principal.ts'

/**
 * What credentials can't be used for, whatever policies say.
 * @throws IamError
 * @see IAM User Guide, "Compare AWS STS credentials"
 */
export function refuseCredentials(
  { session, isRoot }: Pick<CallingPrincipal, 'session' | 'isRoot'>,
  service: 'iam' | 'sts',
  operation: string,
): void {
  if (service === 'sts' && operation === 'AssumeRole' && isRoot)
    throw refused('AccessDenied', 'Roles may not be assumed by root accounts.')
  if (service === 'sts' && operation === 'AssumeRoot' && isRoot)
    throw refused('AccessDenied', 'Root may not be assumed by root accounts.')
  if (session === null || (service === 'sts' && operation === 'GetCallerIdentity')) return
  const { bearer, mfa } = session
  if (service === 'sts' && NOT_BY_SESSIONS.has(operation))
    throw refused('AccessDenied', `Cannot call ${operation} with session credentials`)
  switch (bearer.kind) {
    case 'federatedUser':
      throw service === 'iam'
        ? unknownToken()
        : refused('AccessDenied', `Cannot call ${operation} with federation credentials`)
    case 'root':
    case 'sameUser': {
      if (bearer.kind === 'root' && bearer.assumed) return
      if (service === 'iam' && mfa === null) throw unknownToken()
      if (service === 'sts' && operation !== 'AssumeRole')
        throw refused('AccessDenied', `Cannot call ${operation} with session credentials`)
      return
    }
    case 'assumedRole':
      return
  }
}

const NOT_BY_SESSIONS: ReadonlySet<string> = new Set(['GetSessionToken', 'GetFederationToken'])
