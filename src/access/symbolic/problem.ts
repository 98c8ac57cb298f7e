// "Does the new side allow what the old one doesn't?" as clauses over atoms, and the theory that decides the atoms.
//
// The formula is a conjunction: one allow of the new side, none of its denies, each further layer, and of the old side a deny or a
// layer that fails. Conjunctions become clauses by linking variables that imply them, one way only (Plaisted and Greenbaum's
// encoding, half of Tseitin's): each stands in the formula with one sign.
//
// The theory is a union of theories without common variables: texts of the resource, texts of the action, each context key by
// itself. So nothing is exchanged between them as by Nelson and Oppen; where real requests tie keys together (`axioms`), lemmas
// are put into the formula for the atoms that occur in it.

import { type Atom, atomOf, type Literal } from './atom.ts'
import { axiomsOf, valueByResource } from './axioms/axioms.ts'
import { sameOrganization } from './axioms/organization-axioms.ts'
import { samePrincipal } from './axioms/principal-axioms.ts'
import { sameTags } from './axioms/resource-tag-axioms.ts'
import { sameMoment } from './axioms/time-axioms.ts'
import type { Domain } from './domain.ts'
import { type KeySolution, type Signed, solveKey } from './key-theory.ts'
import type { Lang } from './lang.ts'
import type { SearchResult } from './search.ts'
import { type Clause, type SolverLiteral, solve, type Theory } from './solver.ts'
import type { Symbols } from './symbols.ts'
import { hasMarkers } from './tokens.ts'
import { variableHints } from './variable-hints.ts'

/** Tests that a statement asks for; all must come out true for it to match. */
export type Conjunction = readonly Literal[]
/** What a layer allows: one of these suffices. */
type Layer = readonly Conjunction[]

/** How a request is allowed: by one of the ways, each of whose layers allows, and no deny. */
interface Side {
  readonly ways: readonly (readonly Layer[])[]
  readonly denies: readonly Conjunction[]
}

/** Is there a request that one allow lets through on the new side, and the old side doesn't? */
export interface Problem {
  /** The allow of the new side that it is about. */
  readonly allow: Conjunction
  /** The other layers of its way, and the new side's denies. */
  readonly layers: readonly Layer[]
  readonly denies: readonly Conjunction[]
  readonly old: Side
  readonly domain: Domain
}

/** Parts of a request; what isn't named may be anything, absent included. */
interface Model {
  /** null: any. */
  readonly resource: string | null
  readonly action: string | null
  /** Absent keys aren't listed. */
  readonly context: ReadonlyMap<string, readonly string[]>
}

export type ProblemOutcome =
  | {
      readonly type: 'found'
      readonly model: Model
      /**
       * Variables that the model takes for whatever suits it, in lower case, with values that would suit: with any of
       * them it is a guess.
       */
      readonly variables: ReadonlyMap<string, readonly string[]>
    }
  | { readonly type: 'none' }
  /** Not decided: for want of time; `mixedKinds`: a key is tested as several kinds of values. */
  | { readonly type: 'budget'; readonly reason?: 'mixedKinds' }

const NONE: ProblemOutcome = { type: 'none' }
/** Values that may be tried for one problem. */
const MOST_NODES = 4000

export function solveProblem(problem: Problem, symbols: Symbols): ProblemOutcome {
  const formula = formulaOf(problem, symbols)
  if (formula === null) return NONE
  const { clauses, atoms, variables } = formula
  const theory = new AtomTheory(atoms, problem.domain, symbols)
  // Where nothing tests the resource or the action, nobody else asks whether there is any.
  for (const topic of [RESOURCE, ACTION]) if (theory.check(topic, []) === 'impossible') return NONE
  const solved = solve(variables, clauses, theory, MOST_NODES)
  if (solved.type === 'found') return theory.outcomeOf(solved.model)
  return solved.type === 'budget' && theory.sawMixedKinds ? { type: 'budget', reason: 'mixedKinds' } : solved
}

interface Formula {
  readonly clauses: readonly Clause[]
  /** Atom ids by variable; the variables after them hold clauses together. */
  readonly atoms: readonly number[]
  readonly variables: number
}

