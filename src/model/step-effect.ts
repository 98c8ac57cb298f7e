import { type EntityKind, FACTS, type SettingKind, type StateOf } from '../kinds/kind.ts'
import type { EntityState } from './entity.ts'

/**
 * What one call does to an account, as data: whoever makes a step says it, and whoever wants to know what a plan comes
 * to reads it. Versions of policies are left out: what decides is the default one's document.
 */
export type StepEffect = EntityEffect | SettingEffect

type EntityEffect = { readonly [K in EntityKind]: EffectOn<K, StateOf<K>> }[EntityKind]

type SettingEffect = {
  readonly [K in SettingKind]: {
    readonly type: 'setting'
    readonly kind: K
    /** null: the account has none any more. */
    readonly value: StateOf<K> | null
  }
}[SettingKind]

/** On an entity of a kind, by what it is in an account. */
export type EffectOn<K extends string, State extends EntityState> =
  | { readonly type: 'created'; readonly kind: K; readonly state: State }
  | (Of<K> & { readonly type: 'deleted' })
  /** Single values, and documents that it has one of. */
  | (Of<K> & { readonly type: 'set'; readonly values: Partial<State> })
  /** Of a list in which everything stands once. */
  | (Of<K> & {
      readonly type: 'added' | 'removed'
      readonly attribute: AttributesAs<State, readonly string[]>
      readonly member: string
    })
  | MapEffectOn<K, State>

type MapEffectOn<K extends string, State> = {
  readonly [A in AttributesAs<State, ReadonlyMap<string, unknown>>]:
    | (Of<K> & { readonly type: 'put'; readonly attribute: A; readonly entries: State[A] })
    | (Of<K> & { readonly type: 'dropped'; readonly attribute: A; readonly keys: readonly string[] })
}[AttributesAs<State, ReadonlyMap<string, unknown>>]

interface Of<K extends string> {
  readonly kind: K
  readonly name: string
}

/** The attributes of a state whose values are of a form. */
type AttributesAs<State, V> = { [A in keyof State]-?: State[A] extends V ? A : never }[keyof State]

/** On whatever kind: what carries out and orders steps of kinds that it doesn't know reads no more than this. */
export type AnyEffect =
  | AnyEntityEffect
  | { readonly type: 'setting'; readonly kind: string; readonly value: unknown }

export type AnyEntityEffect =
  | { readonly type: 'created'; readonly kind: string; readonly state: EntityState }
  | (Of<string> & { readonly type: 'deleted' })
  | (Of<string> & { readonly type: 'set'; readonly values: object })
  | (Of<string> & { readonly type: 'added' | 'removed'; readonly attribute: string; readonly member: string })
  | (Of<string> & {
      readonly type: 'put'
      readonly attribute: string
      readonly entries: ReadonlyMap<string, unknown>
    })
  | (Of<string> & { readonly type: 'dropped'; readonly attribute: string; readonly keys: readonly string[] })

/** Whether it is on one of the kinds that access is decided by: an effect of a kind is made as the kind's state is typed. */
export const isKnownEffect = (effect: AnyEffect): effect is StepEffect => Object.hasOwn(FACTS, effect.kind)

/** Kinds whose entities have an attribute. */
export type KindsWith<A extends string> = {
  [K in EntityKind]: A extends keyof StateOf<K> ? K : never
}[EntityKind]

/** Whom it is about. */
export const nameIn = (effect: AnyEntityEffect): string =>
  effect.type === 'created' ? effect.state.name : effect.name
