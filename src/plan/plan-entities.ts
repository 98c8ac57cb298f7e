import type { AnyDesiredEntity, AnyEntityState, DesiredOf, EntityKind, StateOf } from '../model/index.ts'
import { planChildren } from './children/plan-children.ts'
import { type EntityPlanner, fateOf, type PlanKind, type WholePlanning } from './planning.ts'

/** What becomes of everything of one kind: of what is declared in the order of names, then of what goes. */
export function planEntities<K extends EntityKind>(planning: WholePlanning, kind: K): void {
  const of: PlanKind<K> = planning.kinds[kind]
  const planner: EntityPlanner<StateOf<K>, DesiredOf<K>> = of.planner(planning, kind)
  const states: ReadonlyMap<string, StateOf<K>> = planning.observed.entities[kind]
  const declared: ReadonlyMap<string, DesiredOf<K>> = planning.desired.entities[kind]
  const { unsettled, undeclared } = planning.toLookAt[kind]
  for (const { name } of unsettled) {
    const desired = declared.get(name)
    if (desired === undefined) continue
    const observed = states.get(desired.name)
    if (observed === undefined) planner.create(desired)
    else if (planner.replace !== null && fateOf(planning, observed) === 'replace')
      planner.replace(observed, desired)
    else planner.update(observed, desired)
    const isAnything = planChildren(planning, { ...parentOf(desired), desired })
    // The next plan has to look at it again.
    if (isAnything && observed !== undefined) planning.settled.delete(observed)
  }
  for (const { name } of undeclared) {
    const state = states.get(name)
    if (state === undefined || fateOf(planning, state) !== 'delete') continue
    planner.delete(state)
    planChildren(planning, { ...parentOf(state), desired: null })
  }
}

const parentOf = ({ kind, name, arn }: AnyEntityState | AnyDesiredEntity) => ({ kind, name, arn })
