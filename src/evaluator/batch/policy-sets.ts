import type { PolicyUse } from '../../policy/parsed.ts'
import type { Request } from '../decision.ts'
import type { PolicyLayers } from '../layers.ts'
import type { NamedRequest } from '../module/name-table.ts'
import type { ScannedLines } from '../module/scanned-lines.ts'
import type { PolicyEvaluator } from '../policy-evaluator.ts'
import { BatchError } from './batch-error.ts'
import { BatchGeneration, type Remembered } from './batch-generation.ts'
import { PROJECT } from './batch-line.ts'
import { type BatchPolicies, readPolicies } from './batch-policies.ts'

/** A set of policies that no line could be decided by. */
export class PolicySetError extends Error {
  readonly set: string
  /** Where in the set, as keys and indexes. */
  readonly path: readonly PropertyKey[]

  constructor(set: string, message: string, path: readonly PropertyKey[]) {
    super(message)
    this.name = 'PolicySetError'
    this.set = set
    this.path = path
  }
}

/** The named sets of a batch: read and compiled once, before the first line, and never forgotten. */
export class PolicySets {
  readonly #generation: BatchGeneration
  #met: NamedRequest[] = []
  /** By name; whether what is asked about is read as a trust policy makes a difference to those that have one. */
  readonly #sets = new Map<string, Readonly<Record<'resource' | 'trust', Remembered<PolicyLayers>>>>()

  /**
   * @param sets each as `policies` of a line, by name
   * @throws PolicySetError when one is malformed, or has a policy without a clear meaning
   */
  constructor(evaluator: PolicyEvaluator, sets: ReadonlyMap<string, unknown>) {
    this.#generation = new BatchGeneration(evaluator)
    for (const [name, json] of sets) {
      if (name === PROJECT) throw new PolicySetError(name, '`project` stands for the project', [])
      this.#add(name, policiesOf(name, json))
    }
  }

  get evaluator(): PolicyEvaluator {
    return this.#generation.evaluator
  }

  get isEmpty(): boolean {
    return this.#sets.size === 0
  }

  /** Notes a request by a set, so that the module knows its names from the next lines on. */
  note(set: string, request: Request): void {
    const layers = this.#sets.get(set)?.resource
    if (layers !== undefined && 'value' in layers) this.#met.push({ set, layers: layers.value, request })
  }

  /** Lines as `PolicyEvaluator.decideLines` takes them. */
  decideLines(lines: Uint8Array): ScannedLines {
    const met = this.#met
    this.#met = []
    return this.evaluator.decideLines(lines, met)
  }

  /** @returns undefined: there is no such set */
  layersOf(name: string, use: PolicyUse): Remembered<PolicyLayers> | undefined {
    return this.#sets.get(name)?.[use === 'trust' ? 'trust' : 'resource']
  }

  #add(name: string, policies: BatchPolicies): void {
    const resource = this.#generation.add(`resource ${name}`, policies, 'resource')
    const trust =
      policies.resource === null ? resource : this.#generation.add(`trust ${name}`, policies, 'trust')
    // A policy of a resource may be a trust policy alone, or never one: then a line says so.
    if ('error' in resource && 'error' in trust)
      throw new PolicySetError(name, resource.error.message, resource.error.path)
    this.#sets.set(name, { resource, trust })
  }
}

function policiesOf(name: string, json: unknown): BatchPolicies {
  try {
    return readPolicies(json)
  } catch (error) {
    if (error instanceof BatchError) throw new PolicySetError(name, error.message, error.path)
    throw error
  }
}
