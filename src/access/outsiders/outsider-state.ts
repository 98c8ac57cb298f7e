import { Refusal } from '../../evaluator/estate/refusal.ts'
import type { PolicyLayers } from '../../evaluator/layers.ts'
import { type PrincipalFacts, parsePrincipal } from '../../evaluator/principal.ts'
import type { EstateView } from '../estate-view.ts'
import { EVERYTHING, type PrincipalInState } from '../principals/examined-principal.ts'
import {
  CALLER_ACCOUNT,
  isAboutPrincipal,
  organizationMark,
  type PrincipalKeys,
  signInFacts,
} from '../principals/principal-keys.ts'
import type { Pins } from '../symbolic/pins.ts'
import { declaredMembers } from './declared-members.ts'
import { keyOfOutsider } from './keys-of-outsiders.ts'
import { type Outsider, outsiderId } from './outsider.ts'
import { domainOf, isOfUnknownPath, PRINCIPAL_TYPES } from './outsider-names.ts'

type OfAccount = Extract<Outsider, { readonly type: 'account' }>
type Known = ReadonlyMap<string, readonly string[] | null>

/**
 * Temporary credentials of IAM alone tell it: who signs with none hasn't it, nor has a service that asks for itself.
 * @see IAM User Guide, "AWS global condition context keys": aws:TokenIssueTime
 */
const ISSUED = 'aws:tokenissuetime'

/** No account of documentation or of anybody's policies has it, as far as that can be helped. */
const FOREIGN_ACCOUNTS: readonly string[] = ['999999999999', '999999999998', '999999999997']

/** An account that stands for those that nobody names. */
const foreignAccount = (named: readonly string[]): string =>
  FOREIGN_ACCOUNTS.find((account) => !named.includes(account)) ?? freshAccount(named)

function freshAccount(named: readonly string[]): string {
  const taken = new Set(named)
  for (let number = 899_999_999_999; ; number--) if (!taken.has(String(number))) return String(number)
}

/** What outsiders may do in one state of an estate, as far as policies outside of it are taken to allow everything. */
export function outsiderState(outsider: Outsider, view: EstateView): PrincipalInState | null {
  const principal = exampleOf(outsider)
  const facts = parsePrincipal(principal)
  if (facts === null) return null
  const asked = boundByControls(principal, facts, view)
  const { organization: declared } = view.estate
  const isMember = facts.account !== null && view.isMember(facts.account)
  const organization = declared === null ? null : { id: declared.id, isMember }
  const partition = view.partition ?? 'aws'
  const known = knownOf(outsider, facts, asked.context)
  const members = declared !== null && mayBeOfAny(facts) ? declaredMembers(declared) : null
  const keys: PrincipalKeys = {
    id: `${outsiderId(outsider)} ${organizationMark(organization)} ${members?.mark ?? ''}`,
    factsOf: (key) =>
      signInFacts(key, facts, facts.kind === 'role') ??
      keyOfOutsider(outsider, facts, key, { organization, partition }),
    ...(members === null ? {} : { members }),
  }
  return {
    name: principal,
    facts,
    base: outsider.type === 'one' ? (outsider.namedAs ?? null) : null,
    layers: asked.layers,
    pins: pinsOf(known, keys),
    context: asked.context,
    isOutside: !view.accounts.has(facts.account ?? '') || facts.kind === 'provider',
    isSession:
      facts.kind === 'role' ||
      facts.kind === 'federatedUser' ||
      (facts.kind === 'uniqueId' && facts.text.startsWith('AROA')),
    ...(isAnybody(outsider) ? { isAnybody: true } : {}),
    keys,
    isOneOfSeveral: view.accounts.size > 1,
    resourceContext: (request) => view.contextOf(request, facts),
  }
}

/** Whether nobody knows of which account somebody is who is one of a kind. */
const mayBeOfAny = ({ kind }: PrincipalFacts): boolean =>
  kind === 'canonicalUser' || kind === 'uniqueId' || kind === 'provider'

const isAnybody = (outsider: Outsider): boolean =>
  outsider.type === 'one'
    ? outsider.principal === '*'
    : outsider.type === 'account' && outsider.account === null

/** Control policies bind those of accounts of the organization that aren't in the project. */
function boundByControls(
  principal: string,
  facts: PrincipalFacts,
  view: EstateView,
): { readonly layers: PolicyLayers; readonly context: ReadonlyMap<string, readonly string[]> } {
  try {
    const { layers, context } = view.namedPrincipal(principal)
    const { scp } = layers
    // Whoever signs in by a provider belongs to no account yet, and has a session of a role of any account: what binds the
    // account that the provider is registered in doesn't bind them.
    const isOfNoAccount = facts.kind === 'provider'
    const isGranted = facts.account !== null && facts.kind !== 'root' && !isOfNoAccount
    return {
      layers: {
        ...(isGranted ? { identity: [EVERYTHING] } : {}),
        // What their session passes on isn't known either.
        ...(facts.kind === 'federatedUser' ? { session: [EVERYTHING] } : {}),
        ...(scp === undefined || isOfNoAccount ? {} : { scp }),
      },
      context: isOfNoAccount ? new Map() : context,
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // A federated user of an account of the project, of whom isn't known who asked for the credentials.
    const scp = view.controlsOf(facts.account ?? '')
    const root = view.principalOf(`arn:${facts.partition}:iam::${facts.account}:root`)
    return {
      layers: { identity: [], ...(scp === undefined ? {} : { scp }) },
      context: root !== null && 'principal' in root ? root.principal.context : new Map(),
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
const exampleService = (partition: string, named: readonly string[]): string =>
  ['any', 'other', 'another']
    .map((name) => `${name}${domainOf(partition)}`)
    .find((name) => !named.includes(name)) ?? `unnamed${domainOf(partition)}`

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
      // Nobody's account calls, whatever KMS would tell of it.
      known.set(CALLER_ACCOUNT, null)
      known.set(ISSUED, null)
      return known
    case 'service':
      known.set(ISSUED, null)
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
      known.set('aws:principaltype', [PRINCIPAL_TYPES[kind]])
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
        if (!isOfUnknownPath(outsider)) known.set('aws:principalarn', [outsider.role ?? text])
        if (kind === 'user' && name !== null) known.set('aws:username', [name])
        if (kind === 'federatedUser') known.set('aws:userid', [`${account}:${name}`])
      }
      return known
    case 'canonicalUser':
      known.set('aws:principalisawsservice', ['false'])
      return known
    case 'uniqueId':
      known.set('aws:principalisawsservice', ['false'])
      known.set('aws:principaltype', [PRINCIPAL_TYPES[text.startsWith('AIDA') ? 'user' : 'role']])
      if (text.startsWith('AIDA')) known.set('aws:userid', [text])
      return known
    default:
      return known
  }
}

const pinsOf = (known: Known, { factsOf }: PrincipalKeys): Pins => ({
  valueOf: (key) => {
    const values = known.get(key)
    if (values !== undefined) return values
    return isAboutPrincipal(key) && factsOf(key) === null ? null : undefined
  },
})
