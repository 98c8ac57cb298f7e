// DPLL(T): Davis, Putnam, Logemann and Loveland's search over clauses, with a theory that judges each partial assignment (lazy
// SMT; the theory is asked at every literal). Unit propagation, chronological backtracking, branching on the
// shortest open clause. A conflict of the theory is learnt as a clause, its core made smaller by leaving out literals one by one.
// Left out, since formulas have tens of variables: watched literals, conflict analysis of clauses (CDCL), restarts.
//
// SOUND: `none` is said only when every branch ended in a false clause or in `impossible`; `unknown` closes no branch, and a model
// that rests on it is no model. COMPLETE within the budget of nodes.

import { InvariantError } from '../../diagnostics/index.ts'

/** A variable, or its complement: `n + 1`, or `-(n + 1)`. */
export type SolverLiteral = number
export type Clause = readonly SolverLiteral[]

/** What the variables mean: whether some of them can have the values that they have all at once. */
export interface Theory {
  /** Which independent question a variable belongs to; null: none, it only holds clauses together. */
  topicOf(variable: number): number | null
  /** @param literals of one topic. `unknown` counts as possible until the end */
  check(topic: number, literals: readonly SolverLiteral[]): 'possible' | 'impossible' | 'unknown'
}

type Solved =
  /** Literals that are enough to make every clause true, by topic. */
  | { readonly type: 'found'; readonly model: ReadonlyMap<number, readonly SolverLiteral[]> }
  | { readonly type: 'none' }
  | { readonly type: 'budget' }

/**
 * Finds values for variables that make every clause true and that the theory holds possible: unit propagation, the
 * theory asked about each topic as it changes, and what it rules out learnt as a clause.
 * @param mostNodes values that may be tried
 */
export function solve(
  variables: number,
  clauses: readonly Clause[],
  theory: Theory,
  mostNodes: number,
): Solved {
  return new Solver(variables, clauses, theory, mostNodes).run()
}

class OutOfBudget extends Error {}

class Solver {
  readonly #clauses: Clause[]
  readonly #theory: Theory
  /** By variable: 1 true, -1 false, 0 open. */
  readonly #values: Int8Array
  readonly #trail: SolverLiteral[] = []
  readonly #topics = new Map<number, SolverLiteral[]>()
  #nodes: number

  constructor(variables: number, clauses: readonly Clause[], theory: Theory, mostNodes: number) {
    this.#values = new Int8Array(variables)
    this.#clauses = [...clauses]
    this.#theory = theory
    this.#nodes = mostNodes
  }

  run(): Solved {
    try {
      if (!this.#search()) return { type: 'none' }
    } catch (error) {
      if (error instanceof OutOfBudget) return { type: 'budget' }
      throw error
    }
    const model = new Map([...this.#topics].filter(([, literals]) => literals.length > 0))
    for (const [topic, literals] of model)
      if (this.#theory.check(topic, literals) === 'unknown') return { type: 'budget' }
    return { type: 'found', model }
  }

  #search(): boolean {
    if (!this.#propagate()) return false
    const open = this.#openClause()
    if (open === null) return true
    if (this.#nodes-- <= 0) throw new OutOfBudget()
    for (const literal of open) {
      if (this.#valueOf(literal) !== 0) continue
      for (const tried of [literal, -literal]) {
        const { length } = this.#trail
        if (this.#assign(tried) && this.#search()) return true
        this.#undo(length)
      }
      return false
    }
    throw new InvariantError('a clause is neither true, nor false, nor open')
  }

  #valueOf(literal: SolverLiteral): number {
    const value = this.#values[Math.abs(literal) - 1] ?? 0
    return literal > 0 ? value : -value
  }

  /** The shortest clause that isn't true yet; null: all are. */
  #openClause(): Clause | null {
    let best: Clause | null = null
    let fewest = Number.POSITIVE_INFINITY
    for (const clause of this.#clauses) {
      let open = 0
      let isTrue = false
      for (const literal of clause) {
        const value = this.#valueOf(literal)
        if (value > 0) {
          isTrue = true
          break
        }
        if (value === 0) open++
      }
      if (isTrue || open >= fewest) continue
      best = clause
      fewest = open
    }
    return best
  }

  /** Assigns what clauses force, and what follows. False: a contradiction. */
  #propagate(): boolean {
    for (let changed = true; changed; ) {
      changed = false
      for (let index = 0; index < this.#clauses.length; index++) {
        const clause = this.#clauses[index] ?? []
        let open = 0
        let last = 0
        let isTrue = false
        for (const literal of clause) {
          const value = this.#valueOf(literal)
          if (value > 0) {
            isTrue = true
            break
          }
          if (value === 0) {
            open++
            last = literal
            if (open > 1) break
          }
        }
        if (isTrue || open > 1) continue
        if (open === 0) return false
        if (!this.#assign(last)) return false
        changed = true
      }
    }
    return true
  }

  /** False: the theory rules it out, and has taught a clause. */
  #assign(literal: SolverLiteral): boolean {
    const variable = Math.abs(literal) - 1
    this.#values[variable] = literal > 0 ? 1 : -1
    this.#trail.push(literal)
    const topic = this.#theory.topicOf(variable)
    if (topic === null) return true
    const literals = this.#topics.get(topic)
    if (literals === undefined) this.#topics.set(topic, [literal])
    else literals.push(literal)
    const all = this.#topics.get(topic) ?? []
    const verdict = this.#theory.check(topic, all)
    if (verdict !== 'impossible') return true
    this.#learn(topic, all)
    return false
  }

  /** A smallest part of what can't be all at once. */
  #learn(topic: number, literals: readonly SolverLiteral[]): void {
    let core = [...literals]
    for (const literal of literals) {
      const fewer = core.filter((each) => each !== literal)
      if (fewer.length > 0 && this.#theory.check(topic, fewer) === 'impossible') core = fewer
    }
    this.#clauses.push(core.map((literal) => -literal))
  }

  #undo(length: number): void {
    while (this.#trail.length > length) {
      const literal = this.#trail.pop() ?? 0
      const variable = Math.abs(literal) - 1
      this.#values[variable] = 0
      const topic = this.#theory.topicOf(variable)
      if (topic === null) continue
      this.#topics.get(topic)?.pop()
    }
  }
}
