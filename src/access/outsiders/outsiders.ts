import { isBaseOf, isSessionOfRole, type PrincipalFacts, parsePrincipal } from '../../evaluator/principal.ts'
import type { ParsedPolicy, ParsedPrincipal, ParsedStatement } from '../../policy/parsed.ts'
import { variableNames } from '../../policy/variables.ts'
import type { EstateView } from '../estate-view.ts'
import type { ExaminedPrincipal } from '../principals/examined-principal.ts'
import type { Named, Outsider } from './outsider.ts'

/** Somebody outside whom a question names. */
export interface NamedOutsider {
  /** `account`, `root`: by the account's id. `somebody`: a canonical user or a unique id, as findings call them. */
  readonly kind: 'account' | 'root' | 'principal' | 'service' | 'federated' | 'somebody'
  readonly id: string
}

/**
 * Who outside of an estate is let in by policies of a resource or role: whom they name, and, where they let everybody in,
 * who is told apart by what they say elsewhere.
 * @param policies of one resource or role, in one state or two
 * @param views the states
 * @param asked whom a question names, who then is told apart as well
 * @param owner of the resource or role: none of those whom nobody names; null: not known
 */
export function outsidersOf(
  policies: readonly (ParsedPolicy | null)[],
  views: readonly EstateView[],
  asked: readonly NamedOutsider[] = [],
  owner: string | null = null,
): readonly ExaminedPrincipal[] {
  const statements = policies.flatMap((policy) => policy?.statements ?? [])
  const allows = statements.filter(({ effect, principal }) => effect === 'Allow' && principal !== null)
  if (allows.length === 0) return []
  // What control policies deny to some tells them apart from the others, whoever is let in.
  const controls = new Set(views.flatMap(({ controlPolicies }) => controlPolicies))
  const denials = [...controls].flatMap((policy) =>
    policy.statements.filter(({ effect }) => effect === 'Deny'),
  )
  return new Outsiders([...statements, ...denials], views, asked, owner).letInBy(allows)
}

type KindOfAccount = Extract<Outsider, { readonly type: 'account' }>['kind']

const EVERY_KIND: readonly KindOfAccount[] = ['role', 'user', 'root', 'federatedUser']

class Outsiders {
  readonly #views: readonly EstateView[]
  readonly #partition: string
  readonly #asked: readonly NamedOutsider[]
  readonly #statements: readonly ParsedStatement[]
  readonly #named: Named
  /** Who none of those is whom nobody names. */
  readonly #besidesAny: Named
  /** As whom an account is looked at: as more than one where conditions or exceptions tell its users, roles and others apart. */
  readonly #kinds: readonly KindOfAccount[]
  /** The same of accounts of the organization, whose service control policies may tell them apart as well. */
  readonly #kindsOfMembers: readonly KindOfAccount[]
  readonly #found = new Map<string, ExaminedPrincipal>()

