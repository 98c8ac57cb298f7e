import {
  NONE,
  REQUEST_ACTION,
  REQUEST_CONTEXT,
  REQUEST_FACTS,
  REQUEST_OWNER,
  REQUEST_PRINCIPAL,
  REQUEST_RESOURCE,
  REQUEST_SIZE,
  RESOURCE_INVALID,
} from '../../assembly/wire.ts'
import { type Credentials, credentialsIn } from './credentials.ts'
import type { PolicyLayers } from './layers.ts'
import type { BlockBuilder } from './module/block.ts'
import type { Context } from './module/context-writer.ts'
import type { Engine } from './module/engine.ts'
import { BLOCK_REQUESTS_AT_MOST, openBlock } from './module/open-block.ts'
import { principalFacts, type Registry } from './module/registry.ts'
import { requestProblem } from './module/request-facts.ts'
import { UnevaluableRequestError } from './unevaluable.ts'

/** A principal with everything that depends on it alone, to be asked about by number. */
export interface RegisteredPrincipal {
  /** As in a request. */
  readonly principal: string
  readonly base?: string
  /** Its `rcp` and `resource` layers don't count: those belong to what is asked about. */
  readonly layers: PolicyLayers
  /** Keys that follow from who it is, such as its tags; those of its ARN come by themselves. */
  readonly context?: Context
}

/** Texts as UTF-8, one behind the other: the one at a place is `bytes[offsets[place], offsets[place + 1])`. */
export interface PackedTexts {
  readonly bytes: Uint8Array
  /** Ascending, one more than there are texts. */
  readonly offsets: Uint32Array
}

/** Requests by number: as many of each, one request for each place. */
export interface RegisteredRequests {
  readonly principals: Uint32Array
  readonly actions: Uint32Array
  /** ARNs, or `*`. Packed ones are copied as they are, which is fastest. */
  readonly resources: readonly string[] | PackedTexts
  /** Absent: no request has a context. */
  readonly contexts?: Uint32Array
  /** Numbers of registered resource policies. Absent: no resource has any. */
  readonly resourcePolicies?: Uint32Array
}

/** A question about every registered principal. */
export interface EveryoneQuestion {
  readonly action: string
  readonly resource: string
  readonly resourceAccount?: string
  readonly context?: Context
  /** Of these only `rcp` and `resource` count. */
  readonly layers?: PolicyLayers
  readonly now?: Date
}

const isPacked = (texts: readonly string[] | PackedTexts): texts is PackedTexts => 'offsets' in texts

const countOf = (texts: readonly string[] | PackedTexts): number =>
  isPacked(texts) ? Math.max(0, texts.offsets.length - 1) : texts.length

const textAt = (texts: readonly string[] | PackedTexts, place: number): string | undefined =>
  isPacked(texts)
    ? new TextDecoder().decode(texts.bytes.subarray(texts.offsets[place], texts.offsets[place + 1]))
    : texts[place]

const NO_CONTEXT: Context = new Map()
const CREDENTIALS: readonly Credentials[] = ['other', 'temporary', 'temporaryWithMfa']
const NO_LAYERS: PolicyLayers = {}

/**
 * What is asked about by number: principals, actions, contexts and resources, numbered by each kind from 0 in the order
 * of their coming. What its methods promise, `PolicyEvaluator` says of its own.
 */
export class Registered {
  readonly #engine: Engine
  readonly #registry: Registry
  readonly #block: BlockBuilder
  readonly #principals: RegisteredPrincipal[] = []
  readonly #actions: string[] = []
  readonly #contexts: { readonly context: Context; readonly now: Date | undefined }[] = []
  readonly #resources: { readonly layers: PolicyLayers; readonly context: Context }[] = []
  /** The module's numbers of the registered ones, of an epoch. */
  #numbers: RegisteredNumbers = noNumbers(-1)

  constructor(engine: Engine, registry: Registry, block: BlockBuilder) {
    this.#engine = engine
    this.#registry = registry
    this.#block = block
  }

  registerPrincipal(principal: RegisteredPrincipal): number {
    principalFacts(principal.principal)
    this.#registry.entryOf(principal.layers)
    return this.#principals.push(principal) - 1
  }

  registerAction(action: string): number {
    const problem = requestProblem({ principal: '*', action, resource: '*', context: NO_CONTEXT })
    if (problem !== null) throw new UnevaluableRequestError(problem)
    return this.#actions.push(action) - 1
  }

  registerContext(context: Context, now?: Date): number {
    const problem = requestProblem({ principal: '*', action: 'a:b', resource: '*', context })
    if (problem !== null) throw new UnevaluableRequestError(problem)
    return this.#contexts.push({ context, now }) - 1
  }

  registerResource(layers: PolicyLayers, context: Context = NO_CONTEXT): number {
    this.#registry.entryOf(layers)
    return this.#resources.push({ layers, context }) - 1
  }

