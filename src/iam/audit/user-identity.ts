import { type Account, rootArn } from '../../model/index.ts'
import type { Caller, CallingSession, Session } from '../caller.ts'
import { eventTime, type SessionContext, type UserIdentity } from './audit-record.ts'

/** Who called, in CloudTrail's words. */
export function userIdentity(account: Account, caller: Caller): UserIdentity {
  const { accountId, accessKeyId } = caller
  if (caller.kind === 'session') return ofSession(account, caller)
  if (caller.kind === 'root')
    return { type: 'Root', principalId: accountId, arn: rootArn(account), accountId, accessKeyId }
  const { named, userName } = caller
  return {
    type: 'IAMUser',
    ...(named === undefined ? {} : { principalId: named.id, arn: named.arn }),
    accountId,
    accessKeyId,
    userName,
  }
}

function ofSession(
  account: Account,
  { accountId, accessKeyId, named, session }: CallingSession,
): UserIdentity {
  const { bearer } = session
  const who = {
    ...(named === undefined ? {} : { principalId: named.userId, arn: named.arn }),
    accountId,
    accessKeyId,
  }
  const issuer = named?.issuer ?? null
  switch (bearer.kind) {
    case 'assumedRole':
      return { type: 'AssumedRole', ...who, sessionContext: contextOf(session, issuerOf('Role')) }
    case 'federatedUser':
      return { type: 'FederatedUser', ...who, sessionContext: contextOf(session, issuerOf('IAMUser')) }
    case 'sameUser':
      return {
        type: 'IAMUser',
        ...who,
        ...(issuer === null ? {} : { userName: issuer.name }),
        sessionContext: contextOf(session),
      }
    case 'root':
      return { type: 'Root', ...who, sessionContext: contextOf(session) }
  }

  function issuerOf(type: 'Role' | 'IAMUser'): SessionContext['sessionIssuer'] {
    return issuer === null
      ? { type: 'Root', principalId: accountId, arn: rootArn(account), accountId }
      : { type, principalId: issuer.id, arn: issuer.arn, accountId, userName: issuer.name }
  }
}

const PROVIDER_KEY = 'aws:FederatedProvider'

function contextOf(session: Session, sessionIssuer?: SessionContext['sessionIssuer']): SessionContext {
  const provider = session.context.find(([key]) => key === PROVIDER_KEY)?.[1][0]
  return {
    ...(sessionIssuer === undefined ? {} : { sessionIssuer }),
    ...(provider === undefined || /:saml-provider\//.test(provider)
      ? {}
      : { webIdFederationData: { federatedProvider: provider, attributes: {} } }),
    attributes: {
      creationDate: eventTime(session.issued),
      mfaAuthenticated: session.mfa === null ? 'false' : 'true',
    },
    ...(session.sourceIdentity === null ? {} : { sourceIdentity: session.sourceIdentity }),
    ...(session.bearer.kind === 'root' && session.bearer.assumed ? { assumedRoot: 'true' } : {}),
  }
}
