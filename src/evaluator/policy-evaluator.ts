import { EXPLAIN_ALL, EXPLAIN_SPEAKERS } from '../../assembly/wire.ts'
import type { Decision, Reason } from './decision.ts'
import { explanationOf } from './explaining/explain.ts'
import type { Explanation } from './explaining/explanation.ts'
import { reasonsOf } from './explaining/reasons.ts'
import type { PolicyLayers } from './layers.ts'
import { BlockBuilder } from './module/block.ts'
import type { Context } from './module/context-writer.ts'
import { Engine } from './module/engine.ts'
import { type NamedRequest, NameTable } from './module/name-table.ts'
import { Registry } from './module/registry.ts'
import { type ScannedLines, scannedLines } from './module/scanned-lines.ts'
import { PlainQuestions } from './plain-questions.ts'
import type { Question } from './question.ts'
import {
  type EveryoneQuestion,
  Registered,
  type RegisteredPrincipal,
  type RegisteredRequests,
} from './registered.ts'

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
  readonly #plain: PlainQuestions
  readonly #registered: Registered
  readonly #names: NameTable

  private constructor(engine: Engine) {
    this.#engine = engine
    this.#registry = new Registry(engine)
    const block = new BlockBuilder()
    this.#plain = new PlainQuestions(engine, this.#registry, block)
    this.#registered = new Registered(engine, this.#registry, block)
    this.#names = new NameTable(engine, this.#registry)
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
    const { own, resource } = this.#plain.openWhole(question)
    const groups = [...own, ...resource]
    const explanation = this.#engine.explain(0, groups.length, EXPLAIN_SPEAKERS)
    return { decision: explanation.decision, reasons: reasonsOf(explanation, groups) }
  }

  /** One request taken apart: each layer's verdict, and of each statement what failed first. Throws as `evaluate`. */
  explain(question: Question): Explanation {
    const { own, resource } = this.#plain.openWhole(question)
    const groups = [...own, ...resource]
    return explanationOf(this.#engine.explain(0, groups.length, EXPLAIN_ALL), groups, question)
  }

  /** One request, without why: faster. Throws as `evaluate`; a key that is given twice is noticed if it matters. */
  decide(question: Question): Decision {
    return this.#plain.decide(question)
  }

  /** Many requests, without why. Throws as `decide`. @returns decisions in the order of the questions */
  evaluateMany(questions: readonly Question[]): readonly Decision[] {
    return this.#plain.decideMany(questions)
  }

  /**
   * Lines of `evaluate --batch`, as far as the module can read them: those whose names were met, and that have nothing
   * odd. The others are left.
   * @param lines of which the last ends with a line feed
   * @param met requests of lines that were left for their names
   */
  decideLines(lines: Uint8Array, met: readonly NamedRequest[]): ScannedLines {
    this.#names.learn(met)
    return scannedLines(this.#engine.decideLines(lines))
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
  whoCan(question: EveryoneQuestion): Uint32Array {
    return this.#registered.whoCan(question)
  }
}

/** Decisions by policies, in WebAssembly; see `PolicyEvaluator`. */
export const createPolicyEvaluator = (): Promise<PolicyEvaluator> => PolicyEvaluator.create()
