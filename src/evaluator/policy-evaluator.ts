import {
  CONTEXT_NEEDED,
  DECISION_IMPLICIT_DENY,
  EXPLAIN_ALL,
  EXPLAIN_SPEAKERS,
  NONE,
  PENDING,
  RESOURCE_INVALID,
} from '../../assembly/wire.ts'
import { credentialsOf } from './credentials.ts'
import type { Decision, Reason, Request } from './decision.ts'
import { explanationOf } from './explaining/explain.ts'
import type { Explanation } from './explaining/explanation.ts'
import { reasonsOf } from './explaining/reasons.ts'
import type { PolicyLayers } from './layers.ts'
import { BlockBuilder } from './module/block.ts'
import { decisionOf, Engine } from './module/engine.ts'
import { BLOCK_REQUESTS_AT_MOST, openBlock } from './module/open-block.ts'
import { type Context, type LayersEntry, Registry } from './module/registry.ts'
import { requestProblem } from './module/request-facts.ts'
import type { Question } from './question.ts'
import {
  type EveryoneQuestion,
  Registered,
  type RegisteredPrincipal,
  type RegisteredRequests,
} from './registered.ts'
import { UnevaluableRequestError } from './unevaluable.ts'

export interface Verdict {
  readonly decision: Decision
  readonly reasons: readonly Reason[]
}

/**
 * Decides requests by policies. Policies are compiled when a question first brings them, each once whoever holds it.
 * `prepare` compiles many at a time, which is faster than question by question.
 */
export class PolicyEvaluator {
  readonly #engine: Engine
  readonly #registry: Registry
  readonly #block = new BlockBuilder()
  readonly #registered: Registered

  private constructor(engine: Engine) {
    this.#engine = engine
    this.#registry = new Registry(engine)
    this.#registered = new Registered(engine, this.#registry, this.#block)
  }

  static async create(): Promise<PolicyEvaluator> {
    return new PolicyEvaluator(await Engine.create())
  }

  /** Bytes of memory that the module has taken. */
  get memorySize(): number {
    return this.#engine.memorySize
  }

  /** @throws UnevaluablePolicyError when a policy has no clear meaning */
  prepare(layers: Iterable<PolicyLayers>): void {
    for (const one of layers) this.#registry.entryOf(one)
  }

  /** Forgets the policies so far: to begin anew where many others will follow that have nothing to do with them. */
  forget(): void {
    this.#registry.forget()
  }

  /**
   * One request, and why.
   * @throws UnevaluableRequestError, see `requestProblem`
   * @throws UnevaluablePolicyError when a policy has no clear meaning
   */
  evaluate(question: Question): Verdict {
    const { own, resource } = this.#writeWhole(question)
    const groups = [...own, ...resource]
    const explanation = this.#engine.explain(0, groups.length, EXPLAIN_SPEAKERS)
    return { decision: explanation.decision, reasons: reasonsOf(explanation, groups) }
  }

  /** One request taken apart: each layer's verdict, and of each statement what failed first. Throws as `evaluate`. */
  explain(question: Question): Explanation {
    const { own, resource } = this.#writeWhole(question)
    const groups = [...own, ...resource]
    return explanationOf(this.#engine.explain(0, groups.length, EXPLAIN_ALL), groups, question)
  }

  /** One request, without why: faster. Throws as `evaluate`; a key that is given twice is noticed if it matters. */
  decide(question: Question): Decision {
    const asked = [question]
    this.#open(asked, false, this.#block)
    let answer = this.#engine.decide(0)
    if (answer === CONTEXT_NEEDED) {
      this.#open(asked, true, this.#block)
      answer = this.#engine.decide(0)
    }
    if (answer === RESOURCE_INVALID) throw invalidRequest(question.request)
    return decisionOf(answer)
  }

  /** Many requests, without why. Throws as `decide`. @returns decisions in the order of the questions */
  evaluateMany(questions: readonly Question[]): readonly Decision[] {
    this.#registry.begin()
    let seen: PolicyLayers | null = null
    for (const { layers } of questions) {
      if (layers !== seen) this.#registry.entryOf(layers)
      seen = layers
    }
    const decisions: Decision[] = []
    for (let from = 0; from < questions.length; from += BLOCK_REQUESTS_AT_MOST) {
      const codes = this.#decideBlock(
        questions.length <= BLOCK_REQUESTS_AT_MOST
          ? questions
          : questions.slice(from, from + BLOCK_REQUESTS_AT_MOST),
      )
      for (const code of codes) decisions.push(decisionOf(code))
    }
    return decisions
  }

