import { Refusal } from '../evaluator/estate/refusal.ts'
import type { PolicyLayers } from '../evaluator/layers.ts'
import { type PrincipalFacts, parsePrincipal } from '../evaluator/principal.ts'
import {
  type CallerKeys,
  isAboutCaller,
  NO_HOSTS,
  organizationFacts,
  signInFacts,
  userIdOf,
  WORD,
} from './caller-keys.ts'
import type { EstateView } from './estate-view.ts'
import { WITH_WILDCARDS } from './key-facts.ts'
import { type Outsider, outsiderId } from './outsider.ts'
import { EVERYTHING, type SubjectState } from './subject.ts'
import type { KeyFacts } from './symbolic/key-theory.ts'
import type { Pins } from './symbolic/pins.ts'
import {
  COLON,
  DIGIT,
  type Glob,
  literalGlob,
  ONE_IN_NAME,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_NAME,
  STAR_IN_SEGMENT,
} from './symbolic/tokens.ts'

type OfAccount = Extract<Outsider, { readonly type: 'account' }>
type Known = ReadonlyMap<string, readonly string[] | null>

/** No account of documentation or of anybody's policies has it, as far as that can be helped. */
const FOREIGN_ACCOUNTS: readonly string[] = ['999999999999', '999999999998', '999999999997']

/** An account that stands for those that nobody names. */
export const foreignAccount = (named: readonly string[]): string =>
  FOREIGN_ACCOUNTS.find((account) => !named.includes(account)) ?? freshAccount(named)

function freshAccount(named: readonly string[]): string {
  const taken = new Set(named)
  for (let number = 899_999_999_999; ; number--) if (!taken.has(String(number))) return String(number)
}

/** What outsiders may do in one state of an estate, as far as policies outside of it are taken to allow everything. */
export function outsiderState(outsider: Outsider, view: EstateView): SubjectState | null {
  const principal = exampleOf(outsider)
  const facts = parsePrincipal(principal)
  if (facts === null) return null
  const asked = askerOf(principal, facts, view)
  const ownOrganization =
    facts.account !== null && view.isMember(facts.account) ? null : (view.estate.organization?.id ?? null)
  const isMember = facts.account !== null && view.isMember(facts.account)
  const known = knownOf(outsider, facts, asked.context)
  const keys: CallerKeys = {
    id: `${outsiderId(outsider)} ${isMember ? 'member' : (ownOrganization ?? '')}`,
    factsOf: (key) =>
      signInFacts(key, facts, facts.kind === 'role') ??
      keyOf(outsider, facts, key, isMember, ownOrganization),
  }
  return {
    principal,
    facts,
    base: null,
    layers: asked.layers,
    pins: pinsOf(known, keys),
    context: asked.context,
    isOutside: !view.accounts.has(facts.account ?? '') || facts.kind === 'provider',
    isSession: facts.kind === 'role' || facts.kind === 'federatedUser',
    keys,
    isOneOfSeveral: view.accounts.size > 1,
    resourceContext: (request) => view.contextOf(request, facts),
  }
}

