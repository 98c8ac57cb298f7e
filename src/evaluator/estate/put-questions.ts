import type { Request } from '../decision.ts'
import type { PolicyLayers } from '../layers.ts'
import { requestHelp, requestProblem } from '../module/request-facts.ts'
import type { Question } from '../question.ts'
import type { AskedResource, AskedResources } from './asked-resources.ts'
import { sendingContext } from './derived-context.ts'
import type { EstatePrincipal, EstatePrincipals, KnownWorld } from './estate-principals.ts'
import type { EndpointPolicies, EstateQuestion } from './estate-question.ts'
import { mergedContext } from './merged-context.ts'
import { refuse } from './refusal.ts'

/** Pairs of who asks and what is asked about that are remembered. */
const MOST_JOINED = 100_000

/** A question with everything that its decision goes by. */
export interface Put {
  readonly principal: EstatePrincipal
  readonly resource: AskedResource
  /** As asked, the principal by its ARN. */
  readonly request: Request
  readonly question: Question
}

/** Puts questions to the core: finds the policies and the context of both sides, and brings them together. */
export class PutQuestions {
  readonly #world: KnownWorld
  readonly #principals: EstatePrincipals
  readonly #resources: AskedResources
  /** The layers of both sides in one object each, so that they are compiled once. */
  #joined = new Map<PolicyLayers, Map<PolicyLayers, PolicyLayers>>()
  #joinedCount = 0

  constructor(world: KnownWorld, principals: EstatePrincipals, resources: AskedResources) {
    this.#world = world
    this.#principals = principals
    this.#resources = resources
  }

  /** @throws Refusal when nothing can be asked so, or policies of either side can't be known */
  put(question: EstateQuestion): Put {
    const principal = this.#principals.principalOf(question)
    const asked: Request = {
      principal: principal.name,
      action: question.action,
      resource: question.resource,
      ...(question.resourceAccount === undefined ? {} : { resourceAccount: question.resourceAccount }),
      context: question.context,
    }
    const problem = requestProblem(asked)
    if (problem !== null) throw refuse('evaluate.invalid-request', problem, requestHelp(asked))
    const resource = this.#resources.resourceOf(asked, principal.facts, question.resourcePolicy)
    return {
      principal,
      resource,
      request: asked,
      question: {
        request: {
          ...asked,
          ...(resource.owner === null ? {} : { resourceAccount: resource.owner }),
          context: mergedContext(
            principal.context,
            resource.context,
            new Map(sendingContext(asked.context)),
            asked.context,
          ),
        },
        layers: this.#throughEndpoint(this.#join(principal.layers, resource.layers), question.endpoint),
        now: this.#world.facts.now,
        ...(principal.base === null ? {} : { base: principal.base }),
      },
    }
  }

  #throughEndpoint(layers: PolicyLayers, endpoint: EndpointPolicies | undefined): PolicyLayers {
    if (endpoint === undefined) return layers
    const { documents } = this.#world
    return {
      ...layers,
      endpoint: endpoint.policies.map(({ id, document }) => documents.identified(id, document, 'resource')),
      endpointType: endpoint.type,
    }
  }

  #join(own: PolicyLayers, resource: PolicyLayers): PolicyLayers {
    if (this.#joinedCount > MOST_JOINED) {
      this.#joined = new Map()
      this.#joinedCount = 0
    }
    const byResource = this.#joined.get(own) ?? new Map<PolicyLayers, PolicyLayers>()
    this.#joined.set(own, byResource)
    let joined = byResource.get(resource)
    if (joined === undefined) {
      joined = { ...own, ...resource }
      byResource.set(resource, joined)
      this.#joinedCount++
    }
    return joined
  }
}