  /** @returns answers, DECISION_… */
  #decideBlock(questions: readonly Question[]): Uint32Array {
    const answers = this.#write(questions, false, this.#block)
    let undecided: number[] | null = null
    for (let index = 0; index < answers.length; index++) {
      const answer = answers[index] ?? NONE
      if (answer <= DECISION_IMPLICIT_DENY) continue
      if (answer === RESOURCE_INVALID) throw invalidRequest(questions[index]?.request)
      undecided ??= []
      undecided.push(index)
    }
    if (undecided === null) return answers
    // What the policies ask of the context was not known before; most requests are decided without.
    const decided = answers.slice()
    const asked = undecided.flatMap((index) => questions[index] ?? [])
    const second = this.#write(asked, true, this.#block)
    for (const [place, index] of undecided.entries()) decided[index] = second[place] ?? NONE
    return decided
  }

  #write(questions: readonly Question[], withContexts: boolean, block: BlockBuilder): Uint32Array {
    this.#open(questions, withContexts, block)
    return this.#engine.decideAll()
  }

  /** One request with its context. */
  #writeWhole(question: Question): LayersEntry {
    const problem = requestProblem(question.request)
    if (problem !== null) throw new UnevaluableRequestError(problem)
    this.#open([question], true, this.#block)
    return this.#registry.entryOf(question.layers)
  }

  #open(questions: readonly Question[], withContexts: boolean, block: BlockBuilder): void {
    const registry = this.#registry
    const entries = new Array<LayersEntry>(questions.length)
    registry.begin()
    let layers: PolicyLayers | null = null
    let entry: LayersEntry | null = null
    for (let index = 0; index < questions.length; index++) {
      const question = questions[index]
      if (question === undefined) continue
      if (entry === null || question.layers !== layers) {
        layers = question.layers
        entry = registry.entryOf(layers)
      }
      entries[index] = entry
    }
    registry.load()
    openBlock(this.#engine, block, () => {
      this.#fill(questions, entries, withContexts, block)
      registry.flush()
    })
  }

  #fill(
    questions: readonly Question[],
    entries: readonly LayersEntry[],
    withContexts: boolean,
    block: BlockBuilder,
  ): void {
    const registry = this.#registry
    const { asksForTime } = registry
    for (let index = 0; index < questions.length; index++) {
      const question = questions[index]
      const entry = entries[index]
      if (question === undefined || entry === undefined) continue
      const { request, now } = question
      let context = NONE
      if (request.context.size > 0 || (asksForTime && now !== undefined)) {
        if (withContexts) {
          context = registry.contextCount + block.contextCount
          block.addContext(registry.writeContext(block, request.context, now))
        } else context = PENDING
      }
      block.addRequest(
        registry.principalNumber(entry, request.principal, question.base),
        registry.factsNumber(entry),
        registry.actionNumber(request.action, credentialsOf(request)),
        request.resource,
        context,
        ownerOf(request),
      )
    }
  }

  /** A principal to ask about by number. @throws UnevaluableRequestError when nobody can make a request under its name */
  registerPrincipal(principal: RegisteredPrincipal): number {
    return this.#registered.registerPrincipal(principal)
  }

  /** An action to ask for by number. @throws UnevaluableRequestError when it isn't of the form `service:Name` */
  registerAction(action: string): number {
    return this.#registered.registerAction(action)
  }

  /** A context to ask under by number. @throws UnevaluableRequestError when a key is given twice */
  registerContext(context: Context, now?: Date): number {
    return this.#registered.registerContext(context, now)
  }

  /** The `rcp` and `resource` layers of a resource, and the keys that follow from which it is, to name by number. */
  registerResource(layers: PolicyLayers, context?: Context): number {
    return this.#registered.registerResource(layers, context)
  }

  /**
   * Many requests by number. Throws as `decide`.
   * @returns for each, in order: 0 allow, 1 explicit deny, 2 implicit deny
   */
  decideRegistered(requests: RegisteredRequests): Uint8Array {
    return this.#registered.decide(requests)
  }

  /**
   * Which registered principals may do this. Throws as `evaluate`.
   * @returns their numbers, in order
   */
  whoCan(question: EveryoneQuestion): readonly number[] {
    return this.#registered.whoCan(question)
  }
}

function ownerOf({ resourceAccount }: Request): string {
  if (resourceAccount === undefined) return ''
  if (!/^\d{12}$/.test(resourceAccount))
    throw new UnevaluableRequestError(`resource account \`${resourceAccount}\` is not an account id`)
  return resourceAccount
}

const invalidRequest = (request: Request | undefined): UnevaluableRequestError =>
  new UnevaluableRequestError(request === undefined ? '' : (requestProblem(request) ?? ''))

/** Decisions by policies, in WebAssembly; see `PolicyEvaluator`. */
export const createPolicyEvaluator = (): Promise<PolicyEvaluator> => PolicyEvaluator.create()
