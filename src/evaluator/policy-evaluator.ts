import {
  LAYER_BOUNDARY,
  LAYER_IDENTITY,
  LAYER_RCP,
  LAYER_RESOURCE,
  LAYER_SCP,
  LAYER_SESSION,
  REQUEST_POLICY_DECIDES,
  REQUEST_SAME_ACCOUNT,
} from '../../assembly/wire.ts'
import type { ParsedPolicy } from '../policy/parsed.ts'
import { BlockBuilder, type TextMeasure } from './block.ts'
import { principalContext, timeContext } from './context.ts'
import type { Decision, Layer, Reason, Request } from './decision.ts'
import { Engine } from './engine.ts'
import type { IdentifiedPolicy, PolicyLayers } from './layers.ts'
import { type PrincipalFacts, parsePrincipal } from './principal.ts'
import type { UseClass } from './program/pieces.ts'
import { ProgramBuilder } from './program/program-builder.ts'
import type { NamedGroup } from './reasons.ts'
import { reasonsOf } from './reasons.ts'
import { readRequest, requestProblem } from './request-facts.ts'
import { UnevaluableRequestError } from './unevaluable.ts'

/** A request, and the policies to decide it by. */
export interface Question {
  readonly request: Request
  readonly layers: PolicyLayers
  /**
   * The ARN of the role that a session was assumed from (absent: the role's name with path `/`), or of the user that
   * asked for a federated user's credentials (absent: not known).
   */
  readonly base?: string
  /** When the request is made; absent: `aws:CurrentTime` and `aws:EpochTime` are not known. */
  readonly now?: Date
}

export interface Verdict {
  readonly decision: Decision
  readonly reasons: readonly Reason[]
}

interface RegisteredGroup extends NamedGroup {
  readonly code: number
  readonly numbers: readonly number[]
}

const LAYER_CODES: Readonly<Record<Layer, number>> = {
  identity: LAYER_IDENTITY,
  boundary: LAYER_BOUNDARY,
  session: LAYER_SESSION,
  scp: LAYER_SCP,
  rcp: LAYER_RCP,
  resource: LAYER_RESOURCE,
}

const USE_CLASSES: Readonly<Record<Layer, UseClass>> = {
  identity: 'identity',
  boundary: 'identity',
  session: 'identity',
  scp: 'scp',
  rcp: 'rcp',
  resource: 'resource',
}

/** How many requests are written at once; more would only need more memory. */
const BLOCK_REQUESTS_AT_MOST = 4096
const MOST_SPELLINGS = 10_000

/**
 * Decides requests by policies. Policies are compiled when a question first brings them, each once whoever holds it.
 * `prepare` compiles many at a time, which is faster than question by question.
 */
export class PolicyEvaluator {
  readonly #engine: Engine
  readonly #program = new ProgramBuilder()
  readonly #numbers = new Map<ParsedPolicy, Partial<Record<UseClass, number>>>()
  readonly #registered = new WeakMap<PolicyLayers, readonly RegisteredGroup[]>()
  /** Context keys as they were spelled, with their numbers; undefined: no policy asks for them. */
  readonly #spellings = new Map<string, number | undefined>()
  #isLoaded = false

  private constructor(engine: Engine) {
    this.#engine = engine
  }

  static async create(): Promise<PolicyEvaluator> {
    return new PolicyEvaluator(await Engine.create())
  }

  /** @throws UnevaluablePolicyError when a policy has no clear meaning */
  prepare(layers: Iterable<PolicyLayers>): void {
    for (const one of layers) this.#register(one)
  }

  /**
   * One request, and why.
   * @throws UnevaluableRequestError, see `requestProblem`
   * @throws UnevaluablePolicyError when a policy has no clear meaning
   */
  evaluate(question: Question): Verdict {
    const groups = this.#register(question.layers)
    const principal = principalOf(question.request)
    this.#write([question])
    const explanation = this.#engine.explain(0, groups.length)
    const { flags } = readRequest(question.request, principal)
    const needsResource = (flags & REQUEST_POLICY_DECIDES) !== 0 || (flags & REQUEST_SAME_ACCOUNT) === 0
    return { decision: explanation.decision, reasons: reasonsOf(explanation, groups, needsResource) }
  }

  /** One request, without why: faster. Throws as `evaluate`. */
  decide(question: Question): Decision {
    this.#write([question])
    return this.#engine.decide(0)
  }

