import {
  CONTEXT_NEEDED,
  DECISION_IMPLICIT_DENY,
  EXPLAIN_ALL,
  EXPLAIN_SPEAKERS,
  NONE,
  PENDING,
  REQUEST_ACTION,
  REQUEST_CONTEXT,
  REQUEST_FACTS,
  REQUEST_PRINCIPAL,
  RESOURCE_INVALID,
} from '../../assembly/wire.ts'
import { type Credentials, credentialsIn, credentialsOf } from './credentials.ts'
import type { Decision, Reason, Request } from './decision.ts'
import { explanationOf } from './explaining/explain.ts'
import type { Explanation } from './explaining/explanation.ts'
import { reasonsOf } from './explaining/reasons.ts'
import type { PolicyLayers } from './layers.ts'
import { BlockBuilder } from './module/block.ts'
import { decisionOf, Engine } from './module/engine.ts'
import { type Context, type LayersEntry, principalFacts, Registry } from './module/registry.ts'
import { requestProblem } from './module/request-facts.ts'
import type { Question } from './question.ts'
import { UnevaluableRequestError } from './unevaluable.ts'

export interface Verdict {
  readonly decision: Decision
  readonly reasons: readonly Reason[]
}

/** A principal with everything that depends on it alone, to be asked about by number. */
interface RegisteredPrincipal {
  /** As in a request. */
  readonly principal: string
  readonly base?: string
  /** Its `rcp` and `resource` layers don't count: those belong to what is asked about. */
  readonly layers: PolicyLayers
  /** Keys that follow from who it is, such as its tags; those of its ARN come by themselves. */
  readonly context?: Context
}

/** Requests by number: as many of each, one request for each place. */
interface RegisteredRequests {
  readonly principals: Uint32Array
  readonly actions: Uint32Array
  /** ARNs, or `*`. */
  readonly resources: readonly string[]
  /** Absent: no request has a context. */
  readonly contexts?: Uint32Array
  /** Numbers of registered resource policies. Absent: no resource has any. */
  readonly resourcePolicies?: Uint32Array
}

/** A question about every registered principal. */
interface EveryoneQuestion {
  readonly action: string
  readonly resource: string
  readonly resourceAccount?: string
  readonly context?: Context
  /** Of these only `rcp` and `resource` count. */
  readonly layers?: PolicyLayers
  readonly now?: Date
}

/** How many requests are written at once: so many that a block stays in the processor's nearer caches. */
const BLOCK_REQUESTS_AT_MOST = 1024
const NO_CONTEXT: Context = new Map()
const CREDENTIALS: readonly Credentials[] = ['other', 'temporary', 'temporaryWithMfa']
const NO_LAYERS: PolicyLayers = {}

/**
 * Decides requests by policies. Policies are compiled when a question first brings them, each once whoever holds it.
 * `prepare` compiles many at a time, which is faster than question by question.
 */
export class PolicyEvaluator {
  readonly #engine: Engine
  readonly #registry: Registry
  readonly #block = new BlockBuilder()
  readonly #principals: RegisteredPrincipal[] = []
  readonly #actions: string[] = []
  readonly #contexts: { readonly context: Context; readonly now: Date | undefined }[] = []
  readonly #resources: { readonly layers: PolicyLayers; readonly context: Context }[] = []
  /** The module's numbers of the registered ones, of an epoch. */
  #numbers: RegisteredNumbers = noNumbers(-1)

