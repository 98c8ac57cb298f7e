// Organizations of which nobody wrote down the ids of root and units, and policies that ask where in it somebody stands.
import type { ConditionBlock, PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { replacing, statementsIn } from './draw-sign-in.ts'
import type { EstatePair, EstateSpec } from './estate-spec.ts'
import { ORGANIZATION, OTHER_ORGANIZATION, ROOT_ID } from './world.ts'

const PATHS: readonly ConditionBlock[] = [
  { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/*` } },
  { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/r-*/ou-*` } },
  { 'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/${ROOT_ID}/` } },
  {
    StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION },
    'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `*/${ROOT_ID}/*` },
  },
  {
    StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION },
    'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/*`, `${OTHER_ORGANIZATION}/*`] },
  },
]

/** A statement asks where somebody stands, and what of it is declared, each state says alike. */
export function withoutIds({ before, after }: EstatePair, random: Random): EstatePair {
  const all = [...new Set(statementsIn(after))]
  const replaced = new Map<unknown, PolicyStatement>()
  if (all.length > 0) {
    const statement = random.pick(all)
    const Condition = { ...(random.chance(0.5) ? statement.Condition : {}), ...random.pick(PATHS) }
    replaced.set(statement, { ...statement, Condition })
  }
  const bare = (spec: EstateSpec): EstateSpec =>
    spec.organization == null ? spec : { ...spec, organization: { ...spec.organization, hasNoIds: true } }
  return {
    before: bare(random.chance(0.7) ? replacing(before, replaced) : before),
    after: bare(replacing(after, replaced)),
  }
}
