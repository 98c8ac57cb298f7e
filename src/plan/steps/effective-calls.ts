import type { EntityKind, PlacedDocument } from '../../model/index.ts'
import type { EffectiveCall } from '../../model/step.ts'
import type { KindsWith } from '../../model/step-effect.ts'
import type { PlanKinds } from '../planning.ts'
import { type CallSubject, tagsAsList } from './kind-calls.ts'

/*
 * The calls that several kinds have, each with what it does: a kind says which call it is, and what all that have it
 * have in common stands here.
 */

type Kinds = { readonly kinds: PlanKinds }
type Holder = KindsWith<'managedPolicies'>
export type BoundedKind = KindsWith<'permissionsBoundary'>
type Member = KindsWith<'groups'>
type TaggedKind = KindsWith<'tags'>

/** Whom a call is about, of kinds that have such calls. */
interface Subject<K extends EntityKind> {
  readonly kind: K
  readonly name: string
}

export const isBounded = ({ kinds }: Kinds, kind: EntityKind): kind is BoundedKind =>
  kinds[kind].boundary !== null
export const isMember = ({ kinds }: Kinds, kind: EntityKind): kind is Member =>
  kinds[kind].memberships !== null
export const isTagged = ({ kinds }: Kinds, kind: EntityKind): kind is TaggedKind => kinds[kind].tags !== null

export const attach = ({ kinds }: Kinds, { kind, name }: Subject<Holder>, member: string): EffectiveCall => ({
  ...kinds[kind].grants.attach(name, member),
  effects: [{ type: 'added', kind, name, attribute: 'managedPolicies', member }],
})

export const detach = ({ kinds }: Kinds, { kind, name }: Subject<Holder>, member: string): EffectiveCall => ({
  ...kinds[kind].grants.detach(name, member),
  effects: [{ type: 'removed', kind, name, attribute: 'managedPolicies', member }],
})

export const putInline = (
  { kinds }: Kinds,
  { kind, name }: Subject<Holder>,
  policy: string,
  document: PlacedDocument,
): EffectiveCall => ({
  ...kinds[kind].grants.putInline(name, policy, JSON.stringify(document.json)),
  effects: [{ type: 'put', kind, name, attribute: 'inlinePolicies', entries: new Map([[policy, document]]) }],
})

export const deleteInline = (
  { kinds }: Kinds,
  { kind, name }: Subject<Holder>,
  policy: string,
): EffectiveCall => ({
  ...kinds[kind].grants.deleteInline(name, policy),
  effects: [{ type: 'dropped', kind, name, attribute: 'inlinePolicies', keys: [policy] }],
})

/** @param boundary null: it has none any more */
export const bound = (
  { kinds }: Kinds,
  { kind, name }: Subject<BoundedKind>,
  boundary: string | null,
): EffectiveCall => ({
  ...(boundary === null ? kinds[kind].boundary.delete(name) : kinds[kind].boundary.put(name, boundary)),
  effects: [{ type: 'set', kind, name, values: { permissionsBoundary: boundary } }],
})

export const join = ({ kinds }: Kinds, { kind, name }: Subject<Member>, member: string): EffectiveCall => ({
  ...kinds[kind].memberships.join(name, member),
  effects: [{ type: 'added', kind, name, attribute: 'groups', member }],
})

export const leave = ({ kinds }: Kinds, { kind, name }: Subject<Member>, member: string): EffectiveCall => ({
  ...kinds[kind].memberships.leave(name, member),
  effects: [{ type: 'removed', kind, name, attribute: 'groups', member }],
})

export const tagging = ({ kinds }: Kinds, entity: CallSubject & Subject<TaggedKind>) => ({
  tag: (tags: ReadonlyMap<string, string>): EffectiveCall => ({
    ...kinds[entity.kind].tags.tag(entity, tagsAsList(tags)),
    effects: [{ type: 'put', kind: entity.kind, name: entity.name, attribute: 'tags', entries: tags }],
  }),
  untag: (keys: readonly string[]): EffectiveCall => ({
    ...kinds[entity.kind].tags.untag(entity, [...keys]),
    effects: [{ type: 'dropped', kind: entity.kind, name: entity.name, attribute: 'tags', keys }],
  }),
})

export const deleteEntity = ({ kinds }: Kinds, entity: CallSubject & Subject<EntityKind>): EffectiveCall => ({
  ...kinds[entity.kind].delete(entity),
  effects: [{ type: 'deleted', kind: entity.kind, name: entity.name }],
})
