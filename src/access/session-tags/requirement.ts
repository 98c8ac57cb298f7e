import type { Reasoner } from '../reasoner.ts'
import type { PrincipalSide } from '../sides/side.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import { atomOf, type Literal } from '../symbolic/atom.ts'

/** Tests of a request's keys, all of which must come out true. */
export type Requirement = readonly Literal[]

/** Ways to pass that are told apart. */
const MOST_REQUIREMENTS = 256

/**
 * What a request for one action on one resource must be like to be allowed: one of these. Where a resource depends on
 * variables, what may match counts as matching in an allow, and not in a deny: no way is missing.
 * @returns null: there are too many ways
 */
export function requirementsOf(
  { ways, denies }: PrincipalSide,
  action: string,
  resource: string,
  { actions, symbols: { atoms } }: Reasoner,
): readonly Requirement[] | null {
  const isIn = actions.membershipOf(action)
  const read =
    (effect: 'Allow' | 'Deny') =>
    ({ actions: set, symbolic }: PlacedStatement): readonly Requirement[] => {
      if (!isIn(set) || symbolic.never) return []
      const tests: Literal[] = []
      for (const literal of symbolic.literals) {
        const atom = atoms.at(atomOf(literal))
        if (atom.on === 'key') {
          tests.push(literal)
          continue
        }
        const isWide = (effect === 'Allow') === literal > 0
        if ((isWide ? atom.upper : atom.lower).has(resource) !== literal > 0) return []
      }
      return [tests]
    }
  let all: readonly Requirement[] | null = []
  for (const way of ways) {
    let ofWay: readonly Requirement[] | null = [[]]
    for (const layer of way) ofWay = ofWay && bothOf(ofWay, layer.flatMap(read('Allow')))
    all = ofWay && all && minimal([...all, ...ofWay])
  }
  for (const deny of denies)
    for (const tests of read('Deny')(deny))
      all =
        all &&
        bothOf(
          all,
          tests.map((literal) => [-literal]),
        )
  return all
}

/** One of each. @returns null: there are too many */
export function bothOf(
  first: readonly Requirement[],
  second: readonly Requirement[],
): readonly Requirement[] | null {
  if (first.length * second.length > MOST_REQUIREMENTS ** 2) return null
  return minimal(first.flatMap((one) => second.map((other) => [...one, ...other])))
}

/** Without those that contradict themselves, or ask for more than another. */
function minimal(all: readonly Requirement[]): readonly Requirement[] | null {
  const distinct = new Map<string, Requirement>()
  for (const each of all) {
    const sorted = [...new Set(each)].sort((a, b) => a - b)
    if (!sorted.some((literal) => sorted.includes(-literal))) distinct.set(sorted.join(), sorted)
  }
  const shortestFirst = [...distinct.values()].sort((a, b) => a.length - b.length)
  const kept: Requirement[] = []
  for (const each of shortestFirst) {
    const has = new Set(each)
    if (kept.some((shorter) => shorter.every((literal) => has.has(literal)))) continue
    kept.push(each)
    if (kept.length > MOST_REQUIREMENTS) return null
  }
  return kept
}