  constructor(
    statements: readonly ParsedStatement[],
    views: readonly EstateView[],
    asked: readonly NamedOutsider[],
    owner: string | null,
  ) {
    this.#views = views
    this.#asked = asked
    this.#statements = statements
    this.#partition = views.map(({ partition }) => partition).find((partition) => partition !== null) ?? 'aws'
    this.#named = this.#namedIn(statements)
    const { accounts } = this.#named
    // What is an account's own is nothing that anybody from anywhere comes to.
    this.#besidesAny =
      owner === null || accounts.includes(owner)
        ? this.#named
        : { ...this.#named, accounts: [...accounts, owner] }
    const areApart = statements.some(tellsPrincipalsApart) || asked.some(({ kind }) => kind === 'root')
    this.#kinds = areApart ? EVERY_KIND : ['role']
    const controls = views.flatMap((view) => view.controlsOfMembersElsewhere)
    const tellApart = controls.some((policy) => policy.statements.some(tellsPrincipalsApart))
    this.#kindsOfMembers = tellApart ? EVERY_KIND : this.#kinds
  }

  letInBy(allows: readonly ParsedStatement[]): readonly ExaminedPrincipal[] {
    for (const { principal } of allows) {
      if (principal === null) continue
      if (principal.negated || principal.entries.some(({ kind }) => kind === 'everyone')) this.#addEverybody()
      if (!principal.negated) for (const entry of principal.entries) this.#addEntry(entry)
    }
    return [...this.#found.values()]
  }

  #addEverybody(): void {
    this.#addOne('anonymous', '*')
    this.#addAccount(null)
    this.#add({
      label: 'service:*',
      outsider: { type: 'service', partition: this.#partition, besides: this.#named },
    })
    for (const account of this.#named.accounts) if (!this.#isOurs(account)) this.#addAccount(account)
    for (const principal of this.#named.principals) this.#addOne(principal, principal)
    for (const service of this.#named.services) this.#addOne(`service:${service}`, service)
    for (const entry of this.#statements.flatMap(({ principal }) => principal?.entries ?? []))
      if (entry.kind === 'federated' || entry.kind === 'canonicalUser' || entry.kind === 'uniqueId')
        this.#addEntry(entry)
    for (const { kind, id } of this.#asked)
      if (kind === 'federated') this.#addProvider(id)
      else if (kind === 'somebody') this.#addOne(id, id)
    if (this.#statements.some(letsEverybodySignIn)) this.#addProvider(ANY_PROVIDER)
    this.#addOwnFederatedUsers()
  }

  #addEntry(entry: ParsedPrincipal): void {
    switch (entry.kind) {
      case 'everyone':
        break
      case 'account':
        if (this.#isOurs(entry.account) || !this.#isHere(entry.partition)) break
        this.#addAccount(entry.account)
        for (const principal of this.#named.principals)
          if (parsePrincipal(principal)?.account === entry.account) this.#addOne(principal, principal)
        break
      case 'arn': {
        const facts = parsePrincipal(entry.arn)
        if (facts?.account == null || !this.#isHere(facts.partition)) break
        if (!this.#isOurs(facts.account) || facts.kind === 'federatedUser') this.#addOne(entry.arn, entry.arn)
        if (facts.kind === 'role' && !isSessionOfRole(facts)) this.#addSessionsOf(entry.arn, facts)
        break
      }
      case 'service':
        this.#addOne(`service:${entry.service}`, entry.service)
        break
      case 'federated':
        this.#addProvider(entry.provider)
        break
      case 'canonicalUser':
        this.#addOne(`canonical:${entry.id}`, `canonical:${entry.id}`)
        break
      case 'uniqueId':
        this.#addOne(`id:${entry.id}`, `id:${entry.id}`)
        break
    }
  }

  /** Sessions of a role that is let in: those that are named, and one of the others where the role's path makes a difference. */
  #addSessionsOf(role: string, { partition, account, name }: PrincipalFacts): void {
    const isPlain = role === `arn:${partition}:iam::${account}:role/${name}`
    for (const principal of this.#named.principals) {
      const facts = parsePrincipal(principal)
      if (facts !== null && isSessionOfRole(facts) && isBaseOf(role, facts, null))
        this.#addOne(principal, principal, isPlain ? { role } : {})
    }
    if (!isPlain && account !== null && !this.#isOurs(account) && this.#statements.some(tellsPathsApart))
      this.#addOne(role, this.#unnamedSession(`arn:${partition}:sts::${account}:assumed-role/${name}`), {
        namedAs: role,
      })
  }

  #unnamedSession(role: string): string {
    for (let count = 1; ; count++) {
      const session = `${role}/example${count === 1 ? '' : count}`
      if (!this.#named.principals.includes(session)) return session
    }
  }

  #addProvider(provider: string): void {
    this.#addOne(`federated:${provider}`, provider.startsWith('arn:') ? provider : `federated:${provider}`)
  }

  /** All of an account whom nobody names. @param account null: any account that nobody names */
  #addAccount(account: string | null): void {
    const isMember = account !== null && this.#views.some((view) => view.isMember(account))
    for (const kind of isMember ? this.#kindsOfMembers : this.#kinds)
      this.#add({
        // Not everybody of an account is meant where only those are whose credentials it hands on.
        label:
          kind === 'federatedUser'
            ? `arn:${this.#partition}:sts::${account ?? '*'}:federated-user/*`
            : `account:${account ?? '*'}`,
        outsider: {
          type: 'account',
          account,
          kind,
          partition: this.#partition,
          besides: account === null ? this.#besidesAny : this.#named,
        },
      })
  }

  /** Federated users of our own accounts are nobody that the estate lists: only conditions can mean them alone. */
  #addOwnFederatedUsers(): void {
    if (!this.#kinds.includes('federatedUser')) return
    for (const account of this.#ownAccounts())
      this.#add({
        label: `arn:${this.#partition}:sts::${account}:federated-user/*`,
        outsider: {
          type: 'account',
          account,
          kind: 'federatedUser',
          partition: this.#partition,
          besides: this.#named,
        },
      })
  }

  #addOne(
    label: string,
    principal: string,
    of: { readonly role?: string; readonly namedAs?: string } = {},
  ): void {
    if (parsePrincipal(principal) !== null)
      this.#add({ label, outsider: { type: 'one', principal, besides: this.#named, ...of } })
  }

  #add({ label, outsider }: Pick<ExaminedPrincipal, 'label'> & { readonly outsider: Outsider }): void {
    const which =
      outsider.type === 'account' ? outsider.kind : outsider.type === 'one' ? outsider.principal : ''
    const key = `${label} ${which}`
    const known = this.#found.get(key)?.outsider
    // Who is let in otherwise than by a role may be of any.
    const isWider = known?.type === 'one' && known.role !== undefined && !('role' in outsider)
    if (known !== undefined && !isWider) return
    const principal = outsider.type === 'one' ? outsider.principal : key
    this.#found.set(key, { label, name: principal, account: null, outsider })
  }

  /** Nobody of another partition is anybody here. @param partition null: any */
  #isHere(partition: string | null): boolean {
    return partition === null || partition === this.#partition
  }

