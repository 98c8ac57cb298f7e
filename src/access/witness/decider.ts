import { InvariantError } from '../../diagnostics/index.ts'
import type { Reason, Request } from '../../evaluator/decision.ts'
import { impliedActions } from '../../evaluator/estate/call-rules.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../../evaluator/layers.ts'
import { needsResourcePolicy, requestProblem } from '../../evaluator/module/request-facts.ts'
import type { PolicyEvaluator, Verdict } from '../../evaluator/policy-evaluator.ts'
import { parseArn } from '../../model/index.ts'
import { parsePolicy } from '../../policy/parse.ts'
import type { ParsedStatement } from '../../policy/parsed.ts'
import { inOwnOrganization } from '../outsiders/joined-organization.ts'
import type { ExaminedPrincipal, PrincipalInState } from '../principals/examined-principal.ts'
import { requestPrincipalOf } from '../principals/request-principal.ts'
import { carries, tagsOfPrincipal, withoutTags } from '../session-tags/carried-tags.ts'
import { tagsIn } from '../session-tags/tag-keys.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import type { Asked, Confirmation } from './decision.ts'

/** Asks the evaluator: what reasoning found is believed only when it agrees. */
export class Decider {
  /** When changes are looked at. */
  readonly now: Date
  readonly #evaluator: PolicyEvaluator
  readonly #controlledLayers = new WeakMap<PolicyLayers, Map<unknown, PolicyLayers>>()
  readonly #joined = new WeakMap<PolicyLayers, Map<string, PolicyLayers>>()

  constructor(evaluator: PolicyEvaluator, now: Date) {
    this.#evaluator = evaluator
    this.now = now
  }

  /** Compiles the policies of many at once, which is faster than as they come. */
  prepare(layers: Iterable<PolicyLayers>): void {
    this.#evaluator.prepare(layers)
  }

  /** Where tags of the session are given: it is allowed with these, in a session that there is. */
  decisionOf(asked: Asked, request: FoundRequest): Confirmation {
    const { sessions, state } = asked
    if (!this.#allowsAsIs(asked, request)) return 'no'
    if (sessions === undefined || state === null) return 'yes'
    const { keys, tags, symbols } = sessions
    const own = tagsIn(state.context)
    const given = tagsOfPrincipal(request, keys)
    if (tags === null) return [...given].every(([key, value]) => own.get(key) === value) ? 'yes' : 'no'
    const all = new Map([...[...own].filter(([key]) => keys.has(key)), ...given])
    return carries(tags, all, keys, { allows: (each, asking) => this.#allowsAsIs(each, asking), symbols })
  }

  /** Whether it is allowed with the tags that are given, or with no others than the role's own. */
  #decisionInAny(asked: Asked, request: FoundRequest): Confirmation {
    const asGiven = this.decisionOf(asked, request)
    if (asGiven === 'yes' || asked.sessions === undefined) return asGiven
    const untagged = this.decisionOf(asked, withoutTags(request, asked.sessions.keys))
    return untagged === 'no' ? asGiven : untagged
  }

  verdictOf(asked: Asked, request: FoundRequest): Verdict | null {
    const { sessions } = asked
    const isAsGiven = sessions === undefined || (sessions.tags !== null && !this.#allowsAsIs(asked, request))
    const question = this.#questionOf(asked, isAsGiven ? request : withoutTags(request, sessions.keys))
    return question === null ? null : this.#evaluator.evaluate(question)
  }

  /** Whether the evaluator decides a request as reasoning did: allowed by the one, and not by the other. */
  confirms(now: Asked, before: Asked, request: FoundRequest): boolean {
    const [asNow, asBefore] = [
      inOwnOrganization(request, now.state, before.state),
      inOwnOrganization(request, before.state, now.state),
    ]
    return this.decisionOf(now, asNow) === 'yes' && this.#decisionInAny(before, asBefore) === 'no'
  }

  #allowsAsIs(asked: Asked, request: FoundRequest): boolean {
    const question = this.#questionOf(asked, request)
    if (question === null || this.#evaluator.decide(question) !== 'allow') return false
    return impliedActions(question.request).every(({ action }) =>
      this.#allowsAsIs(asked, { ...request, action }),
    )
  }

  #questionOf(of: Asked, { action, resource, context }: FoundRequest) {
    const { principal, state, region } = of
    if (state === null) return null
    const layers = this.#controlled(of, { action, resource })
    const owner = region.type === 'resource' ? region.owner : ownerIn(resource, context)
    const { principal: sender, context: given } = requestPrincipalOf(principal, state, {
      action,
      resource,
      context,
    })
    const asked = {
      principal: sender,
      action,
      resource,
      ...(owner === null ? {} : { resourceAccount: owner }),
      context: given,
    }
    const settled = withDerived(given, derivedOf(asked, state))
    const request = {
      ...asked,
      context: new Map([...ownContext(state, settled), ...settled]),
    }
    // A name that nobody can have is nobody.
    if (requestProblem(request) !== null) return null
    return {
      request,
      layers:
        region.type === 'rest' && isPotential({ action, resource, context }, principal)
          ? this.#withStandIn(layers, principal)
          : layers,
      ...(state.base === null ? {} : { base: state.base }),
    }
  }

  /** With the resource control policies that this very request is under. */
  #controlled(
    { layers, controls }: Asked,
    request: Parameters<NonNullable<Asked['controls']>>[0],
  ): PolicyLayers {
    if (controls === undefined) return layers
    const rcp = controls(request)
    const known = this.#controlledLayers.get(layers) ?? new Map<unknown, PolicyLayers>()
    this.#controlledLayers.set(layers, known)
    let found = known.get(rcp)
    if (found === undefined) {
      const { rcp: _, ...others } = layers
      found = rcp.length === 0 ? others : { ...others, rcp }
      known.set(rcp, found)
    }
    return found
  }

  /** In place of a policy that isn't known: one that leaves the decision to the principal's account. */
  #withStandIn(layers: PolicyLayers, { account }: ExaminedPrincipal): PolicyLayers {
    const known = this.#joined.get(layers) ?? new Map<string, PolicyLayers>()
    this.#joined.set(layers, known)
    const key = account ?? ''
    let joined = known.get(key)
    if (joined === undefined) {
      joined = { ...layers, resource: standInFor(key) }
      known.set(key, joined)
    }
    return joined
  }
}

