import { parsePolicy } from '../../policy/parse.ts'
import type { ParsedPolicy, PolicyUse } from '../../policy/parsed.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../layers.ts'
import type { PolicyEvaluator } from '../policy-evaluator.ts'
import { UnevaluablePolicyError } from '../unevaluable.ts'
import { BatchError } from './batch-error.ts'
import type { BatchPolicies } from './batch-policies.ts'

export type Remembered<T> = { readonly value: T } | { readonly error: BatchError }

type Path = readonly (string | number)[]

/** A set of policies takes memory however short it is: about as much as so many characters more. */
const OVERHEAD = 512

/**
 * The policies that a stretch of a batch brought, each read and compiled once. The evaluator loads its whole program
 * whenever that got a new policy, so a stretch must be short; older ones stay as they are, and go on answering.
 */
export class BatchGeneration {
  readonly evaluator: PolicyEvaluator
  readonly #layers = new Map<string, Remembered<PolicyLayers>>()
  readonly #documents = new Map<string, Remembered<ParsedPolicy>>()
  #size = 0

  constructor(evaluator: PolicyEvaluator) {
    this.evaluator = evaluator
  }

  /** How much it remembers, in characters. */
  get size(): number {
    return this.#size
  }

  /** @param identity what makes one set of policies the same as another */
  recall(identity: string): Remembered<PolicyLayers> | undefined {
    return this.#layers.get(identity)
  }

  /** Reads and compiles a set of policies. */
  add(identity: string, policies: BatchPolicies, use: PolicyUse): Remembered<PolicyLayers> {
    const made = this.#compile(policies, use)
    this.#layers.set(identity, made)
    this.#size += identity.length + OVERHEAD
    return made
  }

  forget(): void {
    this.#layers.clear()
    this.#documents.clear()
    this.#size = 0
    this.evaluator.forget()
  }

  #compile(policies: BatchPolicies, use: PolicyUse): Remembered<PolicyLayers> {
    try {
      const value = this.#readLayers(policies, use)
      this.evaluator.prepare([value])
      return { value }
    } catch (error) {
      if (error instanceof BatchError) return { error }
      if (error instanceof UnevaluablePolicyError)
        return { error: new BatchError('invalid_policy', error.message) }
      throw error
    }
  }

  #readLayers(policies: BatchPolicies, use: PolicyUse): PolicyLayers {
    const list = (documents: readonly unknown[] | null, path: Path, kind: PolicyUse) =>
      (documents ?? []).map((document, index) => this.#identified(document, [...path, index], kind))
    const levels = (name: 'scp' | 'rcp') =>
      (policies[name] ?? []).map((level, index) => list(level, [name, index], name))
    return {
      identity: list(policies.identity, ['identity'], 'identity'),
      boundary: list(policies.boundary, ['boundary'], 'boundary'),
      session: list(policies.session, ['session'], 'session'),
      scp: levels('scp'),
      rcp: levels('rcp'),
      endpoint: list(policies.endpoint, ['endpoint'], 'resource'),
      endpointType: policies.endpointType,
      resource: policies.resource === null ? null : this.#identified(policies.resource, ['resource'], use),
    }
  }

  #identified(document: unknown, path: Path, use: PolicyUse): IdentifiedPolicy {
    const id = path.map((step, index) => (index === 0 ? step : `[${step}]`)).join('')
    const identity = `${use} ${JSON.stringify(document)}`
    let read = this.#documents.get(identity)
    if (read === undefined) {
      const { policy, diagnostics } = parsePolicy(document, null, use, 'evaluate')
      const message = diagnostics.map((each) => each.message).join('; ')
      read = policy === null ? { error: new BatchError('invalid_policy', message) } : { value: policy }
      this.#documents.set(identity, read)
    }
    if ('error' in read) throw new BatchError('invalid_policy', `${id}: ${read.error.message}`, path)
    return { id, policy: read.value }
  }
}
