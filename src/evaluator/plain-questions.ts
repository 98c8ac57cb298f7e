import {
  CONTEXT_NEEDED,
  NONE,
  PENDING,
  REQUEST_ACTION,
  REQUEST_CONTEXT,
  REQUEST_FACTS,
  REQUEST_OWNER,
  REQUEST_PRINCIPAL,
  REQUEST_RESOURCE,
  REQUEST_SIZE,
  RESOURCE_INVALID,
} from '../../assembly/wire.ts'
import type { Decision } from './decision.ts'
import type { PolicyLayers } from './layers.ts'
import type { BlockBuilder } from './module/block.ts'
import { decisionOf, type Engine } from './module/engine.ts'
import { BLOCK_REQUESTS_AT_MOST, openBlock } from './module/open-block.ts'
import type { LayersEntry, Registry } from './module/registry.ts'
import { requestProblem } from './module/request-facts.ts'
import type { Question } from './question.ts'
import { UnevaluableRequestError } from './unevaluable.ts'

/** Some questions of a list: those of `[from, from + count)`, or, where `places` isn't null, those at its first `count` places. */
interface Selection {
  readonly questions: readonly Question[]
  readonly from: number
  readonly count: number
  readonly places: Uint32Array | null
}

/** What is asked as plain objects, block by block. What its methods promise, `PolicyEvaluator` says of its own. */
export class PlainQuestions {
  readonly #engine: Engine
  readonly #registry: Registry
  readonly #block: BlockBuilder
  /** Which questions of a block are not decided without their contexts. */
  readonly #undecided = new Uint32Array(BLOCK_REQUESTS_AT_MOST)

  constructor(engine: Engine, registry: Registry, block: BlockBuilder) {
    this.#engine = engine
    this.#registry = registry
    this.#block = block
  }

  decide(question: Question): Decision {
    const asked = { questions: [question], from: 0, count: 1, places: null }
    this.#open(asked, false)
    let answer = this.#engine.decide(0)
    if (answer === CONTEXT_NEEDED) {
      this.#open(asked, true)
      answer = this.#engine.decide(0)
    }
    if (answer === RESOURCE_INVALID) throw invalidRequest(question)
    return decisionOf(answer)
  }

  decideMany(questions: readonly Question[]): readonly Decision[] {
    this.#registry.begin()
    let seen: PolicyLayers | null = null
    for (const { layers } of questions) {
      if (layers !== seen) this.#registry.entryOf(layers)
      seen = layers
    }
    const decisions = new Array<Decision>(questions.length)
    for (let from = 0; from < questions.length; from += BLOCK_REQUESTS_AT_MOST)
      this.#decideBlock(questions, from, decisions)
    return decisions
  }

