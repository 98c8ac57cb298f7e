import type { PrincipalFacts, PrincipalKind } from '../principal.ts'

type Derived = readonly (readonly [key: string, value: string])[]

const PRINCIPAL_TYPES: Readonly<Partial<Record<PrincipalKind, string>>> = {
  root: 'Account',
  user: 'User',
  role: 'AssumedRole',
  federatedUser: 'FederatedUser',
  anonymous: 'Anonymous',
}

/**
 * Context keys that follow from who asks; keys in lower case. What isn't known is left out: a user's and a session's
 * `aws:userid` hold a unique id, which no ARN tells; a service may have more names than the one that it asks under; a
 * provider is who signs in, or a session that began so (`providerContext`).
 * @param base of a session: its role's ARN. A federated user has an ARN of its own, whoever asked for its credentials
 * @see IAM User Guide, "AWS global condition context keys": properties of the principal
 */
export function principalContext(facts: PrincipalFacts, base: string | null): Derived {
  const { kind, account, name, text } = facts
  const derived: (readonly [string, string])[] = []
  const type = PRINCIPAL_TYPES[kind]
  if (type !== undefined) derived.push(['aws:principaltype', type])
  if (kind === 'anonymous') {
    derived.push(['aws:principalaccount', 'anonymous'], ['aws:userid', 'anonymous'])
    return derived
  }
  if (kind === 'provider') return derived
  if (kind === 'uniqueId') derived.push(...uniqueIdContext(text))
  derived.push(['aws:principalisawsservice', kind === 'service' ? 'true' : 'false'])
  if (kind === 'service')
    derived.push(['aws:principalservicename', text], ['aws:principalservicenameslist', text])
  if (account === null) return derived
  derived.push(
    ['aws:principalaccount', account],
    ['aws:principalarn', (kind === 'role' ? base : null) ?? text],
  )
  if (kind === 'user' && name !== null) derived.push(['aws:username', name])
  if (kind === 'root') derived.push(['aws:userid', account])
  if (kind === 'federatedUser' && name !== null) derived.push(['aws:userid', `${account}:${name}`])
  return derived
}

/** A user's or a role's unique id tells which of the two it is of; a user's is the id of whoever asks, too. */
const uniqueIdContext = (id: string): Derived => {
  if (id.startsWith('AIDA'))
    return [
      ['aws:principaltype', 'User'],
      ['aws:userid', id],
    ]
  return id.startsWith('AROA') ? [['aws:principaltype', 'AssumedRole']] : []
}

/**
 * Of whoever a provider vouches for: the sign-in itself is not signed; every other call is one of a role's session.
 * @see IAM User Guide, "AWS global condition context keys": aws:PrincipalIsAWSService, aws:PrincipalType
 */
export const providerContext = ({ kind }: PrincipalFacts, action: string): Derived =>
  kind === 'provider' && !/^sts:/i.test(action)
    ? [
        ['aws:principaltype', 'AssumedRole'],
        ['aws:principalisawsservice', 'false'],
      ]
    : []

/**
 * Context keys that follow from who asks for what: KMS tells its own name for the caller's account.
 * @see AWS KMS Developer Guide, "AWS KMS condition keys": kms:CallerAccount
 */
export const callerContext = ({ kind, account }: PrincipalFacts, action: string): Derived =>
  /^kms:/i.test(action) && account !== null && kind !== 'provider' ? [['kms:calleraccount', account]] : []

/** Context keys that follow from when a request is made. */
export function timeContext(now: Date): Derived {
  return [
    ['aws:currenttime', now.toISOString()],
    ['aws:epochtime', String(Math.floor(now.getTime() / 1000))],
  ]
}
