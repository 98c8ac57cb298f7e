import { Refusal } from '../../../evaluator/estate/refusal.ts'
import type { RoleState } from '../../../model/index.ts'
import type { ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import { fromNowOn } from '../../entries/from-now-on.ts'
import type { Exploration } from '../../explore.ts'
import { outsidersOf } from '../../outsiders/outsiders.ts'
import { isAssumption } from '../../principals/assuming.ts'
import type { ExaminedPrincipal } from '../../principals/examined-principal.ts'
import { openProvider, providerHost } from '../../public/open-providers.ts'
import { trustRegion } from '../../regions/region.ts'
import { requestsOfServices } from './requests-of-services.ts'

/** A provider that trust policies of an account name. */
export interface TrustedProvider {
  /** ARN. */
  readonly arn: string
  readonly roles: readonly RoleState[]
  /** Those of `roles` whose trust policies leave the audience open. */
  readonly unpinned: readonly RoleState[]
}

/** A role whose trust policy may let in users and roles. */
interface NamingRole {
  /** ARN. */
  readonly role: string
  readonly statements: readonly ParsedStatement[]
  /** Whether it names users and roles by their accounts alone. */
  readonly leavesToAccounts: boolean
}

/** Whom roles let in beside the estate's own users and roles. */
export class Trusts {
  readonly #in: Exploration
  readonly #views: readonly Exploration['view'][]
  #naming: readonly NamingRole[] | null = null
  readonly #byService = new Map<string, ReadonlyMap<string, readonly RoleState[]>>()
  readonly #providers = new Map<string, readonly TrustedProvider[]>()

  constructor(exploration: Exploration) {
    this.#in = exploration
    this.#views = [exploration.view]
  }

  policyOf({ arn }: RoleState): ParsedPolicy | null {
    try {
      return this.#in.view.trustOf(arn)?.policy ?? null
    } catch (error) {
      if (error instanceof Refusal) return null
      throw error
    }
  }

  /** Roles of all accounts whose trust policies may let in users and roles, with the statements that do. */
  get naming(): readonly NamingRole[] {
    this.#naming ??= [...this.#in.view.accounts.values()].flatMap(({ entities: { role: roles } }) =>
      [...roles.values()].flatMap((role) => {
        const statements = (this.policyOf(role)?.statements ?? []).filter(namesPeople)
        return statements.length === 0
          ? []
          : [{ role: role.arn, statements, leavesToAccounts: statements.every(namesAccountsAlone) }]
      }),
    )
    return this.#naming
  }

  /** Roles of an account that a service may assume; by its name. */
  rolesOf(account: string, service: string): readonly RoleState[] {
    let byService = this.#byService.get(account)
    if (byService === undefined) {
      byService = this.#letIn(account)
      this.#byService.set(account, byService)
    }
    return byService.get(service) ?? []
  }

  #letIn(account: string): ReadonlyMap<string, readonly RoleState[]> {
    const found = new Map<string, RoleState[]>()
    for (const role of this.#in.view.accounts.get(account)?.entities.role.values() ?? []) {
      const policy = this.policyOf(role)
      for (const service of servicesIn(policy))
        if (this.#mayAssume(role, policy, service)) found.set(service, [...(found.get(service) ?? []), role])
    }
    return found
  }

  #mayAssume({ arn }: RoleState, policy: ParsedPolicy | null, service: string): boolean {
    const isPlain = (policy?.statements ?? []).every(
      ({ effect, conditions }) => effect === 'Allow' && conditions.length === 0,
    )
    if (isPlain) return true
    const label = `service:${service}`
    const principal = outsidersOf([policy], this.#views).find((each) => each.label === label)
    return principal !== undefined && this.#isAllowed(principal, arn)
  }

  #isAllowed(principal: ExaminedPrincipal, role: string): boolean {
    const { comparer, view } = this.#in
    const question = requestsOfServices(role, view)
    const comparison = comparer.compare(principal, trustRegion(role), view, null, question)
    if (typeof comparison === 'string') return comparison === 'unknown'
    const fromNow = { ...question, ...fromNowOn(this.#in) }
    const { findings, doubts } = comparer.gainsOf(comparison, this.#views, fromNow)
    return doubts.length > 0 || findings.some(({ actions }) => actions.some(isAssumption))
  }

  /** Providers that roles of an account trust. */
  providersOf(account: string): readonly TrustedProvider[] {
    let providers = this.#providers.get(account)
    if (providers === undefined) {
      const found = new Map<string, { readonly roles: RoleState[]; readonly unpinned: RoleState[] }>()
      for (const role of this.#in.view.accounts.get(account)?.entities.role.values() ?? [])
        for (const statement of this.policyOf(role)?.statements ?? [])
          for (const provider of providersIn(statement)) {
            const known = found.get(provider) ?? { roles: [], unpinned: [] }
            found.set(provider, known)
            if (!known.roles.includes(role)) known.roles.push(role)
            if (!pinsAudience(statement, provider) && !known.unpinned.includes(role))
              known.unpinned.push(role)
          }
      providers = [...found].map(([arn, roles]) => ({ arn, ...roles }))
      this.#providers.set(account, providers)
    }
    return providers
  }

  /** Roles of an account that trust a provider by its host. */
  rolesOfHost(account: string, isAsked: (host: string) => boolean): readonly RoleState[] {
    return this.providersOf(account)
      .filter(({ arn }) => isAsked(providerHost(arn) ?? ''))
      .flatMap(({ roles }) => roles)
  }
}

/** Whether AWS knows a provider's certificate by the authority that signed it, so that no thumbprint counts. */
export const isWellKnown = (provider: string): boolean =>
  openProvider(provider) !== null ||
  /(?:^|\.)(?:auth0\.com|amazonaws\.com|gitlab\.com)(?:\/|$)/.test(providerHost(provider) ?? '')

const namesPeople = ({ effect, principal }: ParsedStatement): boolean =>
  effect === 'Allow' &&
  principal !== null &&
  (principal.negated ||
    principal.entries.some(({ kind }) => kind === 'everyone' || kind === 'account' || kind === 'arn'))

const namesAccountsAlone = ({ principal }: ParsedStatement): boolean =>
  principal?.negated === false && principal.entries.every(({ kind }) => kind !== 'everyone' && kind !== 'arn')

const servicesIn = (policy: ParsedPolicy | null): ReadonlySet<string> =>
  new Set(
    (policy?.statements ?? []).flatMap(({ effect, principal }) =>
      effect === 'Allow' && principal !== null && !principal.negated
        ? principal.entries.flatMap((entry) => (entry.kind === 'service' ? [entry.service] : []))
        : [],
    ),
  )

const providersIn = ({ effect, principal }: ParsedStatement): readonly string[] =>
  effect === 'Allow' && principal !== null && !principal.negated
    ? principal.entries.flatMap((entry) => (entry.kind === 'federated' ? [entry.provider] : []))
    : []

const pinsAudience = ({ conditions }: ParsedStatement, provider: string): boolean => {
  const key = `${providerHost(provider) ?? 'saml'}:aud`
  return conditions.some(
    (condition) =>
      condition.key.toLowerCase() === key && condition.values.every((value) => !/^\*+$/.test(value)),
  )
}
