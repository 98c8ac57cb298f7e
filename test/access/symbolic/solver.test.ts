import { describe, expect, it } from 'vitest'
import { type Clause, type SolverLiteral, solve, type Theory } from '../../../src/access/symbolic/solver.ts'
import fc from '../../fixed-seed.ts'

const VARIABLES = 6
const literals = fc
  .tuple(fc.integer({ min: 1, max: VARIABLES }), fc.boolean())
  .map(([n, sign]) => (sign ? n : -n))
const clauses: fc.Arbitrary<readonly Clause[]> = fc.array(
  fc.array(literals, { minLength: 1, maxLength: 3 }),
  {
    maxLength: 14,
  },
)
/** Variables 1–3 are of topic 0, 4–5 of topic 1, 6 of none. */
const topicOf = (variable: number): number | null => (variable < 3 ? 0 : variable < 5 ? 1 : null)

/** What the variables of a topic can be together: bit by bit. */
const worlds = fc.tuple(
  fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 5 }),
  fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }),
)

function theoryOf(possible: readonly (readonly number[])[]): Theory {
  const isSo = (world: number, topic: number, literal: SolverLiteral) =>
    ((world >> (Math.abs(literal) - 1 - (topic === 0 ? 0 : 3))) & 1) === (literal > 0 ? 1 : 0)
  return {
    topicOf,
    check: (topic, given) =>
      possible[topic]?.some((world) => given.every((literal) => isSo(world, topic, literal)))
        ? 'possible'
        : 'impossible',
  }
}
const ANYTHING = [
  [0, 1, 2, 3, 4, 5, 6, 7],
  [0, 1, 2, 3],
]

describe('the solver', () => {
  it('finds values whenever there are any, and the theory allows them', () => {
    fc.assert(
      fc.property(clauses, worlds, (formula, possible) => {
        const theory = theoryOf(possible)
        const isModel = (values: readonly boolean[]) => {
          const given = values.map((value, index) => (value ? index + 1 : -(index + 1)))
          return (
            formula.every((clause) => clause.some((literal) => given.includes(literal))) &&
            [0, 1].every(
              (topic) =>
                theory.check(
                  topic,
                  given.filter((each) => topicOf(Math.abs(each) - 1) === topic),
                ) === 'possible',
            )
          )
        }
        const all = Array.from({ length: 1 << VARIABLES }, (_, bits) =>
          Array.from({ length: VARIABLES }, (_, index) => ((bits >> index) & 1) === 1),
        )
        const solved = solve(VARIABLES, formula, theory, 10_000)
        expect(solved.type).toBe(all.some(isModel) ? 'found' : 'none')
        if (solved.type !== 'found') return
        // What isn't told may be anything, as far as clauses go.
        const told = [...solved.model.values()].flat()
        expect(
          all.some(
            (values) => isModel(values) && told.every((each) => values[Math.abs(each) - 1] === each > 0),
          ),
        ).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('does not call possible what nobody knows', () => {
    const theory: Theory = { topicOf: () => 0, check: () => 'unknown' }
    expect(solve(1, [[1]], theory, 10)).toEqual({ type: 'budget' })
  })

  it('gives up beyond its budget', () => {
    const many: readonly Clause[] = [
      [1, 2],
      [3, 4],
      [5, 6],
    ]
    expect(solve(VARIABLES, many, theoryOf(ANYTHING), 1)).toEqual({ type: 'budget' })
  })
})
