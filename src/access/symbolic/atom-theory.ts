// The theory that decides the atoms of a problem: languages for the resource and the action, small models for each key.

import type { Atom } from './atom.ts'
import { valueByResource } from './axioms/axioms.ts'
import { sameOrganization } from './axioms/organization-axioms.ts'
import { samePrincipal } from './axioms/principal-axioms.ts'
import { sameTags } from './axioms/resource-tag-axioms.ts'
import { sameMoment } from './axioms/time-axioms.ts'
import type { Domain } from './domain.ts'
import { type KeySolution, type Signed, solveKey } from './key-theory.ts'
import type { Lang } from './lang.ts'
import type { ProblemOutcome } from './problem.ts'
import type { SearchResult } from './search.ts'
import type { SolverLiteral, Theory } from './solver.ts'
import type { Symbols } from './symbols.ts'
import { hasMarkers } from './tokens.ts'
import { variableHints } from './variable-hints.ts'

/** Topics of a theory; keys come after them. */
export const RESOURCE = 0
export const ACTION = 1

/** Whether tests of the resource, of the action, and of each key can come out so together. */
export class AtomTheory implements Theory {
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
