import type { PrincipalFacts } from '../../evaluator/principal.ts'
import type { EstateView } from '../estate-view.ts'
import { BELOW_ROOT, WITH_WILDCARDS } from '../key-facts.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'
import type { OrganizationMembers } from '../symbolic/organization-members.ts'
import {
  COLON,
  foldedGlob,
  type Glob,
  literalGlob,
  ONE_IN_NAME,
  ONE_IN_SEGMENT,
  SLASH,
  STAR,
  STAR_IN_NAME,
  STAR_IN_SEGMENT,
} from '../symbolic/tokens.ts'
import { maySignIn } from './sign-in.ts'

/** What keys can be for some principals, beside what the catalogue says of them. */
export interface PrincipalKeys {
  /** Equal ones say the same of every key. */
  readonly id: string
  /** @param key in lower case. @returns null: nothing is known */
  readonly factsOf: (key: string) => Partial<KeyFacts> | null
  /** Of the declared organization, where the principal may be of any account. */
  readonly members?: OrganizationMembers
}

/** KMS's own name for the caller's account, in requests of KMS alone. */
export const CALLER_ACCOUNT = 'kms:calleraccount'

/** A text of at least one character, and none with a colon. */
export const WORD: Glob = [ONE_IN_SEGMENT, STAR_IN_SEGMENT]

/** Names that no host has: something stands before each dot. */
export const NO_HOSTS: readonly Glob[] = [
  [...literalGlob('.'), STAR],
  [STAR, ...literalGlob('..'), STAR],
]
/** Of whoever is in an organization. */
const ANY_ORGANIZATION: Glob = [...literalGlob('o-'), ONE_IN_NAME, STAR_IN_NAME]
/** In AWS's own policies, and on no page: the account that manages the organization of whoever asks. */
const MANAGEMENT_ACCOUNT = 'aws:principalorgmasteraccountid'
const ANY_ACCOUNT: Glob = Array.from({ length: 12 }, () => ONE_IN_NAME)
const ANY_ORGANIZATION_PATH: Glob = [...ANY_ORGANIZATION, ...BELOW_ROOT]

/** An organization that is declared, and whether somebody belongs to it. */
export interface KnownOrganization {
  readonly id: string
  readonly isMember: boolean
}

/** Tells organizations apart by what is known of somebody's. */
export const organizationMark = (known: KnownOrganization | null): string =>
  known === null ? '' : `${known.isMember ? 'member of ' : ''}${known.id}`

/**
 * What a request says of the principal's organization, where that isn't known: any there is but the known one, and of members of
 * that where they stand in it. null: it is of another key, or the id of a member.
 * @see Organizations API Reference, Organization: no two ids differ by case alone
 */
export function organizationFacts(key: string, known: KnownOrganization | null): Partial<KeyFacts> | null {
  if (key === 'aws:principalorgid')
    return known?.isMember === true
      ? null
      : {
          within: [ANY_ORGANIZATION],
          without: [...WITH_WILDCARDS, ...(known === null ? [] : [foldedGlob(known.id)])],
        }
  if (key === MANAGEMENT_ACCOUNT) return { within: [ANY_ACCOUNT], without: WITH_WILDCARDS }
  if (key !== 'aws:principalorgpaths') return null
  if (known === null) return { within: [ANY_ORGANIZATION_PATH], without: WITH_WILDCARDS }
  return known.isMember
    ? { within: [[...literalGlob(known.id), ...BELOW_ROOT]], without: WITH_WILDCARDS, mayBeAbsent: false }
    : {
        within: [ANY_ORGANIZATION_PATH],
        without: [...WITH_WILDCARDS, [...foldedGlob(known.id), SLASH, STAR]],
      }
}

/** @see IAM User Guide, "IAM identifiers": unique identifiers; "IAM policy elements: Variables": principal key values */
export const userIdOf = (kind: 'user' | 'role'): Glob =>
  kind === 'user' ? [...literalGlob('AIDA'), ...WORD] : [...literalGlob('AROA'), ...WORD, COLON, ...WORD]

/**
 * Of somebody of the estate: a unique id, which isn't known, has its form; and whether an account outside of the declared
 * organization is in another isn't known.
 * @param base the ARN of a session's role
 * @param isTagged whoever made the session chose its tags
 * @param isStarted somebody of the estate has started the session, which has nothing of a sign-in then
 */
export function entityKeys(
  facts: PrincipalFacts,
  base: string | null,
  view: EstateView,
  { isTagged = false, isStarted = false }: { readonly isTagged?: boolean; readonly isStarted?: boolean } = {},
): PrincipalKeys {
  const { kind, account } = facts
  const isSignedIn = kind === 'role' && !isStarted && maySignIn(base ?? facts.text, view)
  const { organization } = view.estate
  const isMember = account !== null && view.isMember(account)
  const known = organization === null ? null : { id: organization.id, isMember }
  return {
    id: `${kind}${isTagged ? ' tagged' : ''}${isSignedIn ? ' signed in' : ''} ${organizationMark(known)} ${account}`,
    factsOf: (key) => {
      const ofSignIn = signInFacts(key, facts, isSignedIn)
      if (ofSignIn !== null) return ofSignIn
      if (isTagged && key.startsWith('aws:principaltag/')) return { maySeveral: false }
      if (key === CALLER_ACCOUNT && account !== null)
        return { within: [literalGlob(account)], mayBeAbsent: false, maySeveral: false }
      if (key === 'aws:sourceidentity') return kind === 'role' ? { maySeveral: false } : null
      if (key === 'aws:userid' && (kind === 'user' || kind === 'role'))
        return { within: [userIdOf(kind)], without: WITH_WILDCARDS, mayBeAbsent: false, maySeveral: false }
      return organizationFacts(key, known)
    },
  }
}

/**
 * Keys that tell who a provider vouches for: of its issuer, of SAML, or of a session that began with it.
 * @see IAM User Guide, "Available keys for AWS OIDC federation", "Available keys for SAML-based AWS STS federation"
 */
const isOfSignIn = (key: string): boolean =>
  /^(?:saml:|aws:federatedprovider$|(?!aws:)[^:]*\.[^:]*:)/.test(key)

/**
 * Keys that say who asks: where they aren't known, and nothing says what they can be, they are known to be absent. Others that
 * are called alike may be anything.
 * @see IAM User Guide, "AWS global condition context keys": properties of the principal
 */
export const isAboutPrincipal = (key: string): boolean => OF_PRINCIPAL.test(key) || isOfSignIn(key)

const OF_PRINCIPAL =
  /^aws:(?:principal(?:account|arn|isawsservice|org(?:id|paths|masteraccountid)|servicename(?:slist)?|type|tag\/.*)|username|userid|sourceidentity)$/

/** What keys of a sign-in can be; null: whoever asks has none, or they are of another provider. */
export function signInFacts(
  key: string,
  { kind, text }: PrincipalFacts,
  isSignedIn: boolean,
): Partial<KeyFacts> | null {
  if (!isOfSignIn(key)) return null
  if (kind !== 'provider') return isSignedIn ? {} : null
  if (key.startsWith('saml:')) return text.includes(':saml-provider/') ? {} : null
  const [, host = text] = /:oidc-provider\/(.+)$/.exec(text) ?? []
  return key === 'aws:federatedprovider' || key.startsWith(`${host.toLowerCase()}:`) ? {} : null
}