  #isOurs(account: string): boolean {
    return this.#views.some(({ accounts }) => accounts.has(account))
  }

  #ownAccounts(): ReadonlySet<string> {
    return new Set(this.#views.flatMap(({ accounts }) => [...accounts.keys()]))
  }

  #namedIn(statements: readonly ParsedStatement[]): Named {
    const accounts = new Set<string>(this.#ownAccounts())
    const principals = new Set<string>()
    const services = new Set<string>()
    const addPrincipal = (arn: string) => {
      const facts = parsePrincipal(arn)
      if (facts?.account == null || !this.#isHere(facts.partition)) return
      accounts.add(facts.account)
      if (facts.kind === 'provider' || facts.kind === 'root') return
      if (!this.#isOurs(facts.account) || facts.kind === 'federatedUser') principals.add(arn)
    }
    for (const { principal, conditions } of statements) {
      for (const entry of principal?.entries ?? [])
        if (entry.kind === 'account') accounts.add(entry.account)
        else if (entry.kind === 'arn') addPrincipal(entry.arn)
        else if (entry.kind === 'service') services.add(entry.service)
      for (const { key, values } of conditions) {
        if (SAYS_WHO.test(key))
          for (const [account] of values.join(' ').matchAll(/(?<!\d)\d{12}(?!\d)/g)) accounts.add(account)
        if (/^aws:principalservicename/i.test(key))
          for (const value of values) if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(value)) services.add(value)
      }
    }
    // Where a resource has the account of whoever asks in its name, its owner isn't any account.
    if (statements.some(namesResourcesByAccount))
      for (const { estate } of this.#views)
        for (const { account } of estate.resources.values()) accounts.add(account)
    for (const { kind, id } of this.#asked)
      if (kind === 'account' || kind === 'root') accounts.add(id)
      else if (kind === 'principal') addPrincipal(id)
      else if (kind === 'service') services.add(id)
    for (const view of this.#views) for (const member of view.memberAccounts) accounts.add(member)
    return {
      accounts: [...accounts].sort(),
      principals: [...principals].sort(),
      services: [...services].sort(),
    }
  }
}

/** Stands for all who sign in where no policy names a provider: one that everybody can join. */
const ANY_PROVIDER = 'accounts.google.com'

/** Whether a statement of a trust policy lets in whoever any provider vouches for. */
const letsEverybodySignIn = ({ effect, principal, action, resource }: ParsedStatement): boolean =>
  effect === 'Allow' &&
  resource === null &&
  (principal?.negated === true || principal?.entries.some(({ kind }) => kind === 'everyone') === true) &&
  (action.negated || action.entries.some((entry) => /^(?:\*|sts:\*|sts:assume.*(?:with|\*))/i.test(entry)))

/** Keys that say which account or principal asks. */
const SAYS_WHO = /^(?:aws:(?:principalarn|principalaccount|userid)|kms:calleraccount)$/i

/** Whether a statement may mean users of an account and not its roles, or the like. */
const tellsPrincipalsApart = ({ principal, conditions, resource }: ParsedStatement): boolean =>
  principal?.negated === true ||
  (resource?.entries.some(holdsOneOfSome) ?? false) ||
  conditions.some(({ key, values }) => OF_SOME.test(key) || values.some(holdsOneOfSome))

/** Whether a statement may mean a role by its path. */
const tellsPathsApart = ({ conditions, resource }: ParsedStatement): boolean =>
  (resource?.entries.some(holdsArn) ?? false) ||
  conditions.some(({ key, values }) => OF_ROLE.test(key) || values.some(holdsArn))

const OF_ROLE = /^aws:principalarn$/i
const holdsArn = (text: string): boolean => variableNames(text).some((name) => OF_ROLE.test(name))

/** Keys that not everybody of an account has, or that are otherwise for users than for roles. */
const OF_SOME = /^aws:(?:principalarn|principaltype|username|userid|tokenissuetime|multifactorauth.*)$/i

/** Whether a text stands for something else for users of an account than for its roles: it holds a variable of such a key. */
const holdsOneOfSome = (text: string): boolean => variableNames(text).some((name) => OF_SOME.test(name))

const namesResourcesByAccount = ({ resource }: ParsedStatement): boolean =>
  (resource?.entries ?? []).some((entry) => variableNames(entry).some((name) => SAYS_WHO.test(name)))
