import type { Request } from '../evaluator/decision.ts'
import type { AccountFacts, TagKeysOf } from '../evaluator/estate/account-policies.ts'
import { AskedResources } from '../evaluator/estate/asked-resources.ts'
import { entityOf, tagContext } from '../evaluator/estate/derived-context.ts'
import {
  type EstatePrincipal,
  EstatePrincipals,
  type KnownWorld,
} from '../evaluator/estate/estate-principals.ts'
import { membershipsOf, resourceControlLevels } from '../evaluator/estate/organization-levels.ts'
import type { ParsedDocuments } from '../evaluator/estate/parsed-documents.ts'
import { Refusal } from '../evaluator/estate/refusal.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../evaluator/layers.ts'
import { isServiceLinkedPrincipal, type PrincipalFacts } from '../evaluator/principal.ts'
import {
  type AccountState,
  type AnyEntityState,
  type Estate,
  heldResources,
  type OrganizationPolicy,
  type PolicyDocument,
  type PrincipalEntity,
  parseArn,
  principalEntitiesIn,
  type ResourceFacts,
  type RoleState,
  rootArn,
  type StateDocument,
} from '../model/index.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { ParsedPolicy, PolicyUse } from '../policy/parsed.ts'
import { KnownThings } from './known-things.ts'
import { DeclaredEntities } from './witness/declared-entities.ts'

const OPEN_TRUST = parsePolicy(
  {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: ['sts:AssumeRole*', 'sts:TagSession'] }],
  },
  null,
  'trust',
  'evaluate',
).policy

const OPEN_RESOURCE = parsePolicy(
  {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
  },
  null,
  'resource',
  'evaluate',
).policy

/** A principal of the estate as one state of it has it. */
export interface KnownPrincipal {
  readonly principal: EstatePrincipal
  /** Without control policies where they don't bind. */
  readonly layers: PolicyLayers
}

/** One state of an estate: who is there, with which policies. */
export class EstateView {
  readonly estate: Estate
  readonly accounts: ReadonlyMap<string, AccountState>
  readonly #principals: EstatePrincipals
  readonly #memberships: KnownWorld['memberships']
  readonly #resources: AskedResources
  readonly documents: ParsedDocuments
  readonly #elsewhere: Estate['resources']
  readonly #tagKeysOf: TagKeysOf
  #controlling: readonly string[] | null = null
  #controlPolicies: readonly ParsedPolicy[] | null = null
  #controlsOfMembersElsewhere: readonly ParsedPolicy[] | null = null
  readonly #resourceControls = new Map<string, readonly (readonly IdentifiedPolicy[])[]>()
  readonly #entities = new Map<string, DeclaredEntities>()
  readonly #known = new Map<string, KnownPrincipal | Refusal | null>()
  readonly #later: Estate | null
  readonly #facts: AccountFacts
  #things: KnownThings | null = null

  /**
   * @param documents the same for all views that are compared: equal objects then stay equal
   * @param elsewhere resources of the state that it is compared with: what isn't declared here has the tags that it has there
   * @param later what it becomes by a change
   */
  constructor(
    estate: Estate,
    facts: AccountFacts,
    documents: ParsedDocuments,
    tagKeysOf: TagKeysOf,
    elsewhere: Estate['resources'] = new Map(),
    later: Estate | null = null,
  ) {
    const { known, keys } = withKnownPolicies(heldResources(estate.resources, elsewhere))
    this.estate = known === estate.resources ? estate : { ...estate, resources: known }
    this.#facts = facts
    this.#later = later
    this.#elsewhere = keys.size === 0 ? elsewhere : new Map([...elsewhere, ...keys])
    this.#tagKeysOf = tagKeysOf
    this.accounts = new Map(estate.accounts.map((state) => [state.account.id, state]))
    this.documents = documents
    this.#memberships = membershipsOf(estate.organization)
    const world: KnownWorld = {
      accounts: this.accounts,
      memberships: this.#memberships,
      organizationId: estate.organization?.id ?? null,
      facts,
      documents,
    }
    this.#principals = new EstatePrincipals(world)
    this.#resources = new AskedResources(world, estate.resources, tagKeysOf)
  }

