import {
  DECISION_ALLOW,
  DECISION_EXPLICIT_DENY,
  DECISION_IMPLICIT_DENY,
  EXPLANATION_FLAGS,
  EXPLANATION_GROUPS,
  EXPLANATION_MATCHES,
  EXPLANATION_NEEDS_RESOURCE,
  MATCH_DETAIL,
  MATCH_GROUP,
  MATCH_MEMBER,
  MATCH_OUTCOME,
  MATCH_SIZE,
  MATCH_STATEMENT,
  OK,
  OUT_OF_MEMORY,
  OUTCOME_SIZE,
  WIRE_VERSION,
} from '../../../assembly/wire.ts'
import { InvariantError } from '../../diagnostics/index.ts'
import type { Decision } from '../decision.ts'
import { type CompiledModule, type ModuleMemory, webAssembly } from './web-assembly.ts'

/** What the module exports; all of it is numbers. */
interface Exports {
  readonly memory: ModuleMemory
  wireVersion(): number
  reserveProgram(size: number): number
  loadProgram(size: number): number
  reserveBlock(size: number): number
  registerBlock(size: number): number
  registerNames(size: number): number
  reserveLines(size: number): number
  decideLines(size: number): number
  openBlock(size: number): number
  decide(number: number): number
  decideAll(): number
  explain(number: number, mode: number): number
  decideEveryone(number: number): number
  answersAddress(): number
  forget(): void
  sizeInUse(): number
}

/** Which statement of which policy spoke, by place: group of the request, policy of the group, statement of the policy. */
export interface Match {
  readonly group: number
  readonly member: number
  readonly statement: number
  /** OUTCOME_… */
  readonly outcome: number
  /** Of a statement whose conditions fail, the place of the first that does. */
  readonly detail: number
}

export interface RawExplanation {
  readonly decision: Decision
  /** Whether nothing is allowed without the resource's own policy. */
  readonly needsResource: boolean
  /** GROUP_… bits of each group of the request. */
  readonly groups: readonly number[]
  readonly matches: readonly Match[]
}

/** Where a block is written: all of the memory seen twice, and its first byte, which a word begins with. */
export interface Room {
  readonly words: Uint32Array
  readonly bytes: Uint8Array
  readonly at: number
}

let compiled: Promise<CompiledModule> | null = null

function compiledModule(): Promise<CompiledModule> {
  compiled ??= import('#generated/evaluator-wasm').then(({ evaluatorWasm }) =>
    webAssembly.compile(evaluatorWasm()),
  )
  return compiled
}

/** The wasm boundary: one instance, one program at a time. The only place that calls the module. */
export class Engine {
  readonly #exports: Exports
  #words: Uint32Array
  #bytes: Uint8Array

  private constructor(exports: Exports) {
    this.#exports = exports
    this.#words = new Uint32Array(exports.memory.buffer)
    this.#bytes = new Uint8Array(exports.memory.buffer)
  }

  static async create(): Promise<Engine> {
    const { exports } = await webAssembly.instantiate(await compiledModule(), {})
    const engine = new Engine(exports as unknown as Exports)
    const version = engine.#exports.wireVersion()
    if (version !== WIRE_VERSION)
      throw new InvariantError(`the evaluator module speaks version ${version}, not ${WIRE_VERSION}`)
    return engine
  }

