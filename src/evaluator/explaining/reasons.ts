import {
  GROUP_ALLOWS,
  GROUP_BINDS,
  GROUP_SPEAKS,
  OUTCOME_ALLOWS,
  OUTCOME_CONDITIONS_FAIL,
  OUTCOME_DENIES,
} from '../../../assembly/wire.ts'
import type { Reason } from '../decision.ts'
import type { NamedGroup } from '../layer-groups.ts'
import type { RawExplanation } from '../module/engine.ts'

/**
 * Why a decision is what it is: the statements that allowed or denied it, or else the layers that did not allow it.
 */
export function reasonsOf(
  { decision, groups: outcomes, matches, needsResource }: RawExplanation,
  groups: readonly NamedGroup[],
): readonly Reason[] {
  if (decision === 'implicit_deny') return layersThatDidNotAllow(outcomes, groups, matches, needsResource)
  const wanted = decision === 'allow' ? OUTCOME_ALLOWS : OUTCOME_DENIES
  const effect = decision === 'allow' ? 'Allow' : 'Deny'
  return matches.flatMap((match) => {
    const group = groups[match.group]
    const policy = group?.policies[match.member]
    const statement = policy?.policy.statements[match.statement]
    if (match.outcome !== wanted || group === undefined || policy === undefined || statement === undefined)
      return []
    return [
      { layer: group.layer, policy: policy.id, effect, sid: statement.sid, statement: statement.index },
    ] satisfies Reason[]
  })
}

function layersThatDidNotAllow(
  outcomes: readonly number[],
  groups: readonly NamedGroup[],
  matches: RawExplanation['matches'],
  needsResource: boolean,
): readonly Reason[] {
  // Where nobody speaks of a request, no layer is to blame.
  if (!outcomes.some((outcome) => (outcome & GROUP_SPEAKS) !== 0)) return []
  const reasons: Reason[] = []
  for (const [index, { layer, policies }] of groups.entries()) {
    const outcome = outcomes[index] ?? 0
    if ((outcome & GROUP_BINDS) === 0 || (outcome & GROUP_ALLOWS) !== 0) continue
    const spoke = new Set(
      matches.flatMap(({ group, member, outcome: said }) =>
        group === index && said === OUTCOME_CONDITIONS_FAIL ? [policies[member]?.id ?? ''] : [],
      ),
    )
    // The policies whose conditions failed; without one, the layer's only policy, or the layer as such.
    const named = spoke.size > 0 ? [...spoke] : [policies.length === 1 ? (policies[0]?.id ?? '') : '']
    for (const policy of named) reasons.push({ layer, policy, effect: 'Allow', sid: null, statement: null })
  }
  if (needsResource && !groups.some(({ layer }) => layer === 'resource'))
    reasons.push({ layer: 'resource', policy: '', effect: 'Allow', sid: null, statement: null })
  return reasons
}