  decide(requests: RegisteredRequests): Uint8Array {
    const { resources } = requests
    const numbers = this.#registeredNumbers()
    const count = countOf(resources)
    const decisions = new Uint8Array(count)
    for (let from = 0; from < count; from += BLOCK_REQUESTS_AT_MOST) {
      const to = Math.min(count, from + BLOCK_REQUESTS_AT_MOST)
      openBlock(this.#engine, this.#block, () => this.#write(numbers, requests, from, to))
      const answers = this.#engine.decideAll()
      for (let index = from; index < to; index++) {
        const answer = answers[index - from] ?? NONE
        if (answer === RESOURCE_INVALID)
          throw new UnevaluableRequestError(
            `resource \`${textAt(resources, index)}\` is neither an ARN nor \`*\``,
          )
        decisions[index] = answer
      }
    }
    return decisions
  }

  /** Writes the requests `[from, to)`, whose owner nobody says. */
  #write(numbers: RegisteredNumbers, requests: RegisteredRequests, from: number, to: number): void {
    const { principals, actions, resources, contexts, resourcePolicies } = requests
    const { temporary } = numbers
    const { other } = numbers.actions
    const isPlain = temporary.size === 0
    let at = this.#block.takeRequests(to - from)
    if (isPacked(resources)) this.#writePacked(resources, at, from, to)
    else this.#writeTexts(resources, at, from, to)
    const words = this.#block.requestWords
    for (let place = from; place < to; place++) {
      words[at + REQUEST_PRINCIPAL / 4] = known(numbers.principals, principals[place])
      words[at + REQUEST_FACTS / 4] =
        resourcePolicies === undefined ? NONE : known(numbers.resources, resourcePolicies[place])
      const credentials = isPlain ? undefined : temporary.get(contexts?.[place] ?? NONE)
      words[at + REQUEST_ACTION / 4] = known(
        credentials === undefined ? other : numbers.actions[credentials],
        actions[place],
      )
      words[at + REQUEST_CONTEXT / 4] =
        contexts === undefined ? NONE : known(numbers.contexts, contexts[place])
      words[at + REQUEST_OWNER / 4] = 0
      words[at + REQUEST_OWNER / 4 + 1] = 0
      at += REQUEST_SIZE / 4
    }
  }

  #writeTexts(resources: readonly string[], first: number, from: number, to: number): void {
    const block = this.#block
    const words = block.requestWords
    const isExact = block.measure === 'exact'
    let at = first + REQUEST_RESOURCE / 4
    let texts = ''
    let offset = 0
    for (let place = from; place < to; place++) {
      const text = resources[place] ?? ''
      const length = isExact ? block.lengthOf(text) : text.length
      words[at] = offset
      words[at + 1] = length
      texts += text
      offset += length
      at += REQUEST_SIZE / 4
    }
    block.addTexts(texts, offset)
  }

  #writePacked({ bytes, offsets }: PackedTexts, first: number, from: number, to: number): void {
    const words = this.#block.requestWords
    const start = offsets[from] ?? NONE
    let at = first + REQUEST_RESOURCE / 4
    let begin = start
    for (let place = from; place < to; place++) {
      const end = offsets[place + 1] ?? NONE
      if (begin > end || end > bytes.length)
        throw new UnevaluableRequestError(`resource ${place} is not within the bytes`)
      words[at] = begin - start
      words[at + 1] = end - begin
      begin = end
      at += REQUEST_SIZE / 4
    }
    this.#block.addPacked(bytes.subarray(start, begin))
  }

  whoCan(question: EveryoneQuestion): Uint32Array {
    const { action, resource, resourceAccount, context = NO_CONTEXT, layers = NO_LAYERS, now } = question
    const problem = requestProblem({
      principal: '*',
      action,
      resource,
      context,
      ...(resourceAccount === undefined ? {} : { resourceAccount }),
    })
    if (problem !== null) throw new UnevaluableRequestError(problem)
    if (this.#principals.length === 0) return new Uint32Array(0)
    const registry = this.#registry
    const entry = registry.entryOf(layers)
    const { principals, places } = this.#registeredNumbers()
    const block = this.#block
    openBlock(this.#engine, block, () => {
      block.addContext(registry.writeContextForAll(block, context, now))
      block.addRequest(
        principals[0] ?? NONE,
        registry.factsNumber(entry),
        registry.actions.of(action, context),
        resource,
        registry.contextCount,
        resourceAccount ?? '',
      )
      registry.flush()
    })
    const found = this.#engine.decideEveryone(0).slice()
    for (let index = 0; index < found.length; index++) found[index] = places[found[index] ?? NONE] ?? NONE
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
      for (const credentials of CREDENTIALS)
        numbers.actions[credentials].push(registry.actions.by(action, credentials))
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
