import { matchesPattern } from '../../model/name-pattern.ts'
import type { ParsedPolicy, ParsedStatement } from '../../policy/parsed.ts'
import type { PrincipalKind } from '../principal.ts'

/** Whoever has not signed in with a provider, nor has a session of a role from it. */
const NOT_SIGNED_IN: ReadonlySet<PrincipalKind> = new Set([
  'anonymous',
  'federatedUser',
  'root',
  'service',
  'user',
])

/**
 * Whether requests of a kind of principal can carry a key: what identity providers say of somebody comes with their sign-in, and
 * with sessions of roles that they get by it.
 * @param key in lower case
 * @see IAM User Guide, "IAM and AWS STS condition context keys": keys of SAML and of web identity federation
 */
export const mayBeOf = (kind: PrincipalKind, key: string): boolean =>
  !NOT_SIGNED_IN.has(kind) || !isOfSignIn(key)

/** Keys that an identity provider's sign-in brings, in lower case. */
export const isOfSignIn = (key: string): boolean =>
  key === 'aws:federatedprovider' || key.startsWith('saml:') || isOfIssuer(key)

/** `accounts.google.com:aud`, `token.actions.githubusercontent.com:sub`: a host stands before the colon. */
const isOfIssuer = (key: string): boolean => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[^:]*)?:/.test(key)

/** Whether sessions of a role may begin with a sign-in, by its trust policy. */
export const letsSignIn = ({ statements }: ParsedPolicy): boolean =>
  statements.some(
    (statement) =>
      mayStartBySignIn(statement) &&
      (statement.principal?.negated === true ||
        statement.principal?.entries.some(({ kind }) => kind === 'federated' || kind === 'everyone') ===
          true),
  )

/** The same with one provider, as policies name it. */
export const letsSignInBy = (provider: string, { statements }: ParsedPolicy): boolean =>
  statements.some(
    (statement) =>
      mayStartBySignIn(statement) &&
      (statement.principal?.negated === true ||
        statement.principal?.entries.some(
          (entry) => entry.kind === 'everyone' || (entry.kind === 'federated' && entry.provider === provider),
        ) === true),
  )

const SIGNING_IN = ['sts:assumerolewithsaml', 'sts:assumerolewithwebidentity']

/** AssumeRole starts no session by a sign-in, whoever is let in to it. */
const mayStartBySignIn = ({ effect, action }: ParsedStatement): boolean =>
  effect === 'Allow' &&
  SIGNING_IN.some(
    (each) => action.entries.some((entry) => matchesPattern(entry.toLowerCase(), each)) !== action.negated,
  )