  /** Many requests, without why. Throws as `evaluate`. @returns decisions in the order of the questions */
  evaluateMany(questions: readonly Question[]): readonly Decision[] {
    this.prepare(questions.map(({ layers }) => layers))
    const decisions: Decision[] = []
    for (let from = 0; from < questions.length; from += BLOCK_REQUESTS_AT_MOST) {
      this.#write(questions.slice(from, from + BLOCK_REQUESTS_AT_MOST))
      for (const decision of this.#engine.decideAll()) decisions.push(decision)
    }
    return decisions
  }

  #register(layers: PolicyLayers): readonly RegisteredGroup[] {
    const known = this.#registered.get(layers)
    if (known !== undefined) return known
    const groups: RegisteredGroup[] = []
    const add = (layer: Layer, policies: readonly IdentifiedPolicy[]) => {
      const numbers = policies.map(({ policy }) => this.#numberOf(policy, USE_CLASSES[layer]))
      groups.push({ layer, policies, code: LAYER_CODES[layer], numbers })
    }
    // An identity layer without policies allows nothing, and can be named as the one that did not.
    add('identity', layers.identity ?? [])
    if ((layers.boundary?.length ?? 0) > 0) add('boundary', layers.boundary ?? [])
    if ((layers.session?.length ?? 0) > 0) add('session', layers.session ?? [])
    for (const level of layers.scp ?? []) add('scp', level)
    for (const level of layers.rcp ?? []) add('rcp', level)
    if (layers.resource != null) add('resource', [layers.resource])
    this.#registered.set(layers, groups)
    return groups
  }

  #numberOf(policy: ParsedPolicy, use: UseClass): number {
    const numbers = this.#numbers.get(policy) ?? {}
    const known = numbers[use]
    if (known !== undefined) return known
    const number = this.#program.addPolicy(policy, use)
    this.#isLoaded = false
    this.#numbers.set(policy, { ...numbers, [use]: number })
    return number
  }

  #load(): void {
    if (this.#isLoaded) return
    this.#engine.load(this.#program.encode())
    this.#spellings.clear()
    this.#isLoaded = true
  }

  #write(questions: readonly Question[]): void {
    for (const { layers } of questions) this.#register(layers)
    this.#load()
    if (!this.#writeAs('ascii', questions)) this.#writeAs('exact', questions)
  }

  #writeAs(measure: TextMeasure, questions: readonly Question[]): boolean {
    const block = new BlockBuilder(measure)
    const ranges = new Map<PolicyLayers, readonly [first: number, count: number]>()
    for (const question of questions) {
      let range = ranges.get(question.layers)
      if (range === undefined) {
        const groups = this.#register(question.layers)
        range = [block.groupCount, groups.length]
        for (const { code, numbers } of groups) block.addGroup(code, numbers)
        ranges.set(question.layers, range)
      }
      this.#addRequest(block, question, range)
    }
    const { size } = block
    if (!block.writeTo(this.#engine.reserve(size))) return false
    this.#engine.open(size)
    return true
  }

  #addRequest(block: BlockBuilder, question: Question, groups: readonly [number, number]): void {
    const { request } = question
    const principal = principalOf(request)
    const facts = readRequest(request, principal)
    const base = question.base ?? principal.roleArn ?? ''
    const isRole = principal.kind === 'role'
    const first = block.keyCount
    const seen = new Set<number>()
    for (const [key, values] of request.context) {
      const number = this.#keyNumber(key)
      if (number === undefined) continue
      seen.add(number)
      block.addKey(number, values)
    }
    const derive = (key: string, value: string) => {
      const number = this.#program.keys.get(key)
      if (number !== undefined && !seen.has(number)) block.addKey(number, [value])
    }
    for (const [key, value] of principalContext(principal, isRole ? base : null)) derive(key, value)
    if (facts.resourceAccount !== null) derive('aws:resourceaccount', facts.resourceAccount)
    if (question.now !== undefined) for (const [key, value] of timeContext(question.now)) derive(key, value)
    block.addRequest(
      facts.flags,
      facts.kind,
      [
        request.action,
        request.resource,
        facts.covers?.[0] ?? '',
        facts.covers?.[1] ?? '',
        request.principal,
        base,
        principal.account ?? '',
      ],
      groups,
      [first, block.keyCount - first],
    )
  }

  #keyNumber(key: string): number | undefined {
    if (this.#spellings.has(key)) return this.#spellings.get(key)
    const number = this.#program.keys.get(key.toLowerCase())
    if (this.#spellings.size >= MOST_SPELLINGS) this.#spellings.clear()
    this.#spellings.set(key, number)
    return number
  }
}

function principalOf(request: Request): PrincipalFacts {
  const problem = requestProblem(request)
  const principal = parsePrincipal(request.principal)
  if (problem !== null || principal === null) throw new UnevaluableRequestError(problem ?? '')
  return principal
}

/** Decisions by policies, in WebAssembly; see `PolicyEvaluator`. */
export const createPolicyEvaluator = (): Promise<PolicyEvaluator> => PolicyEvaluator.create()