  /** Most requests are decided before it is known what the policies ask of the context: it is written for the others alone. */
  #decideBlock(questions: readonly Question[], from: number, decisions: Decision[]): void {
    const undecided = this.#undecided
    const count = Math.min(BLOCK_REQUESTS_AT_MOST, questions.length - from)
    this.#open({ questions, from, count, places: null }, false)
    const answers = this.#engine.decideAll()
    let left = 0
    for (let index = 0; index < count; index++) {
      const answer = answers[index] ?? NONE
      if (answer === CONTEXT_NEEDED) undecided[left++] = from + index
      else if (answer === RESOURCE_INVALID) throw invalidRequest(questions[from + index])
      else decisions[from + index] = decisionOf(answer)
    }
    if (left === 0) return
    this.#open({ questions, from: 0, count: left, places: undecided }, true)
    const second = this.#engine.decideAll()
    for (let index = 0; index < left; index++)
      decisions[undecided[index] ?? NONE] = decisionOf(second[index] ?? NONE)
  }

  /** One question with its context, its resource known to be one: what `explain` of the engine is asked about. */
  openWhole(question: Question): LayersEntry {
    const problem = requestProblem(question.request)
    if (problem !== null) throw new UnevaluableRequestError(problem)
    this.#open({ questions: [question], from: 0, count: 1, places: null }, true)
    return this.#registry.entryOf(question.layers)
  }

  #open(asked: Selection, withContexts: boolean): void {
    const registry = this.#registry
    registry.begin()
    let layers: PolicyLayers | null = null
    if (!registry.isLoaded)
      for (let index = 0; index < asked.count; index++) {
        const question = questionAt(asked, index)
        if (question.layers !== layers) registry.entryOf(question.layers)
        layers = question.layers
      }
    registry.load()
    const fill = () => {
      this.#fill(asked, withContexts)
      // Policies that no question brought before.
      if (!registry.isLoaded) {
        registry.load()
        this.#block.clear(this.#block.measure)
        this.#fill(asked, withContexts)
      }
      registry.flush()
    }
    openBlock(this.#engine, this.#block, fill)
  }

  /** Each request becomes a record, straight in the words that are copied to the module. */
  #fill(asked: Selection, withContexts: boolean): void {
    const first = this.#block.takeRequests(asked.count)
    const words = this.#block.requestWords
    this.#fillActions(asked, words, first)
    this.#fillPrincipals(asked, words, first, withContexts)
    this.#fillResources(asked, words, first)
    if (withContexts) this.#addContexts(asked)
  }

  #fillActions(asked: Selection, words: Uint32Array, first: number): void {
    const { actions } = this.#registry
    let at = first + REQUEST_ACTION / 4
    for (let index = 0; index < asked.count; index++) {
      const { action, context } = questionAt(asked, index).request
      words[at] = actions.of(action, context)
      at += REQUEST_SIZE / 4
    }
  }

  #fillPrincipals(asked: Selection, words: Uint32Array, first: number, withContexts: boolean): void {
    const registry = this.#registry
    const { asksForTime } = registry
    let at = first
    let contexts = registry.contextCount
    // Whoever gives the first one a context gives nearly all of them one: a look into each costs as much as a record.
    const looks = withContexts || questionAt(asked, 0).request.context.size === 0
    let entry: LayersEntry | null = null
    let layers: PolicyLayers | null = null
    let facts = NONE
    for (let index = 0; index < asked.count; index++) {
      const question = questionAt(asked, index)
      const { request, now } = question
      if (entry === null || question.layers !== layers) {
        layers = question.layers
        entry = registry.entryOf(layers)
        facts = registry.factsNumber(entry)
      }
      words[at + REQUEST_PRINCIPAL / 4] = registry.principalNumber(entry, request.principal, question.base)
      words[at + REQUEST_FACTS / 4] = facts
      let number = PENDING
      if (looks) {
        number = NONE
        if (request.context.size > 0 || (asksForTime && now !== undefined))
          number = withContexts ? contexts++ : PENDING
      }
      words[at + REQUEST_CONTEXT / 4] = number
      at += REQUEST_SIZE / 4
    }
  }

  #fillResources(asked: Selection, words: Uint32Array, first: number): void {
    const block = this.#block
    const isExact = block.measure === 'exact'
    let at = first
    let texts = ''
    let offset = block.textSize
    for (let index = 0; index < asked.count; index++) {
      const { resource, resourceAccount } = questionAt(asked, index).request
      const length = isExact ? block.lengthOf(resource) : resource.length
      words[at + REQUEST_RESOURCE / 4] = offset
      words[at + REQUEST_RESOURCE / 4 + 1] = length
      texts += resource
      offset += length
      words[at + REQUEST_OWNER / 4] = 0
      words[at + REQUEST_OWNER / 4 + 1] = 0
      if (resourceAccount !== undefined) {
        // Twelve digits, see `accountId`.
        texts += accountId(resourceAccount)
        words[at + REQUEST_OWNER / 4] = offset
        words[at + REQUEST_OWNER / 4 + 1] = 12
        offset += 12
      }
      at += REQUEST_SIZE / 4
    }
    block.addTexts(texts, offset - block.textSize)
  }

  /** In the order of the requests that have one. */
  #addContexts(asked: Selection): void {
    const registry = this.#registry
    const block = this.#block
    const { asksForTime } = registry
    for (let index = 0; index < asked.count; index++) {
      const { request, now, layers } = questionAt(asked, index)
      const { context } = request
      if (context.size > 0 || (asksForTime && now !== undefined))
        block.addContext(registry.writeContext(block, registry.entryOf(layers), context, now))
    }
  }
}

function questionAt({ questions, from, places }: Selection, index: number): Question {
  const question = questions[places === null ? from + index : (places[index] ?? NONE)]
  if (question === undefined) throw new UnevaluableRequestError('a question is missing')
  return question
}

function accountId(text: string): string {
  if (!/^\d{12}$/.test(text))
    throw new UnevaluableRequestError(`resource account \`${text}\` is not an account id`)
  return text
}

const invalidRequest = (question: Question | undefined): UnevaluableRequestError =>
  new UnevaluableRequestError(question === undefined ? '' : (requestProblem(question.request) ?? ''))
