import {
  DECISION_ALLOW,
  DECISION_EXPLICIT_DENY,
  EXPLANATION_DECISION,
  EXPLANATION_GROUPS,
  EXPLANATION_MATCHES,
  MALFORMED,
  MATCH_GROUP,
  MATCH_MEMBER,
  MATCH_OUTCOME,
  MATCH_SIZE,
  MATCH_STATEMENT,
  OK,
  OUT_OF_MEMORY,
  OUTCOME_SIZE,
  WIRE_VERSION,
} from '../../assembly/wire.ts'
import { InvariantError } from '../diagnostics/index.ts'
import type { Decision } from './decision.ts'
import { type CompiledModule, type ModuleMemory, webAssembly } from './web-assembly.ts'

/** What the module exports; all of it is numbers. */
interface Exports {
  readonly memory: ModuleMemory
  wireVersion(): number
  reserveProgram(size: number): number
  loadProgram(size: number): number
  reserveBlock(size: number): number
  openBlock(size: number): number
  decide(number: number): number
  decideAll(): number
  explain(number: number): number
  answersAddress(): number
}

/** Which statement of which policy spoke, by place: group of the request, policy of the group, statement of the policy. */
export interface Match {
  readonly group: number
  readonly member: number
  readonly statement: number
  /** OUTCOME_… */
  readonly outcome: number
}

export interface RawExplanation {
  readonly decision: Decision
  /** GROUP_… bits of each group of the request. */
  readonly groups: readonly number[]
  readonly matches: readonly Match[]
}

/** Bytes that a block is written to: the same memory seen twice. */
export interface Room {
  readonly words: Uint32Array
  readonly bytes: Uint8Array
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
    const at = this.#exports.reserveProgram(program.length)
    if (at === 0) throw outOfMemory()
    this.#look()
    this.#bytes.set(program, at)
    expectOk(this.#exports.loadProgram(program.length))
  }

  /** Room for a block of `size` bytes. Valid until the next call of this engine. */
  reserve(size: number): Room {
    const at = this.#exports.reserveBlock(size)
    if (at === 0) throw outOfMemory()
    this.#look()
    return {
      words: this.#words.subarray(at / 4, (at + size) >>> 2),
      bytes: this.#bytes.subarray(at, at + size),
    }
  }

  /** @throws InvariantError when what was written to the room is not a block */
  open(size: number): void {
    expectOk(this.#exports.openBlock(size))
  }

  decide(number: number): Decision {
    return decisionOf(this.#exports.decide(number))
  }

  /** All requests of the open block, in order. */
  decideAll(): readonly Decision[] {
    const count = this.#exports.decideAll()
    this.#look()
    const from = this.#exports.answersAddress() >>> 2
    const decisions: Decision[] = []
    for (let at = from; at < from + count; at++) decisions.push(decisionOf(this.#words[at] ?? MALFORMED))
    return decisions
  }

  explain(number: number, groupCount: number): RawExplanation {
    const code = this.#exports.explain(number)
    if (code < 0) expectOk(code)
    this.#look()
    const at = this.#exports.answersAddress()
    const matchesAt = at + EXPLANATION_GROUPS + groupCount * OUTCOME_SIZE
    return {
      decision: decisionOf(this.#word(at + EXPLANATION_DECISION)),
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

function decisionOf(code: number): Decision {
  if (code < 0) expectOk(code)
  if (code === DECISION_ALLOW) return 'allow'
  return code === DECISION_EXPLICIT_DENY ? 'explicit_deny' : 'implicit_deny'
}

function expectOk(code: number): void {
  if (code === OK) return
  if (code === OUT_OF_MEMORY) throw outOfMemory()
  throw new InvariantError('the evaluator module found its bytes malformed')
}

const outOfMemory = (): Error => new InvariantError('the evaluator has no more memory')
