import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { UseClass } from '../program/pieces.ts'
import { ProgramBuilder } from '../program/program-builder.ts'
import type { Engine } from './engine.ts'

/**
 * A context key as somebody spelled it. Contexts name their keys in much the same order, so that the key which followed
 * last is looked at first: the same string again is told by its address, without a look into the map (row "in bulk" of W2).
 */
interface Spelling {
  readonly key: string
  /** NO_KEY: no policy asks for it. */
  readonly number: number
  next: Spelling | null
}

export const NO_KEY = -1

const MOST_SPELLINGS = 10_000
/** The program may grow to so many bytes, and to twice what ever came at once, before it is made anew. */
const MOST_PROGRAM_BYTES = 16 * 1024 * 1024

/** The program: policies that were compiled, each once, and whether the module has them all. */
export class LoadedProgram {
  readonly #engine: Engine
  #builder = new ProgramBuilder()
  #policyNumbers = new Map<ParsedPolicy, Partial<Record<UseClass, number>>>()
  readonly #spellings = new Map<string, Spelling>()
  /** Stands before the first key of every context. */
  #start: Spelling = startOfContexts()
  #isLoaded = false
  #build = 0
  #bytes = 0
  #mostAtOnce = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Whether the module has all policies so far. */
  get isLoaded(): boolean {
    return this.#isLoaded
  }

  /** Raised whenever the program is made anew: policies have other numbers then. */
  get build(): number {
    return this.#build
  }

  /** The size of what the module has. */
  get bytes(): number {
    return this.#bytes
  }

  get isTooLarge(): boolean {
    return this.#bytes > Math.max(MOST_PROGRAM_BYTES, 2 * this.#mostAtOnce)
  }

  /** The context keys that policies name, in lower case, with their numbers. */
  get keys(): ReadonlyMap<string, number> {
    return this.#builder.keys
  }

  /** The number of a service, in lower case; 0: no policy names an action of it. */
  serviceNumber(service: string): number {
    return this.#builder.serviceNumber(service)
  }

  /**
   * A policy's number in the program; it is compiled if it wasn't.
   * @throws UnevaluablePolicyError when it has no clear meaning
   */
  policyNumber(policy: ParsedPolicy, use: UseClass): number {
    const numbers = this.#policyNumbers.get(policy) ?? {}
    const known = numbers[use]
    if (known !== undefined) return known
    const number = this.#builder.addPolicy(policy, use)
    this.#isLoaded = false
    this.#policyNumbers.set(policy, { ...numbers, [use]: number })
    return number
  }

  /** Forgets all policies. */
  forget(): void {
    this.#builder = new ProgramBuilder()
    this.#policyNumbers = new Map()
    this.#build++
    this.#isLoaded = false
    this.#bytes = 0
  }

  /** Gives the module all policies so far. @returns `anew`: it forgot what was registered; `before`: it had them */
  load(): 'anew' | 'before' {
    if (this.#isLoaded) return 'before'
    const bytes = this.#builder.encode()
    this.#engine.load(bytes)
    this.#mostAtOnce = Math.max(this.#mostAtOnce, bytes.length - this.#bytes)
    this.#bytes = bytes.length
    this.#forgetSpellings()
    this.#isLoaded = true
    return 'anew'
  }

  /** Whether a policy asks what time it is. */
  get asksForTime(): boolean {
    const { keys } = this.#builder
    return keys.has('aws:currenttime') || keys.has('aws:epochtime')
  }

  /** Numbers of all the keys that a policy's answer can depend on. */
  keysNamedBy(policy: number): ReadonlySet<number> {
    return this.#builder.keysNamedBy(policy)
  }

  get startOfContexts(): Spelling {
    return this.#start
  }

  /** A key, however it is spelled. @param previous the one that stands before it */
  spellingAfter(previous: Spelling, key: string): Spelling {
    const { next } = previous
    if (next !== null && next.key === key) return next
    let spelling = this.#spellings.get(key)
    if (spelling === undefined) {
      if (this.#spellings.size >= MOST_SPELLINGS) this.#forgetSpellings()
      spelling = { key, number: this.#builder.keys.get(key.toLowerCase()) ?? NO_KEY, next: null }
      this.#spellings.set(key, spelling)
    }
    previous.next = spelling
    return spelling
  }

  #forgetSpellings(): void {
    this.#spellings.clear()
    this.#start = startOfContexts()
  }
}

const startOfContexts = (): Spelling => ({ key: '', number: NO_KEY, next: null })
