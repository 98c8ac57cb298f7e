import { didYouMean } from '../../diagnostics/index.ts'
import {
  type AccountState,
  declaredFor,
  heldResources,
  type PlacedDocument,
  type PolicyDocument,
  parseArn,
  parseEntityArn,
  type ResourceFacts,
} from '../../model/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import type { Request } from '../decision.ts'
import { providerContext } from '../keys/context.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../layers.ts'
import { isAssumeRoot } from '../module/action-facts.ts'
import { needsResourcePolicy, resourceUse } from '../module/request-facts.ts'
import type { PrincipalFacts } from '../principal.ts'
import type { TagKeysOf } from './account-policies.ts'
import { accountContext, entityOf, entityTags, regionContext, tagContext } from './derived-context.ts'
import type { KnownWorld } from './estate-principals.ts'
import type { NamedDocument } from './estate-question.ts'
import { resourceControlLevels } from './organization-levels.ts'
import { refuse } from './refusal.ts'
import { isUnderResourceControl } from './resource-control.ts'

/** What is asked about, with everything that depends on it and the action alone. */
export interface AskedResource {
  /** The account that owns it; null: that of whoever asks. */
  readonly owner: string | null
  /** The levels of resource control policies, and its own policy. */
  readonly layers: PolicyLayers
  readonly context: ReadonlyMap<string, readonly string[]>
  /** Which of several accounts owns it isn't said: it is taken for that of whoever asks. */
  readonly ownerIsOpen: boolean
  /** Which tags it has is known; otherwise it may have any. */
  readonly tagsAreKnown: boolean
  /** Why its own policy, which takes part, isn't known; it is then taken to allow everything. Otherwise null. */
  readonly unknown: 'keyPolicy' | 'trustPolicy' | 'foreign' | 'onlyPolicy' | 'organization' | null
}

const ALLOW_EVERYBODY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
}
const NOT_KNOWN: PlacedDocument = { json: ALLOW_EVERYBODY, located: null }

const NO_POLICY: OwnPolicy = { policy: null, unknown: null }

interface OwnPolicy {
  readonly policy: IdentifiedPolicy | null
  readonly unknown: AskedResource['unknown']
}

/** The resources of an estate, as far as they are declared. */
export class AskedResources {
  readonly #world: KnownWorld
  readonly #resources: ReadonlyMap<string, ResourceFacts>
  readonly #tagKeysOf: TagKeysOf
  readonly #controls = new Map<string, readonly (readonly IdentifiedPolicy[])[]>()
  /** The same layers for the same policies: one object, so that they are compiled once. */
  readonly #layers = new Map<unknown, Map<unknown, PolicyLayers>>()

  constructor(world: KnownWorld, resources: ReadonlyMap<string, ResourceFacts>, tagKeysOf: TagKeysOf) {
    this.#world = world
    this.#tagKeysOf = tagKeysOf
    this.#resources = heldResources(resources)
  }

