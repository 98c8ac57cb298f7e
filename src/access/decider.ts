import { InvariantError } from '../diagnostics/index.ts'
import type { Reason } from '../evaluator/decision.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../evaluator/layers.ts'
import type { PolicyEvaluator, Verdict } from '../evaluator/policy-evaluator.ts'
import { needsResourcePolicy, requestProblem } from '../evaluator/request-facts.ts'
import { parseArn } from '../model/index.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { ParsedStatement } from '../policy/parsed.ts'
import type { Region } from './region.ts'
import { requesterOf } from './requester.ts'
import type { FoundRequest } from './side-diff.ts'
import type { Subject, SubjectState } from './subject.ts'

/** A subject in one state, ready to be asked about. */
export interface Asked {
  readonly subject: Subject
  /** null: it isn't there, so nothing is allowed. */
  readonly state: SubjectState | null
  readonly layers: PolicyLayers
  readonly region: Region
}

/** Asks the evaluator: what reasoning found is believed only when it agrees. */
export class Decider {
  readonly #evaluator: PolicyEvaluator
  readonly #joined = new WeakMap<PolicyLayers, Map<string, PolicyLayers>>()

  constructor(evaluator: PolicyEvaluator) {
    this.#evaluator = evaluator
  }

  /** Compiles the policies of many at once, which is faster than as they come. */
  prepare(layers: Iterable<PolicyLayers>): void {
    this.#evaluator.prepare(layers)
  }

  allows(asked: Asked, request: FoundRequest): boolean {
    const question = this.#questionOf(asked, request)
    return question !== null && this.#evaluator.decide(question) === 'allow'
  }

  verdictOf(asked: Asked, request: FoundRequest): Verdict | null {
    const question = this.#questionOf(asked, request)
    return question === null ? null : this.#evaluator.evaluate(question)
  }

  /** Whether the evaluator decides a request as reasoning did: allowed by the one, and not by the other. */
  confirms(now: Asked, before: Asked, request: FoundRequest): boolean {
    return this.allows(now, request) && !this.allows(before, request)
  }

  #questionOf({ subject, state, layers, region }: Asked, { action, resource, context }: FoundRequest) {
    if (state === null) return null
    const owner = region.type === 'resource' ? region.owner : ownerIn(resource, context)
    const { principal, context: given } = requesterOf(subject, state, { resource, context })
    const request = {
      principal,
      action,
      resource,
      ...(owner === null ? {} : { resourceAccount: owner }),
      context: new Map([...ownContext(state, given), ...given]),
    }
    // A name that nobody can have is nobody.
    if (requestProblem(request) !== null) return null
    return {
      request,
      layers:
        region.type === 'rest' && isPotential({ action, resource, context }, subject)
          ? this.#withStandIn(layers, subject)
          : layers,
      ...(state.base === null ? {} : { base: state.base }),
    }
  }

  /** In place of a policy that isn't known: one that leaves the decision to the principal's account. */
  #withStandIn(layers: PolicyLayers, { account }: Subject): PolicyLayers {
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

/** Keys that belong to the principal, but for those that a request gives otherwise. */
function ownContext(
  { context }: SubjectState,
  given: ReadonlyMap<string, readonly string[]>,
): readonly (readonly [string, readonly string[]])[] {
  const lower = new Set([...given.keys()].map((key) => key.toLowerCase()))
  return [...context].filter(([key]) => /^aws:principal/i.test(key) && !lower.has(key.toLowerCase()))
}

/** Whether a policy that isn't known here must allow as well: of a key, a role elsewhere, or another account's resource. */
export function isPotential(
  { action, resource, context }: FoundRequest,
  { account }: Pick<Subject, 'account'>,
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
