import type { PlainValue } from '../../diagnostics/index.ts'
import {
  type AnyDesiredEntity,
  CHILD_KINDS,
  type ChildKind,
  type ChildState,
  type DesiredOf,
  entityRef,
  keysOf,
} from '../../model/index.ts'
import type { ChildPlan } from '../children/child-plan.ts'
import { desiredOf, type PlanRequest } from '../planning.ts'
import type { Adoptable } from './adoptable.ts'

/** A kind under an entity, with the plan of it. */
interface Held {
  readonly entity: AnyDesiredEntity
  readonly of: ChildPlan<DesiredOf<ChildKind>>
  readonly states: readonly ChildState[]
}

/**
 * The same of credentials, as far as they were read in full. Those of which something is ignored are left, and those that nothing
 * can be declared of.
 */
export function adoptableCredentials(request: PlanRequest): readonly Adoptable[] {
  return heldIn(request).flatMap(({ entity, of, states }): readonly Adoptable[] => {
    const { section, label } = of.facts
    const { declared } = of
    if (declared === null || entity.ignored?.some(({ key }) => key.startsWith(`${section}/`)) === true)
      return []
    const entries: [string, PlainValue][] = []
    for (const state of states.toSorted(oldestFirst)) {
      const written = declared.written(state)
      if (written === null) return []
      const status = state.status === 'inactive' ? { status: 'inactive' } : {}
      entries.push([`adopted-${entries.length + 1}`, { ...written, ...status }])
    }
    const value: PlainValue = Object.fromEntries(entries)
    return [
      {
        entity: { kind: entity.kind, name: entity.name, span: entity.span },
        attribute: section,
        parts: states.map(({ id }) => ({
          is: 'value',
          grant: `has the ${label} ${id}`,
          entity: null,
          loss: '',
          written: { is: 'value', value },
        })),
        listed: [],
        refersTo: null,
      },
    ]
  })
}

/** As the planner has names by age. */
const oldestFirst = (a: ChildState, b: ChildState): number =>
  (a.created ?? 0) - (b.created ?? 0) || (a.id < b.id ? -1 : 1)

/** What is there of kinds that are neither declared nor were. */
function heldIn({ kinds, desired, observed, declaredBefore }: PlanRequest): readonly Held[] {
  return keysOf(kinds).flatMap((parent) => {
    const children: { readonly [K in ChildKind]?: ChildPlan<DesiredOf<K>> } = kinds[parent].children ?? {}
    return CHILD_KINDS.flatMap((kind) => {
      // What can be said of a declaration, the kind's own plan says of its own.
      const of = children[kind] as ChildPlan<DesiredOf<ChildKind>> | undefined
      if (of === undefined) return []
      return [...desiredOf(desired, parent).values()].flatMap((entity) => {
        const states: readonly ChildState[] = observed.children[kind]?.get(entity.name) ?? []
        const wasDeclared =
          (declaredBefore[entityRef(parent, entity.name)]?.[of.facts.section] ?? []).length > 0
        return states.length === 0 || wasDeclared || entity.children?.has(kind) === true
          ? []
          : [{ entity, of, states }]
      })
    })
  })
}
