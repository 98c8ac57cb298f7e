// What keys can be in requests of somebody outside.
import type { PrincipalFacts } from '../../evaluator/principal.ts'
import { ACCOUNT_ID } from '../account-id.ts'
import { WITH_WILDCARDS } from '../key-facts.ts'
import {
  type KnownOrganization,
  NO_HOSTS,
  organizationFacts,
  userIdOf,
  WORD,
} from '../principals/principal-keys.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'
import {
  COLON,
  type Glob,
  literalGlob,
  ONE,
  ONE_IN_NAME,
  SLASH,
  STAR,
  STAR_IN_NAME,
  STAR_IN_SEGMENT,
} from '../symbolic/tokens.ts'
import type { Outsider } from './outsider.ts'
import { domainOf, isOfUnknownPath, isRoleSession, PRINCIPAL_TYPES } from './outsider-names.ts'

type OfAccount = Extract<Outsider, { readonly type: 'account' }>

/** Where an outsider stands. */
interface Standing {
  /** The declared organization; null: there is none. */
  readonly organization: KnownOrganization | null
  readonly partition: string
}

/** What of an outsider isn't settled, and what it can be; null: nothing is known, so that keys about the principal are absent. */
export function keyOfOutsider(
  outsider: Outsider,
  facts: PrincipalFacts,
  key: string,
  { organization, partition }: Standing,
): Partial<KeyFacts> | null {
  const { kind, account } = facts
  switch (kind) {
    case 'user':
    case 'role':
    case 'root':
    case 'federatedUser':
      break
    case 'service':
      return serviceKey(outsider, key, outsider.besides.accounts)
    case 'anonymous':
      return null
    case 'provider':
      return sessionKey(key, partition)
    default:
      return somebodysKey(facts, key, partition)
  }
  if (key === 'aws:sourceidentity') return kind === 'role' ? { maySeveral: false } : null
  if (key.startsWith('aws:principaltag/')) return { maySeveral: false }
  const ofOrganization = organizationFacts(key, organization)
  if (ofOrganization !== null) return ofOrganization
  const text = { mayBeAbsent: false, maySeveral: false }
  // Of whoever signs KMS tells it always. @see KMS Developer Guide, "AWS KMS condition keys": kms:CallerAccount
  if (key === 'kms:calleraccount')
    return account === null ? null : { ...text, ...accountFacts(outsider, account) }
  if (key === 'aws:userid' && kind !== 'root')
    return { ...text, within: [userIdIn(kind, outsider, account)], without: WITH_WILDCARDS }
  if (key === 'aws:principalarn' && isOfUnknownPath(outsider)) return { ...text, ...roleFacts(facts) }
  if (outsider.type !== 'account') return null
  if (key === 'aws:userid') return { ...text, ...accountFacts(outsider, account ?? '') }
  if (key === 'aws:principalaccount') return { ...text, ...accountFacts(outsider, account ?? '') }
  if (key === 'aws:principalarn') return { ...text, ...arnFacts(outsider) }
  if (key === 'aws:username') return kind === 'user' ? { ...text, within: [WORD], without: NO_NAMES } : null
  return null
}

/**
 * Whom a canonical user's or a unique id stands for is not known: they may be of any account, and in any organization. They
 * are no service, and sign what they ask: it says who they are.
 */
function somebodysKey(
  { kind, text }: PrincipalFacts,
  key: string,
  partition: string,
): Partial<KeyFacts> | null {
  const isUser = kind === 'canonicalUser' || text.startsWith('AIDA')
  if (key.startsWith('aws:principaltag/')) return { maySeveral: false }
  const kinds: readonly PrincipalForm[] =
    kind === 'canonicalUser' ? FORMS : [text.startsWith('AIDA') ? 'user' : 'role']
  const said = { mayBeAbsent: false, maySeveral: false }
  switch (key) {
    case 'aws:principalarn':
      return { ...said, within: kinds.map((each) => anyArn(each, partition)), without: NO_NAMES }
    case 'aws:principalaccount':
      return { ...said, within: [ACCOUNT_ID] }
    case 'aws:principaltype':
      return { ...said, within: FORMS.map((each) => literalGlob(PRINCIPAL_TYPES[each])) }
    case 'aws:userid':
      return kind === 'canonicalUser'
        ? { ...said, within: FORMS.map(anyUserId), without: WITH_WILDCARDS }
        : { ...said, within: [[...literalGlob(text), COLON, ...WORD]] }
    case 'aws:username':
      return isUser ? { maySeveral: false, within: [WORD], without: NO_NAMES } : null
    default:
      return organizationFacts(key, null)
  }
}

/** Sessions of roles that whoever a provider vouches for has got. What AWS says of those roles holds: any of any account. */
function sessionKey(key: string, partition: string): Partial<KeyFacts> | null {
  if (key.startsWith('aws:principaltag/')) return { maySeveral: false }
  const text = { mayBeAbsent: false, maySeveral: false }
  switch (key) {
    case 'aws:principalarn':
      return { ...text, within: [anyArn('role', partition)], without: NO_NAMES }
    case 'aws:principalaccount':
      return { ...text, within: [ACCOUNT_ID] }
    case 'aws:principalisawsservice':
      return { ...text, within: [literalGlob('false')] }
    case 'aws:principaltype':
      return { ...text, within: [literalGlob(PRINCIPAL_TYPES.role)] }
    case 'aws:userid':
      return { ...text, within: [userIdOf('role')], without: WITH_WILDCARDS }
    case 'aws:sourceidentity':
      return { maySeveral: false }
    default:
      return organizationFacts(key, null)
  }
}

