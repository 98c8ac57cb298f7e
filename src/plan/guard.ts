import { ENTITIES, ENTITY_KINDS, type EntityKind, entityRef, isAwsOwnedPath } from '../model/index.ts'
import type { Change, ChangeAction, GuardRefusal } from './plan.ts'
import type { PlanInput } from './plan-input.ts'
import { desiredOf, entitiesOf, type Planning } from './planning.ts'

/** Why this plan must not be applied as it is. Replacing an entity deletes it, and counts as that. */
export function guardRefusals(planning: Planning): readonly GuardRefusal[] {
  return [
    ...protectedEntities(planning),
    ...ENTITY_KINDS.flatMap((kind) => tooManyDeletions(planning, kind)),
    ...ENTITY_KINDS.flatMap((kind) => overQuota(planning, kind)),
  ]
}

/** What nobody has agreed to: that somebody may do more for a few calls than before and after. */
export function widerRefusals(
  changes: readonly Change[],
  { allowBrieflyWider = false }: PlanInput,
): readonly GuardRefusal[] {
  const wider = changes.filter(({ brieflyWider }) => brieflyWider !== null)
  if (wider.length === 0 || allowBrieflyWider) return []
  const entities = [...new Set(wider.flatMap(({ brieflyWider }) => brieflyWider?.principal ?? []))].sort()
  return [
    {
      rule: 'brieflyWider',
      message: `in every order of the steps somebody may do for a few calls what they may do neither before nor after: ${wider.map(({ kind, name }) => `${kind}/${name}`).join(', ')}`,
      help: 'apply what narrows first, in a commit of its own, or agree to it with `--allow-briefly-wider`',
      entities,
    },
  ]
}

function namesOf(
  { changes }: Planning,
  kind: EntityKind,
  ...actions: readonly ChangeAction[]
): readonly string[] {
  return changes
    .filter((change) => change.kind === kind && actions.includes(change.action))
    .map(({ name }) => name)
    .sort()
}

function protectedEntities(planning: Planning): readonly GuardRefusal[] {
  const entities = planning.guard.protect
    .filter(({ kind, name }) => namesOf(planning, kind, 'delete', 'replace').includes(name))
    .map(({ kind, name }) => entityRef(kind, name))
  if (entities.length === 0) return []
  return [
    {
      rule: 'protect',
      message: 'the plan deletes what `guard.protect` names',
      help: 'declare it again, or take it out of `guard.protect` in a commit of its own',
      entities,
    },
  ]
}

function tooManyDeletions(planning: Planning, kind: EntityKind): readonly GuardRefusal[] {
  const { maxDeletePercent, minimumExisting } = planning.guard
  const deleted = namesOf(planning, kind, 'delete', 'replace')
  if (deleted.length === 0) return []
  const existing = [...entitiesOf(planning.observed, kind).values()].filter(
    ({ path }) => !isAwsOwnedPath(path),
  ).length
  if (existing < minimumExisting || deleted.length * 100 <= existing * maxDeletePercent) return []
  const noun = ENTITIES[kind].section
  return [
    {
      rule: 'maxDeletePercent',
      message: `the plan deletes ${deleted.length} of ${existing} ${noun}, more than the ${maxDeletePercent} % that \`guard.maxDeletePercent\` allows`,
      help: 'delete in smaller steps, or raise `guard.maxDeletePercent` in a commit of its own',
      entities: deleted.map((name) => entityRef(kind, name)),
    },
  ]
}

/** How many of a kind there are after the plan, and the most that there may be. */
function overQuota(planning: Planning, kind: EntityKind): readonly GuardRefusal[] {
  const quota = planning.quotas[ENTITIES[kind].quota]
  const created = namesOf(planning, kind, 'create')
  const after =
    entitiesOf(planning.observed, kind).size + created.length - namesOf(planning, kind, 'delete').length
  if (created.length === 0 || after <= quota) return []
  return [
    {
      rule: 'quota',
      message: `the account would have ${after} ${ENTITIES[kind].section}, and its quota is ${quota} (${ENTITIES[kind].quota})`,
      help: 'delete what is not needed, or have the quota raised',
      entities: created.map((name) => entityRef(kind, name)),
    },
  ]
}

/** Kinds of which some can only be created once others are deleted. */
export function crowdedKinds(input: PlanInput): ReadonlySet<EntityKind> {
  return new Set(
    ENTITY_KINDS.filter((kind) => {
      const observed = entitiesOf(input.observed, kind)
      const created = [...desiredOf(input.desired, kind).keys()].filter((name) => !observed.has(name)).length
      return observed.size + created > input.quotas[ENTITIES[kind].quota]
    }),
  )
}