/** Control policies bind those of accounts of the organization that aren't in the project. */
function askerOf(
  principal: string,
  facts: PrincipalFacts,
  view: EstateView,
): { readonly layers: PolicyLayers; readonly context: ReadonlyMap<string, readonly string[]> } {
  try {
    const { layers, context } = view.askerOf(principal)
    const { scp } = layers
    const isGranted = facts.account !== null && facts.kind !== 'root' && facts.kind !== 'provider'
    return {
      layers: {
        ...(isGranted ? { identity: [EVERYTHING] } : {}),
        // What their session passes on isn't known either.
        ...(facts.kind === 'federatedUser' ? { session: [EVERYTHING] } : {}),
        ...(scp === undefined ? {} : { scp }),
      },
      // Whoever signs in by a provider belongs to no account yet.
      context: facts.kind === 'provider' ? new Map() : context,
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // A federated user of an account of the project, of whom isn't known who asked for the credentials.
    const scp = view.controlsOf(facts.account ?? '')
    const root = view.principalOf(`arn:${facts.partition}:iam::${facts.account}:root`)
    return {
      layers: { identity: [], ...(scp === undefined ? {} : { scp }) },
      context: root !== null && 'asker' in root ? root.asker.context : new Map(),
    }
  }
}

function exampleOf(outsider: Outsider): string {
  if (outsider.type === 'one') return outsider.principal
  if (outsider.type === 'service') return exampleService(outsider.partition, outsider.besides.services)
  const { account, besides } = outsider
  const id = account ?? foreignAccount(besides.accounts)
  return exampleIn(outsider, id)
}

/** A service that nobody names. */
export const exampleService = (partition: string, named: readonly string[]): string =>
  ['any', 'other', 'another']
    .map((name) => `${name}${domainOf(partition)}`)
    .find((name) => !named.includes(name)) ?? `unnamed${domainOf(partition)}`

const domainOf = (partition: string): string =>
  partition === 'aws-cn' ? '.amazonaws.com.cn' : '.amazonaws.com'

/** One of those who are meant, in some account. */
export function exampleIn({ kind, partition, besides }: OfAccount, account: string, name?: string): string {
  if (kind === 'root') return `arn:${partition}:iam::${account}:root`
  const named = new Set(besides.principals)
  for (let count = 1; ; count++) {
    const chosen = name ?? `example${count === 1 ? '' : count}`
    const arn =
      kind === 'federatedUser'
        ? `arn:${partition}:sts::${account}:federated-user/${chosen}`
        : `arn:${partition}:iam::${account}:${kind}/${chosen}`
    if (name !== undefined || !named.has(arn)) return arn
  }
}

/** What is settled of the keys that say who asks; the others may be anything that `keyOf` leaves open, or are absent. */
function knownOf(
  outsider: Outsider,
  { kind, account, text, name }: PrincipalFacts,
  context: ReadonlyMap<string, readonly string[]>,
): Known {
  const known = new Map<string, readonly string[] | null>()
  for (const [key, values] of context) if (/^aws:principal/i.test(key)) known.set(key.toLowerCase(), values)
  switch (kind) {
    case 'anonymous':
      known.set('aws:principaltype', ['Anonymous'])
      known.set('aws:principalaccount', ['anonymous'])
      known.set('aws:userid', ['anonymous'])
      return known
    case 'service':
      known.set('aws:principalisawsservice', ['true'])
      if (outsider.type === 'one') {
        known.set('aws:principalservicename', [text])
        known.set('aws:principalservicenameslist', [text])
      }
      return known
    case 'user':
    case 'role':
    case 'root':
    case 'federatedUser':
      known.set('aws:principalisawsservice', ['false'])
      known.set('aws:principaltype', [TYPES[kind]])
      if (
        account !== null &&
        (outsider.type === 'one' || (outsider.type === 'account' && outsider.account !== null))
      )
        known.set('aws:principalaccount', [account])
      if (account !== null && kind === 'root' && known.has('aws:principalaccount')) {
        known.set('aws:principalarn', [text])
        known.set('aws:userid', [account])
      }
      if (outsider.type === 'one') {
        known.set('aws:principalarn', [kind === 'role' ? (roleArnOf(text) ?? text) : text])
        if (kind === 'user' && name !== null) known.set('aws:username', [name])
        if (kind === 'federatedUser') known.set('aws:userid', [`${account}:${name}`])
      }
      return known
    default:
      return known
  }
}

const roleArnOf = (text: string): string | null => parsePrincipal(text)?.roleArn ?? null

const TYPES = { user: 'User', role: 'AssumedRole', root: 'Account', federatedUser: 'FederatedUser' } as const

/** What of an outsider isn't settled, and what it can be; null: nothing is known, so that keys about the caller are absent. */
function keyOf(
  outsider: Outsider,
  { kind, account, text: name }: PrincipalFacts,
  key: string,
  isMember: boolean,
  ownOrganization: string | null,
): Partial<KeyFacts> | null {
  switch (kind) {
    case 'user':
    case 'role':
    case 'root':
    case 'federatedUser':
      break
    case 'service':
      return serviceKey(outsider, key, outsider.besides.accounts)
    case 'anonymous':
    case 'provider':
      return null
    default:
      // Who a canonical user or a unique id is, is not known.
      if (key === 'aws:username') return kind === 'uniqueId' && name.startsWith('AIDA') ? {} : null
      return /^aws:(?:principal|userid)/.test(key) ? {} : null
  }
  if (key === 'aws:sourceidentity') return kind === 'role' ? { maySeveral: false } : null
  if (key.startsWith('aws:principaltag/')) return { maySeveral: false }
  if (!isMember) {
    const facts = organizationFacts(key, ownOrganization)
    if (facts !== null) return facts
  }
  const text = { mayBeAbsent: false, maySeveral: false }
  if (key === 'kms:calleraccount')
    return account === null ? null : { ...accountFacts(outsider, account), maySeveral: false }
  if (key === 'aws:userid' && kind !== 'root')
    return { ...text, within: [userIdIn(kind, outsider, account)], without: WITH_WILDCARDS }
  if (outsider.type !== 'account') return null
  if (key === 'aws:userid') return { ...text, ...accountFacts(outsider, account ?? '') }
  if (key === 'aws:principalaccount') return { ...text, ...accountFacts(outsider, account ?? '') }
  if (key === 'aws:principalarn') return { ...text, ...arnFacts(outsider) }
  if (key === 'aws:username') return kind === 'user' ? { ...text, within: [NAME] } : null
  return null
}

/** Services call from accounts of their own, which nobody names; what their requests say of it is not documented. */
function serviceKey(outsider: Outsider, key: string, others: readonly string[]): Partial<KeyFacts> | null {
  const without = others.map(literalGlob)
  if (key === 'aws:principalaccount') return { within: [ACCOUNT], without }
  if (key === 'aws:principalarn')
    return {
      within: [
        [
          ...literalGlob('arn:'),
          STAR_IN_SEGMENT,
          COLON,
          STAR_IN_SEGMENT,
          ...literalGlob('::'),
          ...ACCOUNT,
          COLON,
          STAR,
        ],
      ],
      without: others.map((id) => [
        ...literalGlob('arn:'),
        STAR_IN_SEGMENT,
        COLON,
        STAR_IN_SEGMENT,
        ...literalGlob(`::${id}:`),
        STAR,
      ]),
    }
  if (key === 'aws:principaltype') return {}
  if (key === 'aws:userid') return { within: [userIdOf('role')] }
  if (outsider.type !== 'service') return null
  if (key !== 'aws:principalservicename' && key !== 'aws:principalservicenameslist') return null
  return {
    mayBeAbsent: false,
    maySeveral: false,
    within: [[ONE_IN_NAME, STAR_IN_NAME, ...literalGlob(domainOf(outsider.partition))]],
    without: [...outsider.besides.services.map(literalGlob), ...NO_HOSTS],
  }
}

/** Twelve digits. */
const ACCOUNT: Glob = Array.from({ length: 12 }, () => DIGIT)
/** Names have no colons; what stands before the last slash is the path. */
const NAME: Glob = [ONE_IN_SEGMENT, STAR_IN_SEGMENT]

const accountFacts = (outsider: Outsider, account: string): Partial<KeyFacts> =>
  outsider.type === 'account' && outsider.account === null
    ? { within: [ACCOUNT], without: outsider.besides.accounts.map(literalGlob) }
    : { within: [literalGlob(account)] }

function userIdIn(kind: 'user' | 'role' | 'federatedUser', outsider: Outsider, account: string | null): Glob {
  if (kind !== 'federatedUser') return userIdOf(kind)
  const isAny = outsider.type === 'account' && outsider.account === null
  return [...(isAny || account === null ? ACCOUNT : literalGlob(account)), COLON, ...WORD]
}

/** ARNs of those who are meant: of their form, and none that somebody else has. */
function arnFacts({ kind, account, partition, besides }: OfAccount): Partial<KeyFacts> {
  const begin = literalGlob(`arn:${partition}:${kind === 'federatedUser' ? 'sts' : 'iam'}::`)
  const ofAccount = [...begin, ...(account === null ? ACCOUNT : literalGlob(account))]
  const others =
    account === null
      ? besides.accounts.map((id) => [...begin, ...literalGlob(`${id}:`), STAR])
      : besides.principals.map((arn) => literalGlob(roleArnOf(arn) ?? arn))
  if (kind === 'root') return { within: [[...ofAccount, ...literalGlob(':root')]], without: others }
  const beforeName = [
    ...ofAccount,
    ...literalGlob(kind === 'federatedUser' ? ':federated-user/' : `:${kind}/`),
  ]
  // A name doesn't end with a slash.
  return {
    within: [[...beforeName, ...NAME]],
    without: [...others, [...beforeName, STAR, ...literalGlob('/')]],
  }
}

const pinsOf = (known: Known, { factsOf }: CallerKeys): Pins => ({
  valueOf: (key) => {
    const values = known.get(key)
    if (values !== undefined) return values
    return isAboutCaller(key) && factsOf(key) === null ? null : undefined
  },
})
