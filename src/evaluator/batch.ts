import { parsePolicy } from '../policy/parse.ts'
import type { ParsedPolicy, PolicyUse } from '../policy/parsed.ts'
import { BatchError, type BatchLine, type BatchPolicies, readBatchLine } from './batch-line.ts'
import type { IdentifiedPolicy, PolicyLayers } from './layers.ts'
import { createPolicyEvaluator, type PolicyEvaluator, type Question } from './policy-evaluator.ts'
import { resourceUse } from './request-facts.ts'
import { UnevaluablePolicyError } from './unevaluable.ts'

/** How many sets of policies, and how many documents, are remembered. Lines repeat them. */
const MOST_REMEMBERED = 20_000

type Remembered<T> = { readonly value: T } | { readonly error: BatchError }

/** Answers lines of `evaluate --batch`: the same policies again are read and compiled once. */
export class BatchEvaluator {
  readonly #evaluator: PolicyEvaluator
  readonly #layers = new Map<string, Remembered<PolicyLayers>>()
  readonly #documents = new Map<string, Remembered<ParsedPolicy>>()

  constructor(evaluator: PolicyEvaluator) {
    this.#evaluator = evaluator
  }

  /**
   * @param lines JSON texts, without blank ones
   * @returns a JSON text for each, in order: `{"id","decision"}` or `{"id","error":{"code","message"}}`
   */
  answer(lines: readonly string[]): readonly BatchAnswer[] {
    if (this.#layers.size > MOST_REMEMBERED || this.#documents.size > MOST_REMEMBERED) {
      this.#layers.clear()
      this.#documents.clear()
      this.#evaluator.forget()
    }
    const answers: (BatchAnswer | null)[] = []
    const ids: (string | null)[] = []
    const questions: Question[] = []
    for (const text of lines) {
      const read = readBatchLine(text)
      const asked = 'error' in read ? read : this.#question(read.line)
      if ('error' in asked) answers.push(failure(read.id, asked.error))
      else {
        answers.push(null)
        ids.push(read.id)
        questions.push(asked.value)
      }
    }
    const decisions = this.#evaluator.evaluateMany(questions)
    let next = 0
    return answers.map((answer) => {
      if (answer !== null) return answer
      const place = next++
      return { json: JSON.stringify({ id: ids[place], decision: decisions[place] }), isDecided: true }
    })
  }

  #question({ request, policies }: BatchLine): Remembered<Question> {
    const layers = this.#layersOf(policies, resourceUse(request.action, request.resource))
    return 'error' in layers ? layers : { value: { request, layers: layers.value } }
  }

  #layersOf(policies: BatchPolicies, use: PolicyUse): Remembered<PolicyLayers> {
    const identity = `${use} ${JSON.stringify(policies)}`
    const known = this.#layers.get(identity)
    if (known !== undefined) return known
    const made = this.#compile(policies, use)
    this.#layers.set(identity, made)
    return made
  }

  #compile(policies: BatchPolicies, use: PolicyUse): Remembered<PolicyLayers> {
    try {
      const value = this.#readLayers(policies, use)
      this.#evaluator.prepare([value])
      return { value }
    } catch (error) {
      if (error instanceof BatchError) return { error }
      if (error instanceof UnevaluablePolicyError)
        return { error: new BatchError('invalid_policy', error.message) }
      throw error
    }
  }

  #readLayers(policies: BatchPolicies, use: PolicyUse): PolicyLayers {
    const list = (documents: readonly unknown[] | null, name: string, kind: PolicyUse) =>
      (documents ?? []).map((document, index) => this.#identified(document, `${name}[${index}]`, kind))
    const levels = (name: 'scp' | 'rcp') =>
      (policies[name] ?? []).map((level, index) => list(level, `${name}[${index}]`, name))
    return {
      identity: list(policies.identity, 'identity', 'identity'),
      boundary: list(policies.boundary, 'boundary', 'boundary'),
      session: list(policies.session, 'session', 'session'),
      scp: levels('scp'),
      rcp: levels('rcp'),
      resource: policies.resource === null ? null : this.#identified(policies.resource, 'resource', use),
    }
  }

  #identified(document: unknown, id: string, use: PolicyUse): IdentifiedPolicy {
    const identity = `${use} ${JSON.stringify(document)}`
    let read = this.#documents.get(identity)
    if (read === undefined) {
      const { policy, diagnostics } = parsePolicy(document, null, use, 'evaluate')
      const message = diagnostics.map((each) => each.message).join('; ')
      read = policy === null ? { error: new BatchError('invalid_policy', message) } : { value: policy }
      this.#documents.set(identity, read)
    }
    if ('error' in read) throw new BatchError('invalid_policy', `${id}: ${read.error.message}`)
    return { id, policy: read.value }
  }
}

export interface BatchAnswer {
  /** One line, without its end. */
  readonly json: string
  /** false: it is an error. */
  readonly isDecided: boolean
}

/** An answer to a line that can't be decided. */
export const failure = (id: string | null, { code, message }: BatchError): BatchAnswer => ({
  json: JSON.stringify({ id, error: { code, message } }),
  isDecided: false,
})

export const createBatchEvaluator = async (): Promise<BatchEvaluator> =>
  new BatchEvaluator(await createPolicyEvaluator())