/** null: there is no such request, as is plain without a search. */
function formulaOf({ allow, layers, denies, old, domain }: Problem, symbols: Symbols): Formula | null {
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
  way: readonly Layer[],
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
function openOf(layer: Layer, simplify: Simplify): readonly Conjunction[] | 'always' {
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

const RESOURCE = 0
const ACTION = 1

/** Whether tests of the resource, of the action, and of each key can come out so together. */
class AtomTheory implements Theory {
  readonly #atoms: readonly number[]
  readonly #domain: Domain
  readonly #symbols: Symbols
  readonly #topics: readonly number[]
  readonly #known = new Map<string, 'possible' | 'impossible' | 'unknown'>()
  /** Whether something stayed open since a key is tested as several kinds of values. */
  sawMixedKinds = false

  constructor(atoms: readonly number[], domain: Domain, symbols: Symbols) {
    this.#atoms = atoms
    this.#domain = domain
    this.#symbols = symbols
    const keys = new Map<string, number>()
    this.#topics = atoms.map((id) => {
      const atom = symbols.atoms.at(id)
      if (atom.on !== 'key') return atom.on === 'resource' ? RESOURCE : ACTION
      const known = keys.get(atom.key)
      if (known !== undefined) return known
      const topic = keys.size + 2
      keys.set(atom.key, topic)
      return topic
    })
  }

  topicOf(variable: number): number | null {
    return this.#topics[variable] ?? null
  }

  check(topic: number, literals: readonly SolverLiteral[]): 'possible' | 'impossible' | 'unknown' {
    const key = `${topic} ${[...literals].sort((a, b) => a - b).join()}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const solution: KeySolution | SearchResult =
      topic <= ACTION ? this.#text(topic, literals) : this.#key(literals)
    const { type } = solution
    if (type === 'budget' && 'reason' in solution) this.sawMixedKinds = true
    const verdict = type === 'none' ? 'impossible' : type === 'budget' ? 'unknown' : 'possible'
    this.#known.set(key, verdict)
    return verdict
  }

  outcomeOf(model: ReadonlyMap<number, readonly SolverLiteral[]>): ProblemOutcome {
    const textOf = (topic: number) => {
      if ((topic === RESOURCE ? this.#domain.resource : this.#domain.action) === null) return null
      const found = this.#text(topic, model.get(topic) ?? [])
      return found.type === 'found' ? found.text : null
    }
    const resource = textOf(RESOURCE)
    const context = new Map<string, readonly string[]>()
    const variables = new Map<string, string[]>()
    // Those of the resource come first: of them it tells most.
    for (const literal of [...(model.get(RESOURCE) ?? []), ...[...model.values()].flat()])
      for (const name of this.#atom(literal).variables) if (!variables.has(name)) variables.set(name, [])
    for (const [topic, literals] of model) {
      if (topic <= ACTION) continue
      const solved = this.#key(literals)
      const [first = 1] = literals
      const atom = this.#atom(first)
      if (solved.type !== 'value' || solved.values === null || atom.on !== 'key') continue
      // By the axioms the segment passes the same tests.
      const value = resource === null ? null : valueByResource(atom.key, resource)
      context.set(atom.spelling, value === null ? solved.values : [value])
    }
    sameTags(context, this.#domain.service)
    sameOrganization(context)
    sameMoment(context)
    samePrincipal(context, this.#domain)
    for (const literal of [...model.values()].flat()) {
      const atom = this.#atom(literal)
      if (literal < 0 || atom.variables.length === 0) continue
      const texts =
        atom.on === 'key' ? (context.get(atom.spelling) ?? []) : resource === null ? [] : [resource]
      for (const [name, value] of this.#hints(atom, texts)) variables.get(name)?.push(value)
    }
    return {
      type: 'found',
      model: { resource, action: textOf(ACTION), context },
      variables,
    }
  }

  /** What variables would have to be for a test to take these texts. */
  #hints(atom: Atom, texts: readonly string[]) {
    const bounded = atom.on !== 'key' ? atom : atom.predicate?.kind === 'text' ? atom.predicate : null
    const globs = bounded?.lang.globs.filter(hasMarkers) ?? []
    return texts.flatMap((text) => globs.flatMap((glob) => variableHints(glob, text, this.#symbols)))
  }

  #atom(literal: SolverLiteral): Atom {
    return this.#symbols.atoms.at(this.#atoms[Math.abs(literal) - 1] ?? -1)
  }

  #text(topic: number, literals: readonly SolverLiteral[]) {
    const { search } = this.#symbols
    const domain = (topic === RESOURCE ? this.#domain.resource : this.#domain.action) ?? NO_DOMAIN
    const inside: Lang[] = [...domain.inside]
    const outside: Lang[] = [...domain.outside]
    const open: Lang[] = []
    for (const literal of literals) {
      const atom = this.#atom(literal)
      if (atom.on === 'key') continue
      if (literal > 0) {
        inside.push(atom.upper)
        if (atom.lang.hasMarkers) open.push(atom.lang)
      } else outside.push(atom.lower)
    }
    // The same unknown text on both sides: whatever it is, one pattern may lie in the other.
    for (const literal of literals) {
      const atom = this.#atom(literal)
      if (literal < 0 && atom.on !== 'key' && atom.lang.hasMarkers)
        for (const lang of open)
          if (search.isSubset(lang, atom.lang) === true) return { type: 'none' } as const
    }
    return search.find(inside, outside)
  }

  #key(literals: readonly SolverLiteral[]) {
    const tests: Signed[] = []
    let key = ''
    for (const literal of literals) {
      const atom = this.#atom(literal)
      if (atom.on !== 'key') continue
      key = atom.key
      tests.push({ atom, holds: literal > 0 })
    }
    return solveKey(tests, this.#domain.keyFacts(key), this.#symbols)
  }
}

const NO_DOMAIN = { inside: [], outside: [] }
