import { isAlwaysThere } from '../../evaluator/keys/key-kinds.ts'
import { parseArn } from '../../model/index.ts'
import type { Comparison } from '../diff/comparison.ts'
import type { Reasoner } from '../reasoner.ts'
import { placedStatements } from '../sides/side.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import { atomOf } from '../symbolic/atom.ts'

/**
 * Keys that every request has, and that statements about a request ask for which doesn't tell them: to the evaluator they are
 * absent, which they never are.
 * @returns as they are written, by name in lower case
 */
export function untoldKeys(
  { action, resource, context }: FoundRequest,
  { now, before }: Comparison,
  { actions, symbols: { atoms } }: Reasoner,
): ReadonlyMap<string, string> {
  const isIn = actions.membershipOf(action)
  const told = new Set([...context.keys()].map((key) => key.toLowerCase()))
  // An ARN tells whose it is.
  if (parseArn(resource)?.account) told.add('aws:resourceaccount')
  const mayBeAbout = ({ actions: set, symbolic }: PlacedStatement): boolean =>
    isIn(set) &&
    !symbolic.never &&
    symbolic.literals.every((literal) => {
      const atom = atoms.at(atomOf(literal))
      return atom.on !== 'resource' || (literal > 0 ? atom.upper.has(resource) : !atom.lower.has(resource))
    })
  const untold = new Map<string, string>()
  for (const statement of [now.side, before.side].flatMap(placedStatements)) {
    if (!mayBeAbout(statement)) continue
    const keys = statement.symbolic.literals.flatMap((literal) => {
      const atom = atoms.at(atomOf(literal))
      return atom.on === 'key' ? [atom.spelling, ...atom.variables] : atom.variables
    })
    for (const key of keys) {
      const lower = key.toLowerCase()
      if (isAlwaysThere(lower) && !told.has(lower) && !untold.has(lower)) untold.set(lower, key)
    }
  }
  return untold
}

const TRUTHS: ReadonlySet<string> = new Set(['aws:securetransport', 'aws:viaawsservice'])

/**
 * A request that tells what it leaves out, where that decides.
 * @param isAlike whether the evaluator decides a request as it shall
 * @returns null: it is decided so by what no request is like, or nobody knows
 */
export function completed(
  request: FoundRequest,
  untold: ReadonlyMap<string, string>,
  isAlike: (request: FoundRequest) => boolean,
): FoundRequest | null {
  if (untold.size === 0) return request
  if ([...untold.keys()].some((key) => !TRUTHS.has(key))) return null
  const withAll = [...untold.values()].reduce<readonly FoundRequest[]>(
    (all, key) =>
      all.flatMap((each) =>
        ['false', 'true'].map((value) => ({ ...each, context: new Map([...each.context, [key, [value]]]) })),
      ),
    [request],
  )
  const alike = withAll.filter(isAlike)
  return alike.length === withAll.length ? request : (alike[0] ?? null)
}
