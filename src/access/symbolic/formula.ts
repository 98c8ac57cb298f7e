// "Does the new side allow what the old one doesn't?" as clauses over atoms.
//
// The formula is a conjunction: one allow of the new side, none of its denies, each further layer, and of the old side a deny or a
// layer that fails. Conjunctions become clauses by linking variables that imply them, one way only (Plaisted and Greenbaum's
// encoding, half of Tseitin's): each stands in the formula with one sign.

import { atomOf, type Literal } from './atom.ts'
import { axiomsOf } from './axioms/axioms.ts'
import type { Domain } from './domain.ts'
import type { Conjunction, LayerAllows, Problem } from './problem.ts'
import type { Clause, SolverLiteral } from './solver.ts'
import type { Symbols } from './symbols.ts'

interface Formula {
  readonly clauses: readonly Clause[]
  /** Atom ids by variable; the variables after them hold clauses together. */
  readonly atoms: readonly number[]
  readonly variables: number
}

/** null: there is no such request, as is plain without a search. */
export function formulaOf({ allow, layers, denies, old, domain }: Problem, symbols: Symbols): Formula | null {
  const simplify = simplifierOf(allow, domain, symbols)
  const builder = new FormulaBuilder()
  for (const literal of allow) {
    if (allow.includes(-literal)) return null
    builder.add([builder.literal(literal)])
  }
  for (const deny of denies) {
    const rest = simplify(deny)
    if (rest === null) continue
    if (rest.length === 0) return null
    builder.add(rest.map((literal) => -builder.literal(literal)))
  }
  for (const layer of layers) {
    const allows = openOf(layer, simplify)
    if (allows === 'always') continue
    if (allows.length === 0) return null
    builder.add(allows.map((conjunction) => builder.implying(conjunction)))
  }
  const newDenies = new Set(denies.map((deny) => deny.join()))
  const oldDenies = openOf(
    old.denies.filter((deny) => !newDenies.has(deny.join())),
    simplify,
  )
  if (oldDenies !== 'always') {
    const denied = oldDenies.map((conjunction) => builder.implying(conjunction))
    for (const way of old.ways) {
      const failing = failuresOf(way, simplify, builder)
      if (failing === 'always') continue
      if (failing.length + denied.length === 0) return null
      builder.add([...failing, ...denied])
    }
  }
  for (const clause of axiomsOf(builder.atoms, domain, symbols)) {
    if (clause.length === 0) return null
    builder.add(clause.map((literal) => builder.literal(literal)))
  }
  return builder.formula()
}

type Simplify = (conjunction: Conjunction) => Conjunction | null

/** Layers of a way that may fail, each as a literal that brings it about; `always`: one does anyhow. */
function failuresOf(
  way: readonly LayerAllows[],
  simplify: Simplify,
  builder: FormulaBuilder,
): readonly SolverLiteral[] | 'always' {
  const failing: SolverLiteral[] = []
  for (const layer of way) {
    const allows = openOf(layer, simplify)
    if (allows === 'always') continue
    if (allows.length === 0) return 'always'
    failing.push(builder.excluding(allows))
  }
  return failing
}

/** What is left to decide of some conjunctions; `always`: one of them holds anyhow. */
function openOf(layer: LayerAllows, simplify: Simplify): readonly Conjunction[] | 'always' {
  const open = new Map<string, Conjunction>()
  for (const conjunction of layer) {
    const rest = simplify(conjunction)
    if (rest === null) continue
    if (rest.length === 0) return 'always'
    open.set(rest.join(), rest)
  }
  return [...open.values()]
}

/** Leaves out of a conjunction what the allow settles; null: it can't hold with it. */
function simplifierOf(allow: Conjunction, domain: Domain, { atoms, search }: Symbols): Simplify {
  const given = new Set(allow)
  const chosen = allow.flatMap((literal) => {
    const atom = atoms.at(atomOf(literal))
    return literal > 0 && atom.on === 'resource' && !atom.lang.hasMarkers ? [atom.lang] : []
  })[0]
  const within = chosen ?? domain.resource?.inside[0]
  const settledBy = (literal: Literal): boolean | null => {
    if (given.has(literal)) return true
    if (given.has(-literal)) return false
    const atom = atoms.at(atomOf(literal))
    if (atom.on !== 'resource' || within === undefined) return null
    const holds =
      search.areDisjoint(within, atom.upper) === true
        ? false
        : search.isSubset(within, atom.lower) === true
          ? true
          : null
    return holds === null ? null : holds === literal > 0
  }
  return (conjunction) => {
    const rest: Literal[] = []
    for (const literal of conjunction) {
      const settled = settledBy(literal)
      if (settled === false) return null
      if (settled === null) rest.push(literal)
    }
    return rest
  }
}

class FormulaBuilder {
  readonly #clauses: Clause[] = []
  readonly #variables = new Map<number, number>()
  readonly #atoms: number[] = []
  /** Numbered after all atoms are known; negative until then: -1, -2, … */
  readonly #links: {
    readonly literal: SolverLiteral
    readonly clauses: readonly (readonly SolverLiteral[])[]
  }[] = []

  get atoms(): readonly number[] {
    return this.#atoms
  }

  literal(literal: Literal): SolverLiteral {
    const atom = atomOf(literal)
    let variable = this.#variables.get(atom)
    if (variable === undefined) {
      variable = this.#atoms.length
      this.#variables.set(atom, variable)
      this.#atoms.push(atom)
    }
    return literal > 0 ? variable + 1 : -(variable + 1)
  }

  add(clause: Clause): void {
    this.#clauses.push(clause)
  }

  /** A literal from which all of a conjunction follows. */
  implying(conjunction: Conjunction): SolverLiteral {
    const [only] = conjunction
    if (conjunction.length === 1 && only !== undefined) return this.literal(only)
    return this.#link(conjunction.map((literal) => [this.literal(literal)]))
  }

  /** A literal from which it follows that none of these holds. */
  excluding(conjunctions: readonly Conjunction[]): SolverLiteral {
    return this.#link(conjunctions.map((conjunction) => conjunction.map((literal) => -this.literal(literal))))
  }

  #link(clauses: readonly (readonly SolverLiteral[])[]): SolverLiteral {
    const literal = LINK + this.#links.length
    this.#links.push({ literal, clauses })
    return literal
  }

  formula(): Formula {
    const first = this.#atoms.length
    const placed = (literal: SolverLiteral): SolverLiteral =>
      Math.abs(literal) >= LINK ? Math.sign(literal) * (first + Math.abs(literal) - LINK + 1) : literal
    const clauses = this.#clauses.map((clause) => clause.map(placed))
    for (const { literal, clauses: implied } of this.#links)
      for (const clause of implied) clauses.push([-placed(literal), ...clause.map(placed)])
    return { clauses, atoms: this.#atoms, variables: first + this.#links.length }
  }
}

/** Where the numbers of linking variables begin until those of the atoms are known. */
const LINK = 1 << 24
