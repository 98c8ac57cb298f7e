import { type AccountState, parseArn } from '../../model/index.ts'
import type { ParsedPolicy, ParsedPrincipal, ParsedStatement } from '../../policy/parsed.ts'
import { variableNames } from '../../policy/variables.ts'
import { isBaseOf, isSessionOfRole, type PrincipalFacts, parsePrincipal } from '../principal.ts'
import { accountsToldApart } from './open/told-accounts.ts'

/** What is known here of who there is. */
interface KnownAccounts {
  readonly accounts: ReadonlyMap<string, AccountState>
  /** Of the organization, by account id. */
  readonly memberships: ReadonlyMap<string, unknown>
}

/** Somebody, and how an answer calls them: of an account that isn't known, a few stand for all. */
interface Other {
  readonly shown: string
  readonly principal: string
  /** Of a federated user of an account that is known: the users who may have asked for the credentials. */
  readonly parents: readonly string[]
}

/**
 * Whom a resource's policy allows something by name, or as one of everybody, and no account of the estate knows. Several may
 * be shown alike: a role, a user and root of one account.
 * @param partition of the resource
 * @param controls statements of control policies that bind it: whom they spare is told apart
 * @param resource that is asked about: where names hold variables, its own may tell who is meant
 */
export function othersIn(
  policy: ParsedPolicy | null,
  { accounts, memberships }: KnownAccounts,
  partition: string,
  controls: readonly ParsedStatement[],
  resource: string,
): readonly Other[] {
  const others = new Map<string, Other>()
  const add = (shown: string, principal: string) => {
    if (parsePrincipal(principal) !== null)
      others.set(`${shown} ${principal}`, { shown, principal, parents: parentsOf(principal, accounts) })
  }
  const addAccount = (shown: string, account: string) => {
    for (const kind of ['role/any', 'user/any', 'root'])
      add(`account:${shown}`, `arn:${partition}:iam::${account}:${kind}`)
  }
  const addNamed = (entry: ParsedPrincipal) => {
    if (entry.kind === 'everyone') return
    if (entry.kind === 'account') {
      if (!accounts.has(entry.account)) addAccount(entry.account, entry.account)
      return
    }
    const named = principalNamedBy(entry)
    const facts = parsePrincipal(named)
    if (facts !== null && !isKnown(facts, named, accounts)) add(named, named)
  }
  const addSessionOf = (named: string) => {
    const facts = parsePrincipal(named)
    if (facts?.kind !== 'role' || isSessionOfRole(facts) || accounts.has(facts.account ?? '')) return
    add(named, `arn:${facts.partition}:sts::${facts.account}:assumed-role/${facts.name}/any`)
  }
  const statements = policy?.statements ?? []
  const telling = [...statements, ...controls]
  for (const { effect, principal } of statements) {
    if (effect !== 'Allow' || principal === null) continue
    const isOpen = principal.negated || principal.entries.some(({ kind }) => kind === 'everyone')
    if (isOpen) {
      add('*', '*')
      addAccount('*', ANY_ACCOUNT)
      add('service:*', ANY_SERVICE)
      // Whom other statements name: a deny may spare nobody else.
      for (const entry of telling.flatMap((each) => each.principal?.entries ?? [])) addNamed(entry)
      for (const service of telling.flatMap(servicesMeant)) {
        const named = principalNamedBy({ kind: 'service', service })
        add(named, named)
      }
      for (const arn of telling.flatMap(principalsMeant)) {
        const account = parseArn(arn)?.account ?? ''
        if (accounts.has(account)) continue
        add(`account:${account}`, arn)
        addAccount(account, account)
      }
      const called = telling.some(isCalledLikeSomebody) ? accountsIn(resource) : []
      const meant = [...telling.flatMap(accountsMeant), ...called]
      for (const account of meant) if (!accounts.has(account)) addAccount(account, account)
      const conditions = telling.flatMap((each) => each.conditions)
      const named = new Set([...meant, ...accounts.keys(), ...memberships.keys()])
      for (const account of accountsToldApart(conditions, partition, named)) addAccount('*', account)
      // No account that isn't known is in our organization: its members stand for themselves.
      if (telling.some(asksForOrganization))
        for (const member of memberships.keys()) if (!accounts.has(member)) addAccount(member, member)
    }
    if (principal.negated) continue
    for (const entry of principal.entries) addNamed(entry)
    // Of whom it names, some may be named elsewhere: a deny may spare nobody else.
    for (const entry of telling.flatMap((each) => each.principal?.entries ?? []))
      if (entry.kind === 'arn' && principal.entries.some((each) => covers(each, entry.arn))) addNamed(entry)
    // A role's ARN that a condition asks for may be another than the one by which its sessions are let in.
    if (telling.some(asksForArn))
      for (const entry of principal.entries) if (entry.kind === 'arn') addSessionOf(entry.arn)
  }
  return [...others.values()].sort((a, b) => (a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0))
}