/** Keys that follow from what a request is about: whose it is, where it is, how it is tagged. */
export function derivedOf(
  request: Request,
  { resourceContext }: PrincipalInState,
): ReadonlyMap<string, readonly string[]> {
  const derived = resourceContext(request)
  const owner = request.resourceAccount ?? parseArn(request.resource)?.account ?? ''
  return /^\d{12}$/.test(owner) ? new Map([...derived, ['aws:ResourceAccount', [owner]]]) : derived
}

/** A request with the keys that follow from what it is about, whatever it says of them. */
export function withDerived(
  context: ReadonlyMap<string, readonly string[]>,
  derived: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  if (derived.size === 0) return context
  const known = new Set([...derived.keys()].map((key) => key.toLowerCase()))
  return new Map([...derived, ...[...context].filter(([key]) => !known.has(key.toLowerCase()))])
}

/** Keys that belong to the principal, and to temporary credentials, but for those that a request gives otherwise. */
function ownContext(
  { context }: PrincipalInState,
  given: ReadonlyMap<string, readonly string[]>,
): readonly (readonly [string, readonly string[]])[] {
  const lower = new Set([...given.keys()].map((key) => key.toLowerCase()))
  return [...context].filter(
    ([key]) => /^aws:(?:principal|tokenissuetime$)/i.test(key) && !lower.has(key.toLowerCase()),
  )
}

/** Whether a policy that isn't known here must allow as well: of a key, a role elsewhere, or another account's resource. */
export function isPotential(
  { action, resource, context }: FoundRequest,
  { account }: Pick<ExaminedPrincipal, 'account'>,
): boolean {
  if (needsResourcePolicy(action, resource)) return true
  const owner = parseArn(resource)?.account || ownerIn(resource, context) || ''
  return /^\d{12}$/.test(owner) && owner !== account
}

/** The account that a request says a resource is of, where its ARN doesn't; null: it doesn't say. */
export function ownerIn(resource: string, context: ReadonlyMap<string, readonly string[]>): string | null {
  if (parseArn(resource)?.account !== '') return null
  for (const [key, [value]] of context)
    if (key.toLowerCase() === 'aws:resourceaccount' && value !== undefined && /^\d{12}$/.test(value))
      return value
  return null
}

const standIns = new Map<string, IdentifiedPolicy>()

function standInFor(account: string): IdentifiedPolicy {
  let policy = standIns.get(account)
  if (policy === undefined) {
    const parsed = parsePolicy(
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: '*', Resource: '*' }],
      },
      null,
      'resource',
      'evaluate',
    ).policy
    if (parsed === null) throw new InvariantError('a policy of our own is malformed')
    policy = { id: '', policy: parsed }
    standIns.set(account, policy)
  }
  return policy
}

/** The statement that a reason names. */
export function statementOf({ layers }: Asked, reason: Reason): ParsedStatement | null {
  if (reason.statement === null) return null
  const policies = Object.values(layers).flat(2) as readonly (IdentifiedPolicy | null)[]
  for (const identified of policies)
    if (identified !== null && identified.id === reason.policy)
      for (const statement of identified.policy.statements)
        if (statement.index === reason.statement && statement.effect === reason.effect) return statement
  return null
}
