import type { UnmanagedPart } from '../../kinds/attributes/attribute.ts'
import {
  type AnyDesiredEntity,
  type DesiredOf,
  type EntityKind,
  entityRef,
  keysOf,
  type StateOf,
} from '../../model/index.ts'
import type { Plan } from '../plan.ts'
import { entitiesOf, type PlanKind, type PlanRequest } from '../planning.ts'
import { ignoredIn } from '../removal/unmanaged.ts'

/** What of an attribute is there that grants something, and that nobody here declares. */
export interface Adoptable {
  readonly entity: Pick<AnyDesiredEntity, 'kind' | 'name' | 'span'>
  readonly attribute: string
  readonly parts: readonly UnmanagedPart[]
  /** What others say that is in it: a declared list has that, too. */
  readonly listed: readonly string[]
  /** What its texts name; null: nothing. */
  readonly refersTo: EntityKind | null
}

/**
 * Of everything declared, what a plan of it leaves alone and a declaration could take on: what goes because the plan deletes it isn't
 * among it, nor an attribute of which something is ignored: declared, it would go.
 */
export function adoptableIn(request: PlanRequest, plan: Pick<Plan, 'changes'>): readonly Adoptable[] {
  const gone = new Set(plan.changes.flatMap(({ action, arn }) => (action === 'delete' ? (arn ?? []) : [])))
  return keysOf(request.kinds).flatMap((kind) => adoptableOf(request, kind, gone))
}

function adoptableOf<K extends EntityKind>(
  { kinds, desired, observed, declaredBefore, at }: PlanRequest,
  kind: K,
  gone: ReadonlySet<string>,
): readonly Adoptable[] {
  const { attributes }: PlanKind<K> = kinds[kind]
  const states: ReadonlyMap<string, StateOf<K>> = observed.entities[kind]
  const declared: ReadonlyMap<string, DesiredOf<K>> = desired.entities[kind]
  const goes = ({ entity, written }: UnmanagedPart): boolean =>
    (entity !== null && gone.has(entitiesOf(observed, entity.kind).get(entity.id)?.arn ?? entity.id)) ||
    (written?.is === 'value' && typeof written.value === 'string' && gone.has(written.value))
  return [...declared.values()].flatMap((entity) => {
    const state = states.get(entity.name)
    if (state === undefined) return []
    const owned = declaredBefore[entityRef(kind, entity.name)] ?? {}
    return attributes.flatMap((attribute) => {
      const change = attribute.compare(state, entity, owned[attribute.name], observed.account)
      const parts = change.unmanagedParts().filter((part) => part.grant !== null && !goes(part))
      if (
        parts.some(
          (part) => ignoredIn(entity.ignored ?? [], part, { ...(at === undefined ? {} : { at }) }) !== null,
        )
      )
        return []
      return parts.length === 0
        ? []
        : [
            {
              entity: { kind, name: entity.name, span: entity.span },
              attribute: attribute.name,
              parts,
              listed: entity.listed?.get(attribute.name)?.in ?? [],
              refersTo: attribute.refersTo?.kind ?? null,
            },
          ]
    })
  })
}