/** Whether an account, or a role, is that of somebody who is named. */
function covers(entry: ParsedPrincipal, named: string): boolean {
  const facts = parsePrincipal(named)
  if (facts === null) return false
  if (entry.kind === 'account') return facts.account === entry.account && facts.kind !== 'provider'
  return entry.kind === 'arn' && isSessionOfRole(facts) && isBaseOf(entry.arn, facts, null)
}

function parentsOf(principal: string, accounts: ReadonlyMap<string, AccountState>): readonly string[] {
  const facts = parsePrincipal(principal)
  if (facts?.kind !== 'federatedUser') return []
  return [...(accounts.get(facts.account ?? '')?.entities.user.values() ?? [])].map(({ arn }) => arn)
}

/** No account of documentation has it. */
const ANY_ACCOUNT = '999999999999'
const ANY_SERVICE = 'service:any.amazonaws.com'

/** ARNs of principals that conditions speak of, with something for what they leave open. */
const principalsMeant = ({ conditions }: ParsedStatement): readonly string[] =>
  conditions.flatMap(({ key, values }) =>
    /^(?:aws:principal(?:arn|account)|kms:calleraccount)$/i.test(key)
      ? values.flatMap((value) => {
          const text = value.replace(/\*+/g, 'any').replaceAll('?', 'x')
          if (/^\d{12}$/.test(text)) return [`arn:aws:iam::${text}:role/any`]
          return parsePrincipal(text)?.account == null ? [] : [text]
        })
      : [],
  )

/** Accounts that conditions speak of, of whomever in them. */
const accountsMeant = ({ conditions }: ParsedStatement): readonly string[] =>
  conditions.flatMap(({ key, values }) => (SAYS_WHO.test(key) ? values.flatMap(accountsIn) : []))

const accountsIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?<!\d)\d{12}(?!\d)/g)].map(([account]) => account)

/** Whether resources are meant whose names tell an account. */
const isCalledLikeSomebody = ({ resource }: ParsedStatement): boolean =>
  resource?.entries.some((entry) => variableNames(entry).some((name) => SAYS_WHO.test(name))) === true

const SAYS_WHO = /^(?:aws:(?:principalarn|principalaccount|userid)|kms:calleraccount)$/i

/** Whether an organization of the principal decides: by conditions, or by what resources are called. */
const asksForOrganization = ({ conditions, resource }: ParsedStatement): boolean =>
  [...conditions.flatMap(({ key, values }) => [key, ...values]), ...(resource?.entries ?? [])].some((text) =>
    text.toLowerCase().includes('aws:principalorg'),
  )

const asksForArn = ({ conditions }: ParsedStatement): boolean =>
  conditions.some(({ key }) => key.toLowerCase() === 'aws:principalarn')

/** Names of services that conditions speak of, with something for what they leave open. */
const servicesMeant = ({ conditions }: ParsedStatement): readonly string[] =>
  conditions.flatMap(({ key, values }) =>
    /^aws:principalservicename(?:slist)?$/i.test(key)
      ? values.flatMap((value) => {
          const text = value.replace(/\*+/g, 'any').replaceAll('?', 'x').toLowerCase()
          return parsePrincipal(`service:${text}`) === null ? [] : [text]
        })
      : [],
  )

/** Sessions of its roles, federated users and providers of an account that is known are nobody that it lists. */
function isKnown(
  { account, roleArn, name }: PrincipalFacts,
  named: string,
  accounts: ReadonlyMap<string, AccountState>,
): boolean {
  const state = accounts.get(account ?? '')
  if (state === undefined) return false
  if (roleArn !== null && roleArn !== named) return !state.entities.role.has(name ?? '')
  return !/:(?:federated-user|saml-provider|oidc-provider)\//.test(named)
}

function principalNamedBy(
  principal: Exclude<ParsedPrincipal, { readonly kind: 'account' | 'everyone' }>,
): string {
  switch (principal.kind) {
    case 'arn':
      return principal.arn
    case 'service':
      return parsePrincipal(principal.service)?.kind === 'service'
        ? principal.service
        : `service:${principal.service}`
    case 'federated':
      return principal.provider.startsWith('arn:') ? principal.provider : `federated:${principal.provider}`
    case 'canonicalUser':
      return `canonical:${principal.id}`
    case 'uniqueId':
      return `id:${principal.id}`
  }
}