  private constructor(engine: Engine) {
    this.#engine = engine
    this.#registry = new Registry(engine)
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
    block.clear()
    this.#fill(questions, entries, withContexts, block)
    registry.flush()
    if (this.#openBlock(block)) return
    block.clear('exact')
    this.#fill(questions, entries, withContexts, block)
    this.#openBlock(block)
  }

  #openBlock(block: BlockBuilder): boolean {
    const { size } = block
    if (!block.writeTo(this.#engine.reserve(size))) return false
    this.#engine.open(size)
    return true
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
    principalFacts(principal.principal)
    this.#registry.entryOf(principal.layers)
    return this.#principals.push(principal) - 1
  }

  /** An action to ask for by number. @throws UnevaluableRequestError when it isn't of the form `service:Name` */
  registerAction(action: string): number {
    const problem = requestProblem({ principal: '*', action, resource: '*', context: NO_CONTEXT })
    if (problem !== null) throw new UnevaluableRequestError(problem)
    return this.#actions.push(action) - 1
  }

  /** A context to ask under by number. @throws UnevaluableRequestError when a key is given twice */
  registerContext(context: Context, now?: Date): number {
    const problem = requestProblem({ principal: '*', action: 'a:b', resource: '*', context })
    if (problem !== null) throw new UnevaluableRequestError(problem)
    return this.#contexts.push({ context, now }) - 1
  }

  /** The `rcp` and `resource` layers of a resource, and the keys that follow from which it is, to name by number. */
  registerResource(layers: PolicyLayers, context: Context = NO_CONTEXT): number {
    this.#registry.entryOf(layers)
    return this.#resources.push({ layers, context }) - 1
  }

  /**
   * Many requests by number. Throws as `decide`.
   * @returns for each, in order: 0 allow, 1 explicit deny, 2 implicit deny
   */
  decideRegistered(requests: RegisteredRequests): Uint8Array {
    const { principals, actions, resources, contexts, resourcePolicies } = requests
    const numbers = this.#registeredNumbers()
    const decisions = new Uint8Array(resources.length)
    const block = this.#block
    const writeNumbers = (words: Uint32Array, at: number, place: number) => {
      words[at + REQUEST_PRINCIPAL / 4] = known(numbers.principals, principals[place])
      words[at + REQUEST_FACTS / 4] =
        resourcePolicies === undefined ? NONE : known(numbers.resources, resourcePolicies[place])
      words[at + REQUEST_ACTION / 4] = known(
        numbers.actions[
          (numbers.temporary.size > 0 && numbers.temporary.get(contexts?.[place] ?? NONE)) || 'other'
        ],
        actions[place],
      )
      words[at + REQUEST_CONTEXT / 4] =
        contexts === undefined ? NONE : known(numbers.contexts, contexts[place])
    }
    for (let from = 0; from < resources.length; from += BLOCK_REQUESTS_AT_MOST) {
      const to = Math.min(resources.length, from + BLOCK_REQUESTS_AT_MOST)
      block.clear()
      block.addRequests(resources, from, to, writeNumbers)
      if (!this.#openBlock(block)) {
        block.clear('exact')
        block.addRequests(resources, from, to, writeNumbers)
        this.#openBlock(block)
      }
      const answers = this.#engine.decideAll()
      for (let index = from; index < to; index++) {
        const answer = answers[index - from] ?? NONE
        if (answer === RESOURCE_INVALID)
          throw new UnevaluableRequestError(`resource \`${resources[index]}\` is neither an ARN nor \`*\``)
        decisions[index] = answer
      }
    }
    return decisions
  }

  /**
   * Which registered principals may do this. Throws as `evaluate`.
   * @returns their numbers, in order
   */
  whoCan(question: EveryoneQuestion): readonly number[] {
    const { action, resource, resourceAccount, context = NO_CONTEXT, layers = NO_LAYERS, now } = question
    const problem = requestProblem({
      principal: '*',
      action,
      resource,
      context,
      ...(resourceAccount === undefined ? {} : { resourceAccount }),
    })
    if (problem !== null) throw new UnevaluableRequestError(problem)
    if (this.#principals.length === 0) return []
    const registry = this.#registry
    const entry = registry.entryOf(layers)
    const { principals, places } = this.#registeredNumbers()
    const block = this.#block
    const fill = () => {
      block.addContext(registry.writeContext(block, context, now))
      block.addRequest(
        principals[0] ?? NONE,
        registry.factsNumber(entry),
        registry.actionNumber(action, credentialsOf({ action, context })),
        resource,
        registry.contextCount,
        resourceAccount ?? '',
      )
    }
    block.clear()
    fill()
    registry.flush()
    if (!this.#openBlock(block)) {
      block.clear('exact')
      fill()
      this.#openBlock(block)
    }
    const found: number[] = []
    for (const number of this.#engine.decideEveryone(0)) found.push(places[number] ?? NONE)
    return found
  }

  #isComplete(): boolean {
    const { principals, actions, contexts, resources } = this.#numbers
    return (
      principals.length === this.#principals.length &&
      actions.other.length === this.#actions.length &&
      contexts.length === this.#contexts.length &&
      resources.length === this.#resources.length
    )
  }

  /** The module's numbers of what is registered, which it is told of again when it forgot. */
  #registeredNumbers(): RegisteredNumbers {
    const registry = this.#registry
    registry.begin()
    if (registry.isLoaded && this.#numbers.epoch === registry.epoch && this.#isComplete())
      return this.#numbers
    for (const { layers } of this.#principals) registry.entryOf(layers)
    for (const { layers } of this.#resources) registry.entryOf(layers)
    registry.load()
    if (this.#numbers.epoch !== registry.epoch) this.#numbers = noNumbers(registry.epoch)
    const numbers = this.#numbers
    for (let place = numbers.principals.length; place < this.#principals.length; place++) {
      const definition = this.#principals[place]
      if (definition === undefined) continue
      const facts = principalFacts(definition.principal)
      const entry = registry.entryOf(definition.layers)
      const number = registry.addPrincipal(entry, facts, definition.base, definition.context ?? NO_CONTEXT)
      numbers.principals.push(number)
      while (numbers.places.length < number) numbers.places.push(NONE)
      numbers.places.push(place)
    }
    for (const action of this.#actions.slice(numbers.actions.other.length)) {
      const isLimited = /^(?:iam|sts):/i.test(action)
      for (const credentials of CREDENTIALS)
        numbers.actions[credentials].push(registry.actionNumber(action, isLimited ? credentials : 'other'))
    }
    for (const { context, now } of this.#contexts.slice(numbers.contexts.length)) {
      const credentials = credentialsIn(context)
      if (credentials !== 'other') numbers.temporary.set(numbers.contexts.length, credentials)
      numbers.contexts.push(registry.addContext(context, now))
    }
    for (const { layers, context } of this.#resources.slice(numbers.resources.length))
      numbers.resources.push(registry.addResource(registry.entryOf(layers), context))
    registry.flush()
    return numbers
  }
}

interface RegisteredNumbers {
  readonly epoch: number
  /** By the module's number of a principal, its place among the registered ones. */
  readonly places: number[]
  readonly principals: number[]
  /** By how a user's credentials were made. */
  readonly actions: Readonly<Record<Credentials, number[]>>
  /** Places of the contexts that show temporary credentials. */
  readonly temporary: Map<number, Credentials>
  readonly contexts: number[]
  readonly resources: number[]
}

const noNumbers = (epoch: number): RegisteredNumbers => ({
  epoch,
  places: [],
  principals: [],
  actions: { other: [], temporary: [], temporaryWithMfa: [] },
  temporary: new Map(),
  contexts: [],
  resources: [],
})

function known(numbers: readonly number[], place: number | undefined): number {
  const number = place === undefined ? undefined : numbers[place]
  if (number === undefined) throw new UnevaluableRequestError(`nothing is registered under number ${place}`)
  return number
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
