import type { Reasoner } from '../reasoner.ts'
import { type PrincipalSide, sideKey } from '../sides/side.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import type { Comparison } from './comparison.ts'

/**
 * Of somebody who is new: a comparison for each allow, with what can bear on it alone. Thousands of new principals share
 * few statements, so that what is found of one holds for many.
 */
export function partsByAllow(
  comparison: Comparison,
  { actions, generation }: Reasoner,
): readonly Comparison[] {
  const { now, before } = comparison
  const [way, ...others] = now.side.ways
  if (before.side.ways.length > 0 || way === undefined || others.length > 0) return [comparison]
  const [granting = [], ...limits] = way
  const allows = new Map(granting.map((allow) => [allow.symbolic.source, allow]))
  return [...allows.values()].map((allow) => {
    const bearing = (statements: readonly PlacedStatement[]) =>
      statements.filter((each) => actions.haveCommon(each.actions, allow.actions))
    const side: PrincipalSide = {
      ways: [[[allow], ...limits.map(bearing)]],
      denies: bearing(now.side.denies),
    }
    const traits = now.state?.keys.id ?? ''
    return {
      ...comparison,
      now: { ...now, side },
      key: `${generation} part ${allow.policy} ${allow.symbolic.source.index} ${sideKey(side)} ${comparison.principal.account} ${traits}`,
    }
  })
}
