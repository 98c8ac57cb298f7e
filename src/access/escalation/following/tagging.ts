import type { PrincipalEntity } from '../../../model/index.ts'
import type { Given } from '../powers/given.ts'
import type { Holder } from '../powers/holder.ts'
import type { Power, Powers } from '../powers/powers.ts'
import { TAGGING_ACTIONS } from '../ways/altering-actions.ts'
import { onceRenamed, type PowerOver } from './renaming.ts'

const isTag = (key: string): boolean => /^(?:aws|iam):resourcetag\//.test(key)

/**
 * Whether somebody may carry out an action on a user or role: as it is, or once they have given it a name, or put on it the tags,
 * that are asked for.
 * @param facts of requests about it: see `entityFacts`
 * @returns null: they may not
 */
export function powerOver(
  from: Holder,
  action: string,
  entity: Pick<PrincipalEntity, 'kind' | 'arn'>,
  facts: Given,
  powers: Powers,
): PowerOver | null {
  const power = powers.on(from, action, entity.arn, facts)
  if (power !== null) return { power, before: [] }
  const renamed =
    entity.kind === 'user'
      ? onceRenamed(from, action, { kind: 'user', arn: entity.arn }, facts, powers)
      : null
  return renamed ?? onceTagged(from, action, entity, facts, powers)
}

function onceTagged(
  from: Holder,
  action: string,
  entity: Pick<PrincipalEntity, 'kind' | 'arn'>,
  facts: Given,
  powers: Powers,
): PowerOver | null {
  if (![...facts.keys()].some(isTag)) return null
  const tagging = powers.on(from, TAGGING_ACTIONS[entity.kind], entity.arn, facts)
  // Which tags a condition leaves open isn't looked at.
  if (tagging === null || asksForTags(tagging)) return null
  const open = new Map([...facts].filter(([key]) => !isTag(key)))
  const once = powers.on(from, action, entity.arn, open)
  return once === null ? null : { power: once, before: [tagging] }
}

const asksForTags = ({ request, allow }: Power): boolean =>
  [...request.context.keys(), ...(allow?.symbolic.source.conditions ?? []).map(({ key }) => key)].some(
    (key) => /^aws:(?:requesttag\/|tagkeys$)/i.test(key),
  )
