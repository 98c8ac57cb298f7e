import { type ActionSet, hasAction } from './action-set.ts'

/** Which of the actions that were numbered so far are in a set: one bit for each. */
interface Membership {
  readonly count: number
  readonly bits: Uint32Array
}

/**
 * Actions that policies name and the catalogue doesn't know, by numbers of their own: AWS's wide policies name dozens each, and
 * every comparison asks which patterns are about them.
 */
export class UnlistedActions {
  readonly #numbers = new Map<string, number>()
  readonly #names: string[] = []
  readonly #named = new WeakMap<ActionSet, readonly number[]>()
  readonly #memberships = new WeakMap<ActionSet, Membership>()

  /**
   * Those that some sets name, in lower case, sorted.
   * @param within only what is in one of the sets of each of these lists
   */
  namedBy(sets: readonly ActionSet[], within: readonly (readonly ActionSet[])[]): readonly string[] {
    const named = sets.map((set) => this.#namedIn(set)).filter((numbers) => numbers.length > 0)
    if (named.length === 0) return []
    const bits = new Uint32Array((this.#names.length + 31) >>> 5)
    for (const numbers of named) for (const number of numbers) setBit(bits, number)
    for (const list of within) {
      const members = list.map((set) => this.#membershipOf(set))
      for (let word = 0; word < bits.length; word++) {
        let union = 0
        for (const of of members) union |= of[word] ?? 0
        bits[word] = (bits[word] ?? 0) & union
      }
    }
    const found: string[] = []
    for (let word = 0; word < bits.length; word++)
      for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1)
        found.push(this.#names[word * 32 + 31 - Math.clz32(rest & -rest)] ?? '')
    return found.sort()
  }

  /** Whether one that some set names is in a set. */
  has(set: ActionSet, action: string): boolean {
    const number = this.#numbers.get(action)
    if (number === undefined) return hasAction(set, action)
    return (((this.#membershipOf(set)[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1
  }

  #namedIn(set: ActionSet): readonly number[] {
    let named = this.#named.get(set)
    if (named === undefined) {
      named = set.unlisted.map((action) => this.#numberOf(action))
      this.#named.set(set, named)
    }
    return named
  }

  #numberOf(action: string): number {
    let number = this.#numbers.get(action)
    if (number === undefined) {
      number = this.#names.push(action) - 1
      this.#numbers.set(action, number)
    }
    return number
  }

  #membershipOf(set: ActionSet): Uint32Array {
    const count = this.#names.length
    const known = this.#memberships.get(set)
    if (known?.count === count) return known.bits
    const bits = new Uint32Array((count + 31) >>> 5)
    if (known !== undefined) bits.set(known.bits)
    for (let number = known?.count ?? 0; number < count; number++)
      if (hasAction(set, this.#names[number] ?? '')) setBit(bits, number)
    this.#memberships.set(set, { count, bits })
    return bits
  }
}

function setBit(bits: Uint32Array, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31))
}