type PrincipalForm = keyof typeof PRINCIPAL_TYPES
const FORMS: readonly PrincipalForm[] = ['role', 'user', 'root', 'federatedUser']

/** Of somebody of a kind in any account. */
function anyArn(kind: PrincipalForm, partition: string): Glob {
  const ofAccount = [
    ...literalGlob(`arn:${partition}:${kind === 'federatedUser' ? 'sts' : 'iam'}::`),
    ...ACCOUNT_ID,
    COLON,
  ]
  if (kind === 'root') return [...ofAccount, ...literalGlob('root')]
  return [...ofAccount, ...literalGlob(kind === 'federatedUser' ? 'federated-user/' : `${kind}/`), ...WORD]
}

function anyUserId(kind: PrincipalForm): Glob {
  if (kind === 'root') return ACCOUNT_ID
  return kind === 'federatedUser' ? [...ACCOUNT_ID, COLON, ...WORD] : userIdOf(kind)
}

/** Services call from accounts of their own, which nobody names; what their requests say of it is not documented. */
function serviceKey(outsider: Outsider, key: string, others: readonly string[]): Partial<KeyFacts> | null {
  const without = others.map(literalGlob)
  if (key === 'aws:principalaccount') return { within: [ACCOUNT_ID], without }
  if (key === 'aws:principalarn')
    return {
      within: [
        [
          ...literalGlob('arn:'),
          STAR_IN_SEGMENT,
          COLON,
          STAR_IN_SEGMENT,
          ...literalGlob('::'),
          ...ACCOUNT_ID,
          COLON,
          STAR,
        ],
      ],
      without: [
        [STAR, SLASH],
        ...others.map((id) => [
          ...literalGlob('arn:'),
          STAR_IN_SEGMENT,
          COLON,
          STAR_IN_SEGMENT,
          ...literalGlob(`::${id}:`),
          STAR,
        ]),
      ],
    }
  if (key === 'aws:principaltype') return {}
  if (key === 'aws:userid') return { within: [userIdOf('role')] }
  if (outsider.type !== 'service') return null
  if (key !== 'aws:principalservicename' && key !== 'aws:principalservicenameslist') return null
  return {
    mayBeAbsent: false,
    maySeveral: false,
    within: [[ONE_IN_NAME, STAR_IN_NAME, ...literalGlob(domainOf(outsider.partition))]],
    without: [...outsider.besides.services.map(literalGlob), ...NO_HOSTS, ...WITH_WILDCARDS],
  }
}

/** What stands before a name: nothing, or a path. */
const BEFORE_NAMES: readonly Glob[] = [[], [STAR, SLASH]]
/**
 * Names don't end with a slash, and hold none of the characters that are wildcards in patterns: paths may.
 * @see IAM API Reference, CreateUser, CreateRole: UserName, RoleName, Path
 */
const NO_NAMES: readonly Glob[] = [
  [STAR, SLASH],
  ...BEFORE_NAMES.flatMap((before) =>
    ['*', '?'].map((character) => [...before, STAR_IN_NAME, ...literalGlob(character), STAR_IN_NAME]),
  ),
]

const accountFacts = (outsider: Outsider, account: string): Partial<KeyFacts> =>
  outsider.type === 'account' && outsider.account === null
    ? { within: [ACCOUNT_ID], without: outsider.besides.accounts.map(literalGlob) }
    : { within: [literalGlob(account)] }

function userIdIn(kind: 'user' | 'role' | 'federatedUser', outsider: Outsider, account: string | null): Glob {
  if (kind !== 'federatedUser') return userIdOf(kind)
  const isAny = outsider.type === 'account' && outsider.account === null
  return [...(isAny || account === null ? ACCOUNT_ID : literalGlob(account)), COLON, ...WORD]
}

/** ARNs that the role of a session may have: of any path. */
const roleFacts = ({ partition, account, name }: PrincipalFacts): Partial<KeyFacts> => ({
  within: [[], [ONE, STAR, SLASH]].map((path) => [
    ...literalGlob(`arn:${partition}:iam::${account}:role/`),
    ...path,
    ...literalGlob(name ?? ''),
  ]),
})

/** ARNs of those who are meant: of their form, and none that somebody else has. */
function arnFacts({ kind, account, partition, besides }: OfAccount): Partial<KeyFacts> {
  const begin = literalGlob(`arn:${partition}:${kind === 'federatedUser' ? 'sts' : 'iam'}::`)
  const ofAccount = [...begin, ...(account === null ? ACCOUNT_ID : literalGlob(account))]
  const others =
    account === null
      ? besides.accounts.map((id) => [...begin, ...literalGlob(`${id}:`), STAR])
      : // Of a role of which one session is named there are others, which are anybody of the account.
        besides.principals.filter((arn) => !isRoleSession(arn)).map(literalGlob)
  if (kind === 'root') return { within: [[...ofAccount, ...literalGlob(':root')]], without: others }
  const beforeName = [
    ...ofAccount,
    ...literalGlob(kind === 'federatedUser' ? ':federated-user/' : `:${kind}/`),
  ]
  return { within: [[...beforeName, ...WORD]], without: [...others, ...NO_NAMES] }
}
