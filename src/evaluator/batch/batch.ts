import type { PolicyUse } from '../../policy/parsed.ts'
import type { Decision } from '../decision.ts'
import type { PolicyLayers } from '../layers.ts'
import { resourceUse } from '../module/request-facts.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../policy-evaluator.ts'
import type { Question } from '../question.ts'
import { BatchGeneration, type Remembered } from './batch-generation.ts'
import { type BatchError, type BatchPolicies, readBatchLine } from './batch-line.ts'

/** In characters of policies: a generation that remembers so many gets no more. */
const MOST_IN_GENERATION = 1 << 20
const MOST_GENERATIONS = 16
/** The oldest generations are forgotten when all together remember more. */
const MOST_REMEMBERED = MOST_GENERATIONS * MOST_IN_GENERATION

/** A question that stands at a place among the answers. */
interface Asked {
  readonly place: number
  readonly id: string | null
  readonly question: Question
}

/** Answers lines of `evaluate --batch`: the same policies again are read and compiled once. */
export class BatchEvaluator {
  /** The newest first. */
  readonly #generations: BatchGeneration[]

  constructor(evaluators: readonly PolicyEvaluator[]) {
    this.#generations = evaluators.map((evaluator) => new BatchGeneration(evaluator))
  }

  /**
   * @param lines JSON texts, without blank ones
   * @returns a JSON text for each, in order: `{"id","decision"}` or `{"id","error":{"code","message"}}`
   */
  answer(lines: readonly string[]): readonly BatchAnswer[] {
    this.#makeRoom()
    const answers = new Array<BatchAnswer>(lines.length)
    const asked = new Map<PolicyEvaluator, Asked[]>()
    for (const [place, text] of lines.entries()) {
      const read = readBatchLine(text)
      if ('error' in read) {
        answers[place] = failure(read.id, read.error)
        continue
      }
      const { request, policies } = read.line
      const { layers, evaluator } = this.#layersOf(policies, resourceUse(request.action, request.resource))
      if ('error' in layers) {
        answers[place] = failure(read.id, layers.error)
        continue
      }
      let ofEvaluator = asked.get(evaluator)
      if (ofEvaluator === undefined) {
        ofEvaluator = []
        asked.set(evaluator, ofEvaluator)
      }
      ofEvaluator.push({ place, id: read.id, question: { request, layers: layers.value } })
    }
    for (const [evaluator, questions] of asked) {
      const decisions = evaluator.evaluateMany(questions.map(({ question }) => question))
      for (const [index, { place, id }] of questions.entries())
        answers[place] = success(id, decisions[index] as Decision)
    }
    return answers
  }

  #layersOf(
    policies: BatchPolicies,
    use: PolicyUse,
  ): { readonly layers: Remembered<PolicyLayers>; readonly evaluator: PolicyEvaluator } {
    const identity = `${use} ${JSON.stringify(policies)}`
    for (const generation of this.#generations) {
      const layers = generation.recall(identity)
      if (layers !== undefined) return { layers, evaluator: generation.evaluator }
    }
    const newest = this.#generations[0] as BatchGeneration
    return { layers: newest.add(identity, policies, use), evaluator: newest.evaluator }
  }

  /** Only between answers: what is forgotten must not be asked about any more. */
  #makeRoom(): void {
    const generations = this.#generations
    const newest = generations[0]
    if (newest !== undefined && newest.size >= MOST_IN_GENERATION) {
      const oldest = generations.pop() as BatchGeneration
      oldest.forget()
      generations.unshift(oldest)
    }
    let remembered = 0
    for (const generation of generations) {
      remembered += generation.size
      if (remembered > MOST_REMEMBERED) generation.forget()
    }
  }
}

export interface BatchAnswer {
  /** One line, without its end. */
  readonly json: string
  /** false: it is an error. */
  readonly isDecided: boolean
}

const success = (id: string | null, decision: Decision): BatchAnswer => ({
  json: JSON.stringify({ id, decision }),
  isDecided: true,
})

/** An answer to a line that can't be decided. */
export const failure = (id: string | null, { code, message }: BatchError): BatchAnswer => ({
  json: JSON.stringify({ id, error: { code, message } }),
  isDecided: false,
})

export async function createBatchEvaluator(): Promise<BatchEvaluator> {
  return new BatchEvaluator(
    await Promise.all(Array.from({ length: MOST_GENERATIONS }, () => createPolicyEvaluator())),
  )
}