  /** Keys that follow from what is asked about: its region, its tags as far as they are known, its organization. */
  contextOf(request: Request, principal: PrincipalFacts): ReadonlyMap<string, readonly string[]> {
    const context = this.#resources.contextOf(request, principal)
    const { action, resource } = request
    const tags = this.resourceOf(resource) === null ? this.#elsewhere.get(resource)?.tags : undefined
    return tags === undefined || tags.size === 0
      ? context
      : new Map([...context, ...tagContext(tags, this.#tagKeysOf(action, resource))])
  }

  /** Keys, in lower case, that tell the organization of a resource of an account; null: it isn't known. */
  organizationOf(account: string): ReadonlyMap<string, readonly string[]> | null {
    const { organization } = this.estate
    const membership = this.#memberships.get(account)
    if (organization === null || membership === undefined) return null
    return new Map([
      ['aws:resourceorgid', [organization.id]],
      ...(membership.orgPath === null ? [] : ([['aws:resourceorgpaths', [membership.orgPath]]] as const)),
    ])
  }

  /** Tags of a declared resource, or of an entity of IAM; null: they aren't known. */
  tagsOf(arn: string): ReadonlyMap<string, string> | null {
    const ofEntity = this.entityOf(arn)
    const known = ofEntity !== null && 'tags' in ofEntity ? ofEntity.tags : null
    return this.resourceOf(arn)?.tags ?? known ?? this.#elsewhere.get(arn)?.tags ?? null
  }

  /** The entity of IAM that an ARN names; null: there is none. */
  entityOf(arn: string): AnyEntityState | null {
    const state = this.accounts.get(parseArn(arn)?.account ?? '')
    return state === undefined ? null : entityOf(state, arn)
  }

  /** Of its accounts and resources; null: there are none. */
  get partition(): string | null {
    const [state] = this.estate.accounts
    const [arn] = this.estate.resources.keys()
    return state?.account.partition ?? parseArn(arn ?? '')?.partition ?? null
  }

  /** Everybody and everything that an account has by name; null: it isn't one of the estate's. */
  namedIn(account: string): DeclaredEntities | null {
    const state = this.accounts.get(account)
    if (state === undefined) return null
    let entities = this.#entities.get(account)
    if (entities === undefined) {
      entities = new DeclaredEntities(state)
      this.#entities.set(account, entities)
    }
    return entities
  }

  /** The text of a policy of AWS's own; null: it isn't known. */
  awsPolicy(arn: string): PolicyDocument | null {
    return this.#facts.documentOf(arn)
  }

  /** Instance profiles and identity providers. */
  get things(): KnownThings {
    this.#things ??= new KnownThings(this.estate, this.#later)
    return this.#things
  }

  /** Whether an account belongs to the declared organization. */
  isMember(account: string): boolean {
    return this.#memberships.has(account)
  }

  /** Ids of the accounts of the declared organization. */
  get memberAccounts(): Iterable<string> {
    return this.#memberships.keys()
  }

  /** Somebody as a question would name them, known or not. @throws Refusal */
  namedPrincipal(name: string, parent?: string): EstatePrincipal {
    return this.#principals.principalOf({
      principal: name,
      action: '',
      resource: '',
      context: new Map(),
      ...(parent === undefined ? {} : { parent }),
    })
  }

  /** The levels of service control policies that bind an account's principals. */
  controlsOf(account: string): PolicyLayers['scp'] {
    const state = this.accounts.get(account)
    return state === undefined ? undefined : this.namedPrincipal(rootArn(state.account)).layers.scp
  }

  /**
   * Service control policies that bind accounts of the organization whose entities aren't known. One that can't be read is left out: it ends
   * in a refusal where it binds.
   */
  get controlsOfMembersElsewhere(): readonly ParsedPolicy[] {
    this.#controlsOfMembersElsewhere ??= [
      ...new Set(
        [...this.memberAccounts]
          .filter((account) => !this.accounts.has(account))
          .flatMap((account) => this.#controlsOfMember(account)),
      ),
    ]
    return this.#controlsOfMembersElsewhere
  }

  #controlsOfMember(account: string): readonly ParsedPolicy[] {
    try {
      const { scp } = this.namedPrincipal(`arn:${this.partition ?? 'aws'}:iam::${account}:root`).layers
      return scp?.flat().map(({ policy }) => policy) ?? []
    } catch (error) {
      if (error instanceof Refusal) return []
      throw error
    }
  }

  /** The levels of resource control policies that bind an account's resources; none where nothing but full access stands. @throws Refusal */
  resourceControlsOf(account: string): readonly (readonly IdentifiedPolicy[])[] {
    let levels = this.#resourceControls.get(account)
    if (levels === undefined) {
      levels = this.declaredControlsOf(account).map((level) =>
        level.map(({ name, document }) => this.documents.identified(name, document, 'rcp')),
      )
      this.#resourceControls.set(account, levels)
    }
    return levels
  }

  /** The same as they are declared. */
  declaredControlsOf(account: string): readonly (readonly OrganizationPolicy[])[] {
    const levels = resourceControlLevels(this.#memberships.get(account), this.accounts.get(account))
    return levels.every((level) => level.length === 1) ? [] : levels
  }

  /** Ids of the accounts on whose resources some resource control policy has a say. */
  get controllingAccounts(): readonly string[] {
    this.#controlling ??= [...new Set([...this.#memberships.keys(), ...this.accounts.keys()])].filter(
      (account) => this.declaredControlsOf(account).length > 0,
    )
    return this.#controlling
  }

  /** Resource control policies anywhere. A document that can't be read is left out: it ends in a refusal where it binds. */
  get controlPolicies(): readonly ParsedPolicy[] {
    this.#controlPolicies ??= [
      ...new Set(
        this.controllingAccounts
          .flatMap((account) => this.declaredControlsOf(account).flat())
          .flatMap((declared) => this.#readControl(declared)),
      ),
    ]
    return this.#controlPolicies
  }

