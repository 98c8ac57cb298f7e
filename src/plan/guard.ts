import { spanOf } from '../diagnostics/index.ts'
import { type EntityKind, entityRef, isAwsOwnedPath, keysOf } from '../model/index.ts'
import { severalOf } from '../model/kind-facts.ts'
import type { Change, ChangeAction, GuardRefusal } from './plan.ts'
import { desiredOf, entitiesOf, type Planning, type PlanRequest } from './planning.ts'

/** Why this plan must not be applied as it is. Replacing an entity deletes it, and counts as that. */
export function guardRefusals(planning: Planning): readonly GuardRefusal[] {
  return [
    ...protectedEntities(planning),
    ...keysOf(planning.kinds).flatMap((kind) => tooManyDeletions(planning, kind)),
    ...keysOf(planning.kinds).flatMap((kind) => overQuota(planning, kind)),
  ]
}

/** What still stands against a plan that somebody has agreed to against the guard: no consent makes room in an account. */
export const standingRefusals = (
  { refusals }: { readonly refusals: readonly GuardRefusal[] },
  isOverridden: boolean,
): readonly GuardRefusal[] => (isOverridden ? refusals.filter(({ rule }) => rule === 'quota') : refusals)

/** What nobody has agreed to: that somebody may do more for a few calls than before and after. */
export function widerRefusals(
  changes: readonly Change[],
  { allowBrieflyWider = false }: PlanRequest,
): readonly GuardRefusal[] {
  const wider = changes.filter(({ brieflyWider }) => brieflyWider !== null)
  if (wider.length === 0 || allowBrieflyWider) return []
  const entities = [...new Set(wider.flatMap(({ brieflyWider }) => brieflyWider?.principal ?? []))].sort()
  return [
    {
      rule: 'brieflyWider',
      message: `in every order of the steps that was tried somebody may do for a few calls what they may do neither before nor after: ${wider.map(({ kind, name }) => `${kind}/${name}`).join(', ')}`,
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
  const noun = severalOf(planning.kinds[kind].facts)
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
  const { facts } = planning.kinds[kind]
  if (facts.isOfAws === true) return []
  const quota = planning.quotas[facts.quota]
  const created = namesOf(planning, kind, 'create')
  const after =
    entitiesOf(planning.observed, kind).size + created.length - namesOf(planning, kind, 'delete').length
  if (created.length === 0 || after <= quota) return []
  return [
    {
      rule: 'quota',
      message: `the account would have ${after} ${severalOf(facts)}, and its quota is ${quota} (${facts.quota})`,
      help: 'delete what is not needed, or have the quota raised',
      entities: created.map((name) => entityRef(kind, name)),
      ...declaredAt(planning, kind, created.at(quota - after)),
    },
  ]
}

/** Of what there is no room for, the first in the order of names. */
function declaredAt(
  { desired }: Planning,
  kind: EntityKind,
  name: string | undefined,
): Pick<GuardRefusal, 'span'> {
  const entity = name === undefined ? undefined : desiredOf(desired, kind).get(name)
  return entity === undefined ? {} : { span: spanOf(entity.span) }
}

/** Kinds of which some can only be created once others are deleted. */
export function crowdedKinds(input: PlanRequest, toLookAt: Planning['toLookAt']): ReadonlySet<EntityKind> {
  return new Set(
    keysOf(input.kinds).filter((kind) => {
      if (input.kinds[kind].facts.isOfAws === true) return false
      const observed = entitiesOf(input.observed, kind)
      const created = toLookAt[kind].unsettled.filter(({ name }) => !observed.has(name)).length
      return observed.size + created > input.quotas[input.kinds[kind].facts.quota]
    }),
  )
}
