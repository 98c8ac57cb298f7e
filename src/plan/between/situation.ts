import type { Rule } from './rules.ts'

/** What somebody's requests are decided by at one time. The same object for the same rules. */
export interface Situation {
  readonly id: number
  readonly identity: readonly Rule[]
  /** null: without a boundary. */
  readonly boundary: readonly Rule[] | null
}

/** Gives equal situations one object, so that what was found of them is found again. */
export class Situations {
  readonly #numbers = new Map<Rule, number>()
  readonly #known = new Map<string, Situation>()

  /** Nobody is there, or nobody may do anything. */
  readonly nothing: Situation = this.of([], null)

  of(identity: readonly Rule[], boundary: readonly Rule[] | null): Situation {
    const rules = [...new Set(identity)]
    const bounds = boundary === null ? null : [...new Set(boundary)]
    const key = `${this.#key(rules)}|${bounds === null ? '' : `${this.#key(bounds)}.`}`
    let known = this.#known.get(key)
    if (known === undefined) {
      known = { id: this.#known.size, identity: rules, boundary: bounds }
      this.#known.set(key, known)
    }
    return known
  }

  #key(rules: readonly Rule[]): string {
    const numbers = rules.map((rule) => {
      const known = this.#numbers.get(rule)
      if (known !== undefined) return known
      this.#numbers.set(rule, this.#numbers.size)
      return this.#numbers.size - 1
    })
    return numbers.sort((a, b) => a - b).join(',')
  }
}

export const allowing = (rules: readonly Rule[]): readonly Rule[] => rules.filter(({ allows }) => allows)

/** Denies of all layers count alike. */
export const denying = ({ identity, boundary }: Situation): readonly Rule[] =>
  [...identity, ...(boundary ?? [])].filter(({ allows }) => !allows)
