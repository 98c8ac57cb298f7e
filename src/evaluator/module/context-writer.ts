import { timeContext } from '../keys/context.ts'
import { UnevaluableRequestError } from '../unevaluable.ts'
import type { BlockBuilder, Range } from './block.ts'
import { type LoadedProgram, NO_KEY } from './loaded-program.ts'

export type Context = ReadonlyMap<string, readonly string[]>

/** A bit for each number of a key. */
export type KeySet = Uint32Array

/** Writes what contexts say to blocks. */
export class ContextWriter {
  readonly #program: LoadedProgram
  /** By key, the last context that had it. */
  #lastContexts = new Uint32Array(0)
  #context = 0

  constructor(program: LoadedProgram) {
    this.#program = program
  }

  /**
   * Writes the keys of a context that policies ask for.
   * @param asked those that the policies at hand ask for; null: whoever's policies do. A context has three times as many
   *   keys as one principal's policies name (row "in bulk" of W2)
   * @throws UnevaluableRequestError when one of them is given twice
   */
  write(block: BlockBuilder, context: Context, now: Date | undefined, asked: KeySet | null): Range {
    const first = block.keyCount
    const program = this.#program
    const current = this.#next()
    const lastContexts = this.#lastContexts
    let spelling = program.startOfContexts
    for (const [key, values] of context) {
      spelling = program.spellingAfter(spelling, key)
      const { number } = spelling
      if (number === NO_KEY || (asked !== null && !hasKey(asked, number))) continue
      if (lastContexts[number] === current)
        throw new UnevaluableRequestError(`context key \`${key}\` is given twice`)
      lastContexts[number] = current
      block.addKey(number, values)
    }
    if (now !== undefined && program.asksForTime) {
      for (const [key, value] of timeContext(now)) {
        const number = program.keys.get(key)
        if (number !== undefined && lastContexts[number] !== current) block.addKey(number, [value])
      }
    }
    return [first, block.keyCount - first]
  }

  /** A number that no key has as its last context's. */
  #next(): number {
    const size = this.#program.keys.size
    if (this.#lastContexts.length < size || this.#context === 0xffffffff) {
      this.#lastContexts = new Uint32Array(size)
      this.#context = 0
    }
    return ++this.#context
  }
}

const hasKey = (keys: KeySet, number: number): boolean =>
  (((keys[number >>> 5] ?? 0) >>> (number & 31)) & 1) !== 0

/** @param size how many keys there are */
export function keySetOf(lists: Iterable<Iterable<number>>, size: number): KeySet {
  const keys = new Uint32Array((size + 31) >>> 5)
  for (const list of lists)
    for (const key of list) keys[key >>> 5] = (keys[key >>> 5] ?? 0) | (1 << (key & 31))
  return keys
}
