import { InvariantError } from '../../diagnostics/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import type { Decision } from '../decision.ts'
import type { Decided, EstateQuestion } from '../estate/estate-question.ts'
import type { Evaluator } from '../estate/evaluator.ts'
import type { PolicyLayers } from '../layers.ts'
import { resourceUse } from '../module/request-facts.ts'
import type { ScannedLines } from '../module/scanned-lines.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../policy-evaluator.ts'
import type { Question } from '../question.ts'
import { BatchError, invalidRequest } from './batch-error.ts'
import { BatchGeneration, type Remembered } from './batch-generation.ts'
import { PROJECT, readBatchLine } from './batch-line.ts'
import type { BatchPolicies } from './batch-policies.ts'
import { PolicySets } from './policy-sets.ts'

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

/** The same, by what a project declares. */
interface AskedOfProject extends Omit<Asked, 'question'> {
  readonly question: EstateQuestion
}

/** Decides by what a project declares: an `Evaluator`. */
export type ProjectDecider = Pick<Evaluator, 'evaluateMany'>

/** Answers lines of `evaluate --batch`: the same policies again are read and compiled once. */
export class BatchEvaluator {
  /** The newest first. */
  readonly #generations: BatchGeneration[]
  readonly #sets: PolicySets
  readonly #project: ProjectDecider | null

  constructor(evaluators: readonly PolicyEvaluator[], sets: PolicySets, project: ProjectDecider | null) {
    this.#generations = evaluators.map((evaluator) => new BatchGeneration(evaluator))
    this.#sets = sets
    this.#project = project
  }

  /**
   * @param lines JSON texts, without blank ones
   * @returns a JSON text for each, in order: `{"id","decision"}` or `{"id","error":{"code","message"}}`
   */
  answer(lines: readonly string[]): readonly BatchAnswer[] {
    this.#makeRoom()
    const answers = new Array<BatchAnswer>(lines.length)
    const asked = new Map<PolicyEvaluator, Asked[]>()
    const ofProject: AskedOfProject[] = []
    for (const [place, text] of lines.entries()) {
      const read = readBatchLine(text)
      if ('error' in read) {
        answers[place] = failure(read.id, read.error)
        continue
      }
      const { request, policies } = read.line
      if (policies === PROJECT && this.#project !== null) {
        ofProject.push({ place, id: read.id, question: request })
        continue
      }
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
    const decided = this.#project?.evaluateMany(ofProject.map(({ question }) => question)) ?? []
    for (const [index, { place, id }] of ofProject.entries())
      answers[place] = ofProjectAnswer(id, decided[index])
    return answers
  }

  /** Whether some lines may be decided without being parsed. */
  get readsLines(): boolean {
    return !this.#sets.isEmpty
  }

  /** Lines of bytes, the last with its end, as far as they can be decided as they stand. `answer` takes what is left. */
  decideLines(lines: Uint8Array): ScannedLines {
    return this.#sets.decideLines(lines)
  }

  /** Tells the module of the names that a line has, if it names a set. */
  meet(text: string): void {
    const read = readBatchLine(text)
    if ('line' in read && typeof read.line.policies === 'string')
      this.#sets.note(read.line.policies, read.line.request)
  }

  #layersOf(
    policies: BatchPolicies | string,
    use: PolicyUse,
  ): { readonly layers: Remembered<PolicyLayers>; readonly evaluator: PolicyEvaluator } {
    if (typeof policies === 'string') {
      const layers = this.#sets.layersOf(policies, use) ?? {
        error: invalidRequest(`\`policies\` names \`${policies}\`, and there is no such set`),
      }
      return { layers, evaluator: this.#sets.evaluator }
    }
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

/** The answer to a line about the project. */
function ofProjectAnswer(id: string | null, decided: Decided | undefined): BatchAnswer {
  if (decided === undefined) throw new InvariantError('a question about the project got no answer')
  if (decided.decision !== null) return success(id, decided.decision)
  const isPolicy = decided.diagnostics.some(({ code }) => code === 'evaluate.invalid-policy')
  const message = decided.diagnostics.map((each) => each.message).join('; ')
  return failure(id, new BatchError(isPolicy ? 'invalid_policy' : 'invalid_request', message))
}

/** What lines may name in place of their policies. */
export interface BatchReferences {
  /** Sets of policies by name, each a value as `policies` of a line has it. None is called `project`. */
  readonly sets?: ReadonlyMap<string, unknown>
  /** What `"policies": "project"` is decided by. */
  readonly project?: ProjectDecider
}

/** @throws PolicySetError when a set is malformed, or has a policy without a clear meaning */
export async function createBatchEvaluator(references: BatchReferences = {}): Promise<BatchEvaluator> {
  const evaluators = Array.from({ length: MOST_GENERATIONS + 1 }, () => createPolicyEvaluator())
  const [ofSets, ...generations] = await Promise.all(evaluators)
  if (ofSets === undefined) throw new InvariantError('no evaluator was made')
  const { sets = new Map(), project = null } = references
  return new BatchEvaluator(generations, new PolicySets(ofSets, sets), project)
}
