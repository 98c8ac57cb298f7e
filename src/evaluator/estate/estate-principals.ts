import type { AccountState, PlacedDocument, PolicyDocument, PrincipalEntity } from '../../model/index.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../layers.ts'
import type { PrincipalFacts } from '../principal.ts'
import { type AccountFacts, AccountPolicies } from './account-policies.ts'
import { accountContext, entityContext, uniqueIdContext } from './derived-context.ts'
import type { EstateQuestion, NamedDocument } from './estate-question.ts'
import { findPrincipal } from './find-principal.ts'
import { type Membership, serviceControlLevels } from './organization-levels.ts'
import type { ParsedDocuments } from './parsed-documents.ts'
import { refuse } from './refusal.ts'

/** Whoever asks, with everything that depends on who it is alone. */
export interface EstatePrincipal {
  /** As a request names it. */
  readonly name: string
  readonly facts: PrincipalFacts
  /** null: root, a service, a provider, anonymous, or somebody of an account that isn't known. */
  readonly entity: PrincipalEntity | null
  /** The ARN of the role that a session has, or of the user who asked for a federated user's credentials. */
  readonly base: string | null
  /** Identity, boundary, session, and the levels of service control policies. */
  readonly layers: PolicyLayers
  readonly context: ReadonlyMap<string, readonly string[]>
  /** false: its account is outside, and taken to allow it everything. */
  readonly isKnown: boolean
  /** Of a user or role; null: it isn't known. */
  readonly uniqueId: string | null
}

/** Outside accounts decide about their own principals: what they would not allow isn't known here. */
const ALLOW_EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
const OUTSIDE: PlacedDocument = { json: ALLOW_EVERYTHING, located: null }
/** All that the user who asks for a federated user's credentials can pass on. */
export const EVERYTHING_PASSED_ON: NamedDocument = { id: '', document: OUTSIDE }

export interface KnownWorld {
  /** By id. */
  readonly accounts: ReadonlyMap<string, AccountState>
  readonly memberships: ReadonlyMap<string, Membership>
  readonly organizationId: string | null
  readonly facts: AccountFacts
  readonly documents: ParsedDocuments
  /** By ARN; absent: none is known. */
  readonly uniqueIds?: ReadonlyMap<string, string>
}

/** The principals of an estate; each one is put together once. */
export class EstatePrincipals {
  readonly #world: KnownWorld
  readonly #policies = new Map<AccountState, AccountPolicies>()
  readonly #entityLayers = new Map<PrincipalEntity, PolicyLayers>()
  readonly #serviceControls = new Map<string, readonly (readonly IdentifiedPolicy[])[]>()
  readonly #principals = new Map<string, EstatePrincipal>()

  constructor(world: KnownWorld) {
    this.#world = world
  }

  /** How many entities have had their policies put together. */
  get size(): number {
    return this.#entityLayers.size
  }

  /** @throws Refusal when there is no such principal, or its policies can't be known */
  principalOf(question: EstateQuestion): EstatePrincipal {
    const { principal: name, account = '', parent = '', sessionPolicies = [] } = question
    if (sessionPolicies.length > 0) return this.#find(question, sessionPolicies)
    const identity = `${account} ${name} ${parent}`
    let principal = this.#principals.get(identity)
    if (principal === undefined) {
      principal = this.#find(question, [])
      this.#principals.set(identity, principal)
    }
    return principal
  }

  #find(question: EstateQuestion, sessionPolicies: readonly NamedDocument[]): EstatePrincipal {
    const { accounts } = this.#world
    const found = findPrincipal(accounts, question.principal, question.account)
    const { facts } = found
    const parent = facts.kind === 'federatedUser' ? this.#parentOf(facts, question) : null
    const entity = parent ?? found.entity
    const uniqueId = this.#world.uniqueIds?.get(found.entity?.arn ?? '') ?? null
    const layers: PolicyLayers = {
      ...(found.isKnown
        ? entity === null
          ? {}
          : this.layersOf(entity, found.state)
        : this.#outsideLayers(facts)),
      ...(sessionPolicies.length === 0
        ? {}
        : {
            session: sessionPolicies.map(({ id, document }) =>
              this.#world.documents.identified(id, document, 'session'),
            ),
          }),
      ...this.#controlsOf(facts),
    }
    return {
      name: found.principal,
      facts,
      entity,
      base: parent !== null ? parent.arn : found.entity?.kind === 'role' ? found.entity.arn : null,
      layers,
      context: new Map([
        ...entityContext(entity, facts, this.#world.facts.now),
        // Whoever signs in by a provider signs nothing: the provider's account is not theirs.
        ...accountContext('Principal', facts.kind === 'provider' ? null : facts.account, this.#world),
        ...uniqueIdContext(facts, uniqueId),
      ]),
      isKnown: found.isKnown,
      uniqueId,
    }
  }

  /** A user or role of an account, asking by itself. @throws Refusal when its policies can't be known */
  ofEntity(entity: PrincipalEntity): EstatePrincipal {
    return this.principalOf({ principal: entity.arn, action: '', resource: '', context: new Map() })
  }

  /** @throws Refusal when one of the policies can't be known */
  layersOf(entity: PrincipalEntity, state: AccountState | null): PolicyLayers {
    const known = this.#entityLayers.get(entity)
    if (known !== undefined) return known
    if (state === null) return {}
    let policies = this.#policies.get(state)
    if (policies === undefined) {
      policies = new AccountPolicies(state, this.#world.facts, this.#world.documents)
      this.#policies.set(state, policies)
    }
    const layers = policies.layersOf(entity)
    this.#entityLayers.set(entity, layers)
    return layers
  }

  /** What an account that isn't known is taken to allow. */
  #outsideLayers({ kind }: PrincipalFacts): PolicyLayers {
    if (kind === 'root') return {}
    const { documents } = this.#world
    return {
      identity: [documents.identified('', OUTSIDE, 'identity')],
      // A federated user has only what its session passes on.
      ...(kind === 'federatedUser' ? { session: [documents.identified('', OUTSIDE, 'session')] } : {}),
    }
  }

  #parentOf({ account }: PrincipalFacts, { parent, principal }: EstateQuestion): PrincipalEntity | null {
    const { accounts } = this.#world
    if (account === null || !accounts.has(account)) return null
    if (parent === undefined)
      throw refuse(
        'evaluate.parent',
        `\`${principal}\` has what its parent passes on, and which user that is isn't said`,
        'add `--parent user/NAME`: the user who asked for the credentials with sts:GetFederationToken',
      )
    const found = findPrincipal(accounts, parent, account)
    if (found.entity?.kind !== 'user' || found.facts.account !== account)
      throw refuse(
        'evaluate.parent',
        `\`${parent}\` is no user of account ${account}`,
        'only users, and root, can ask for the credentials of a federated user',
      )
    return found.entity
  }

  #controlsOf({ account }: PrincipalFacts): Pick<PolicyLayers, 'scp'> {
    if (account === null) return {}
    let levels = this.#serviceControls.get(account)
    if (levels === undefined) {
      const membership = this.#world.memberships.get(account)
      const declared =
        membership === undefined
          ? (this.#world.accounts.get(account)?.controls ?? [])
          : serviceControlLevels(membership)
      levels = declared.map((level) =>
        level.map(({ name, document }) => this.#world.documents.identified(name, document, 'scp')),
      )
      this.#serviceControls.set(account, levels)
    }
    return levels.length === 0 ? {} : { scp: levels }
  }
}