  #readControl({ name, document }: OrganizationPolicy): readonly ParsedPolicy[] {
    try {
      return [this.documents.identified(name, document, 'rcp').policy]
    } catch (error) {
      if (error instanceof Refusal) return []
      throw error
    }
  }

  /** Users and roles of an account. */
  entitiesOf(account: string): readonly PrincipalEntity[] {
    const state = this.accounts.get(account)
    return state === undefined ? [] : principalEntitiesIn<PrincipalEntity>(state.entities)
  }

  /**
   * @param arn of a user, a role, a session of a role, or an account's root
   * @returns null: there is none; a Refusal: what its policies say can't be known
   */
  principalOf(arn: string): KnownPrincipal | Refusal | null {
    let known = this.#known.get(arn)
    if (known === undefined) {
      known = this.#find(arn)
      this.#known.set(arn, known)
    }
    return known
  }

  /**
   * A federated user of an account, with what one of its users passes on.
   * @returns null: there is no such user; a Refusal: what its policies say can't be known
   */
  federatedOf(arn: string, parent: string): KnownPrincipal | Refusal | null {
    return this.principalOf(parent) === null ? null : this.#find(arn, parent)
  }

  #find(arn: string, parent?: string): KnownPrincipal | Refusal | null {
    try {
      const principal = this.namedPrincipal(arn, parent)
      if (principal.entity === null && principal.facts.kind !== 'root') return null
      const { scp: _, ...unbound } = principal.layers
      return {
        principal,
        layers: isServiceLinkedPrincipal(principal.facts, principal.base) ? unbound : principal.layers,
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.diagnostics.some(({ code }) => code === 'evaluate.unknown-principal') ? null : error
    }
  }

  /**
   * What a user or role of an account is allowed at most, told without everything else that is known of them.
   * @returns null: it can't be known
   */
  ownLayersOf(entity: PrincipalEntity, account: string): PolicyLayers | null {
    try {
      return this.#principals.layersOf(entity, this.accounts.get(account) ?? null)
    } catch (error) {
      if (error instanceof Refusal) return null
      throw error
    }
  }

  roleOf(arn: string): RoleState | null {
    for (const {
      entities: { role: roles },
    } of this.accounts.values()) {
      const role = roles.get(arn.slice(arn.lastIndexOf('/') + 1))
      if (role?.arn === arn) return role
    }
    return null
  }

  /** A role's trust policy; null: there is no such role. @throws Refusal when it has no clear meaning */
  trustOf(arn: string): IdentifiedPolicy | null {
    const role = this.roleOf(arn)
    return role === null ? null : this.documents.trustOf(role)
  }

  /**
   * Whom a role's trust policy may let in, for choosing of whom to ask: everybody, where it isn't known or has no clear
   * meaning. Null: there is no such role.
   */
  trustAtMost(arn: string): ParsedPolicy | null {
    try {
      return this.trustOf(arn)?.policy ?? null
    } catch (error) {
      if (error instanceof Refusal) return OPEN_TRUST
      throw error
    }
  }

  /** A document of an entity as a policy; null: it isn't known, or has no clear meaning. */
  knownPolicy(id: string, document: StateDocument, use: PolicyUse): IdentifiedPolicy | null {
    try {
      return this.documents.identified(id, document, use)
    } catch (error) {
      if (error instanceof Refusal) return null
      throw error
    }
  }

  resourceOf(arn: string): ResourceFacts | null {
    return this.estate.resources.get(arn) ?? null
  }

  /**
   * Whom a resource's own policy may let in, for choosing of whom to ask: everybody, where it isn't known or has no clear meaning.
   * Null: it has none.
   */
  policyAtMost(facts: ResourceFacts): ParsedPolicy | null {
    try {
      return this.policyOf(facts)?.policy ?? null
    } catch (error) {
      if (error instanceof Refusal) return OPEN_RESOURCE
      throw error
    }
  }

  /** A declared resource's own policy; null: it has none. @throws Refusal when it isn't known, or has no clear meaning */
  policyOf({ arn, policy, policyOf = arn }: ResourceFacts): IdentifiedPolicy | null {
    return policy === null ? null : this.documents.identified(policyOf, policy, 'resource')
  }
}

/**
 * Keys whose policies nobody declares, apart: each has one, so that they are asked about as those that aren't declared.
 * @see KMS Developer Guide, "Key policies in AWS KMS": every key has exactly one
 */
function withKnownPolicies(resources: Estate['resources']) {
  const keys = new Map([...resources].filter(([arn, { policy }]) => policy === null && IS_KEY.test(arn)))
  const known = keys.size === 0 ? resources : new Map([...resources].filter(([arn]) => !keys.has(arn)))
  return { known, keys }
}

const IS_KEY = /^arn:[^:]*:kms:[^:]*:[^:]*:key\//