  /**
   * @param ownPolicy takes the place of what is declared
   * @throws Refusal when there is no such role
   */
  resourceOf(
    request: Request,
    principal: PrincipalFacts,
    ownPolicy: NamedDocument | undefined,
  ): AskedResource {
    const { action, resource } = request
    const declared = declaredFor(resource, this.#resources)
    const arn = parseArn(resource)
    const written = arn !== null && /^\d{12}$/.test(arn.account) ? arn.account : null
    const owner = request.resourceAccount ?? declared?.account ?? written
    const use = resourceUse(action, resource)
    const { policy, unknown } =
      ownPolicy === undefined
        ? this.#ownPolicy(request, principal, owner, declared, use)
        : {
            policy: this.#world.documents.identified(ownPolicy.id, ownPolicy.document, use),
            unknown: null,
          }
    const account = owner ?? principal.account
    const state = account === null ? undefined : this.#world.accounts.get(account)
    const isDeclared = declared?.arn === resource
    return {
      owner,
      ownerIsOpen: owner === null && arn !== null && arn.account === '' && this.#world.accounts.size > 1,
      tagsAreKnown:
        isDeclared || resource === '*' || (state !== undefined && entityOf(state, resource) !== null),
      layers: this.#joined(isUnderResourceControl(action) ? this.#controlsOf(account) : null, policy),
      context: this.contextOf(request, principal),
      unknown,
    }
  }

  /**
   * Keys that follow from what is asked about: its region, its tags as far as they are known, its organization; and of
   * whoever came by a provider, that they have a session by now.
   */
  contextOf(request: Request, principal: PrincipalFacts): ReadonlyMap<string, readonly string[]> {
    const { action, resource } = request
    const declared = declaredFor(resource, this.#resources)
    const arn = parseArn(resource)
    const written = arn !== null && /^\d{12}$/.test(arn.account) ? arn.account : null
    const owner = request.resourceAccount ?? declared?.account ?? written
    const account = owner ?? principal.account
    const state = account === null ? undefined : this.#world.accounts.get(account)
    const partition = principal.partition ?? arn?.partition ?? state?.account.partition ?? 'aws'
    const ownTags = state === undefined ? null : entityTags(state, resource)
    return new Map([
      ...providerContext(principal, action).map(([key, value]) => [key, [value]] as const),
      ...regionContext(request, partition),
      ...(ownTags === null ? [] : tagContext(ownTags, ['iam:ResourceTag/'])),
      ...(declared?.arn === resource && declared.tags.size > 0
        ? tagContext(declared.tags, this.#tagKeysOf(action, resource))
        : []),
      // Of what no ARN tells the owner, a request may say whose it is.
      ...accountContext('Resource', owner ?? ownerSaid(request) ?? principal.account, this.#world),
    ])
  }

  #ownPolicy(
    { action, resource }: Request,
    principal: PrincipalFacts,
    owner: string | null,
    declared: ResourceFacts | null,
    use: PolicyUse,
  ): OwnPolicy {
    // A key always has a policy: what nobody says of it isn't known.
    if (declared?.policy === null && use !== 'trust' && needsResourcePolicy(action, resource))
      return this.#notKnown('keyPolicy', use)
    if (declared !== null)
      return {
        policy:
          declared.policy === null
            ? null
            : this.#world.documents.identified(declared.policyOf ?? declared.arn, declared.policy, use),
        unknown: null,
      }
    if (isAssumeRoot(action)) return this.#organizationsSay(principal.account, owner, use)
    // What AWS owns lets nobody in.
    if (parseArn(resource)?.account === 'aws') return NO_POLICY
    if (needsResourcePolicy(action, resource)) {
      const state = owner === null ? undefined : this.#world.accounts.get(owner)
      if (use !== 'trust') return this.#notKnown('keyPolicy', use)
      return state === undefined ? this.#notKnown('trustPolicy', use) : this.#trustPolicy(state, resource)
    }
    // Of IAM's own entities only roles have a policy; and where there is no resource there is none.
    if (resource === '*' || parseArn(resource)?.service === 'iam') return { policy: null, unknown: null }
    if (principal.account === null || principal.kind === 'provider') return this.#notKnown('onlyPolicy', use)
    return owner === null || owner === principal.account
      ? { policy: null, unknown: null }
      : this.#notKnown('foreign', use)
  }

  /**
   * Whether an account may become root of another is a matter of the organization: of its management account, or of the
   * account that administers IAM for it, which nobody declares.
   * @see IAM User Guide, "Centrally manage root access for member accounts"
   */
  #organizationsSay(account: string | null, owner: string | null, use: PolicyUse): OwnPolicy {
    const { memberships, organizationId } = this.#world
    const member = memberships.get(owner ?? '')
    if (account === null || account === owner || member?.isManagement === true) return NO_POLICY
    if (organizationId === null) return this.#notKnown('organization', use)
    const own = memberships.get(account)
    if (own === undefined || member === undefined) return NO_POLICY
    return this.#notKnown(own.isManagement ? null : 'organization', use)
  }

  #notKnown(unknown: AskedResource['unknown'], use: PolicyUse): OwnPolicy {
    return { policy: this.#world.documents.identified('', NOT_KNOWN, use), unknown }
  }

  #trustPolicy({ account, entities: { role: roles } }: AccountState, resource: string): OwnPolicy {
    const name = parseEntityArn(resource)?.name ?? ''
    const role = roles.get(name)
    if (role?.arn !== resource)
      throw refuse(
        'evaluate.unknown-resource',
        `there is no role \`${resource}\``,
        role === undefined
          ? didYouMean(
              name,
              roles.keys(),
              `account ${account.id} has ${roles.size} role${roles.size === 1 ? '' : 's'}`,
            )
          : `did you mean \`${role.arn}\`?`,
      )
    return {
      policy: this.#world.documents.identified(role.arn, role.trustPolicy, 'trust'),
      unknown: null,
    }
  }

  #controlsOf(account: string | null): readonly (readonly IdentifiedPolicy[])[] | null {
    if (account === null) return null
    let levels = this.#controls.get(account)
    if (levels === undefined) {
      const { memberships, accounts } = this.#world
      levels = resourceControlLevels(memberships.get(account), accounts.get(account)).map((level) =>
        level.map(({ name, document }) => this.#world.documents.identified(name, document, 'rcp')),
      )
      this.#controls.set(account, levels)
    }
    return levels.length === 0 ? null : levels
  }

  #joined(
    rcp: readonly (readonly IdentifiedPolicy[])[] | null,
    resource: IdentifiedPolicy | null,
  ): PolicyLayers {
    const byPolicy = this.#layers.get(rcp) ?? new Map<unknown, PolicyLayers>()
    this.#layers.set(rcp, byPolicy)
    let layers = byPolicy.get(resource)
    if (layers === undefined) {
      layers = { ...(rcp === null ? {} : { rcp }), ...(resource === null ? {} : { resource }) }
      byPolicy.set(resource, layers)
    }
    return layers
  }
}

const ownerSaid = ({ context }: Request): string | null =>
  [...context].find(([key]) => key.toLowerCase() === 'aws:resourceaccount')?.[1][0] ?? null
