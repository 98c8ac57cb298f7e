import { type AnyEntityState, entitiesIn, entityRef, jsonOf, type StateDocument } from '../../model/index.ts'
import type { Orphan } from '../plan.ts'
import { fateOf, type Planning } from '../planning.ts'
import { idsIn } from './trust-change.ts'

/** Whom trust policies that stay, and policies of the account's resources, name by unique ids that nobody has. */
export function orphansIn(planning: Planning): readonly Orphan[] {
  const { observed, resources, formerNames, uniqueIds, others } = planning
  const living = new Set(uniqueIds?.values())
  const inPolicy = (namedBy: string, policy: StateDocument | null): readonly Orphan[] =>
    [...new Set(policy === null ? [] : namedIn(policy))].flatMap((id) =>
      living.has(id) ? [] : [{ id, formerly: formerNames?.get(id) ?? others.formerNameOf(id), namedBy }],
    )
  return [
    ...entitiesIn<AnyEntityState>(observed.entities).flatMap((entity) =>
      'trustPolicy' in entity && fateOf(planning, entity) !== 'delete'
        ? inPolicy(entityRef(entity.kind, entity.name), entity.trustPolicy)
        : [],
    ),
    ...[...(resources?.values() ?? [])].flatMap(({ arn, account, policy }) =>
      account === observed.account.id ? inPolicy(arn, policy) : [],
    ),
  ].sort((a, b) => (a.namedBy < b.namedBy ? -1 : a.namedBy > b.namedBy ? 1 : a.id < b.id ? -1 : 1))
}

/** A watcher asks the same documents again and again. */
const known = new WeakMap<StateDocument, readonly string[]>()

function namedIn(policy: StateDocument): readonly string[] {
  const before = known.get(policy)
  if (before !== undefined) return before
  const json = jsonOf(policy)
  const ids = json === null ? [] : idsIn(json)
  known.set(policy, ids)
  return ids
}
