import {
  type AnyDesiredEntity,
  CHILDREN,
  type ChildKind,
  type ChildState,
  entityRef,
  isChildKind,
} from '../../model/index.ts'
import { type ChangeDraft, desiredOf, type Planning } from '../planning.ts'

/** How many of one kind an entity has under it before a plan, and after. */
interface CredentialUse {
  readonly ref: string
  readonly entity: AnyDesiredEntity
  readonly section: string
  /** What several of it are called. */
  readonly what: string
  readonly before: number
  readonly used: number
  readonly limit: number
}

/** Of what a plan makes under entities that stay, by kind and variety: nobody can have these limits raised. */
export function usesOfCredentials(planning: Planning): readonly CredentialUse[] {
  const uses = new Map<string, CredentialUse>()
  for (const change of planning.changes) {
    const { kind, parent, action } = change
    if (parent === undefined || !isChildKind(kind) || action === 'update') continue
    const entity = desiredOf(planning.desired, parent.kind).get(parent.name)
    if (entity === undefined) continue
    const observed: readonly ChildState[] = planning.observed.children[kind]?.get(parent.name) ?? []
    const variety = varietyOf(change, kind, entity, observed)
    const key = `${parent.kind}/${parent.name} ${kind} ${variety ?? ''}`
    const { plural, section, most } = CHILDREN[kind]
    const before = observed.filter((state) => state.variety === variety).length
    const known = uses.get(key) ?? {
      ref: entityRef(parent.kind, parent.name),
      entity,
      section,
      what: variety === undefined ? plural : `${plural} for ${variety}`,
      before,
      used: before,
      limit: most,
    }
    uses.set(key, { ...known, used: known.used + (action === 'delete' ? -1 : 1) })
  }
  return [...uses.values()]
}

/** A change calls what goes by its id, and what is made by its author's name. */
function varietyOf(
  { action, name, parent }: ChangeDraft,
  kind: ChildKind,
  { children }: AnyDesiredEntity,
  observed: readonly ChildState[],
): string | undefined {
  const own = name.slice((parent?.name.length ?? 0) + 1)
  return action === 'delete'
    ? observed.find(({ id }) => id === own)?.variety
    : children?.get(kind)?.get(own)?.variety
}