  /** @throws InvariantError when the bytes are not a program */
  load(program: Uint8Array): void {
    const at = this.#exports.reserveProgram(program.length) >>> 0
    if (at === 0) throw outOfMemory()
    this.#look()
    this.#bytes.set(program, at)
    expectOk(this.#exports.loadProgram(program.length))
  }

  /** Room for a block of `size` bytes. Valid until the next call of this engine. */
  reserve(size: number): Room {
    const at = this.#exports.reserveBlock(size) >>> 0
    if (at === 0) throw outOfMemory()
    this.#look()
    return { words: this.#words, bytes: this.#bytes, at }
  }

  /** Keeps what was written to the room. @throws InvariantError when it is not a block, or has requests */
  register(size: number): void {
    expectOk(this.#exports.registerBlock(size))
  }

  /** Keeps the names that were written to the room of a block. @throws InvariantError when they are none */
  registerNames(size: number): void {
    expectOk(this.#exports.registerNames(size))
  }

  /**
   * Decides lines, as far as the module can read them.
   * @param lines of which the last ends with a line feed
   * @returns where LINES_… stand
   */
  decideLines(lines: Uint8Array): Room {
    const at = this.#exports.reserveLines(lines.length) >>> 0
    if (at === 0) throw outOfMemory()
    this.#look()
    this.#bytes.set(lines, at)
    expectOk(this.#exports.decideLines(lines.length))
    return { words: this.#words, bytes: this.#bytes, at: this.#exports.answersAddress() >>> 0 }
  }

  /** Forgets everything that was registered. */
  forget(): void {
    this.#exports.forget()
  }

  /** Bytes that the program and what is registered take. */
  get sizeInUse(): number {
    return this.#exports.sizeInUse() >>> 0
  }

  /** Bytes of the module's memory. It never shrinks. */
  get memorySize(): number {
    return this.#exports.memory.buffer.byteLength
  }

  /** @throws InvariantError when what was written to the room is not a block */
  open(size: number): void {
    expectOk(this.#exports.openBlock(size))
  }

  /** @returns DECISION_…, CONTEXT_NEEDED or RESOURCE_INVALID */
  decide(number: number): number {
    return expectAnswer(this.#exports.decide(number))
  }

  /** Decides all requests of the open block, in order. @returns answers as of `decide`; valid until the next call */
  decideAll(): Uint32Array {
    const count = this.#exports.decideAll()
    this.#look()
    const from = this.#exports.answersAddress() >>> 2
    return this.#words.subarray(from, from + count)
  }

  /** Numbers of the listed principals who may do what a request asks. Valid until the next call. */
  decideEveryone(number: number): Uint32Array {
    const count = expectAnswer(this.#exports.decideEveryone(number))
    this.#look()
    const from = this.#exports.answersAddress() >>> 2
    return this.#words.subarray(from, from + count)
  }

  /** @param mode EXPLAIN_… */
  explain(number: number, groupCount: number, mode: number): RawExplanation {
    const code = expectAnswer(this.#exports.explain(number, mode))
    this.#look()
    const at = this.#exports.answersAddress() >>> 0
    const matchesAt = at + EXPLANATION_GROUPS + groupCount * OUTCOME_SIZE
    return {
      decision: decisionOf(code),
      needsResource: (this.#word(at + EXPLANATION_FLAGS) & EXPLANATION_NEEDS_RESOURCE) !== 0,
      groups: Array.from({ length: groupCount }, (_, index) =>
        this.#word(at + EXPLANATION_GROUPS + index * OUTCOME_SIZE),
      ),
      matches: Array.from({ length: this.#word(at + EXPLANATION_MATCHES) }, (_, index) => {
        const match = matchesAt + index * MATCH_SIZE
        return {
          group: this.#word(match + MATCH_GROUP),
          member: this.#word(match + MATCH_MEMBER),
          statement: this.#word(match + MATCH_STATEMENT),
          outcome: this.#word(match + MATCH_OUTCOME),
          detail: this.#word(match + MATCH_DETAIL),
        }
      }),
    }
  }

  #word(at: number): number {
    return this.#words[at >>> 2] ?? 0
  }

  /** Growing memory takes the old views away. */
  #look(): void {
    const { buffer } = this.#exports.memory
    if (this.#words.buffer === buffer) return
    this.#words = new Uint32Array(buffer)
    this.#bytes = new Uint8Array(buffer)
  }
}

/** @throws InvariantError when it is none */
export function decisionOf(code: number): Decision {
  if (code === DECISION_ALLOW) return 'allow'
  if (code === DECISION_EXPLICIT_DENY) return 'explicit_deny'
  if (code === DECISION_IMPLICIT_DENY) return 'implicit_deny'
  throw new InvariantError(`the evaluator module answered ${code}, which is no decision`)
}

function expectAnswer(code: number): number {
  if (code < 0) expectOk(code)
  return code
}

function expectOk(code: number): void {
  if (code === OK) return
  if (code === OUT_OF_MEMORY) throw outOfMemory()
  throw new InvariantError('the evaluator module found its bytes malformed')
}

const outOfMemory = (): Error => new InvariantError('the evaluator has no more memory')
