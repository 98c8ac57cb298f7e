// Decides problems: the formula of one, and the theory of its atoms, given to the solver.

import { ACTION, AtomTheory, RESOURCE } from './atom-theory.ts'
import { formulaOf } from './formula.ts'
import type { Problem, ProblemOutcome } from './problem.ts'
import { solve } from './solver.ts'
import type { Symbols } from './symbols.ts'

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
