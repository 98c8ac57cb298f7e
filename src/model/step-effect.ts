import type { EntityKind, SettingKind, StateOf } from '../kinds/kind.ts'

/**
 * What one call does to an account, as data: whoever makes a step says it, and whoever wants to know what a plan comes
 * to reads it. Versions of policies are left out: what decides is the default one's document.
 */
export type StepEffect = EntityEffect | SettingEffect

export type EntityEffect = { readonly [K in EntityKind]: EffectOn<K> }[EntityKind]

type SettingEffect = {
  readonly [K in SettingKind]: {
    readonly type: 'setting'
    readonly kind: K
    /** null: the account has none any more. */
    readonly value: StateOf<K> | null
  }
}[SettingKind]

type EffectOn<K extends EntityKind> =
  | { readonly type: 'created'; readonly kind: K; readonly state: StateOf<K> }
  | (Of<K> & { readonly type: 'deleted' })
  /** Single values, and documents that it has one of. */
  | (Of<K> & { readonly type: 'set'; readonly values: Partial<StateOf<K>> })
  /** Of a list in which everything stands once. */
  | (Of<K> & {
      readonly type: 'added' | 'removed'
      readonly attribute: AttributesAs<K, readonly string[]>
      readonly member: string
    })
  | MapEffectOn<K>

type MapEffectOn<K extends EntityKind> = {
  readonly [A in AttributesAs<K, ReadonlyMap<string, unknown>>]:
    | (Of<K> & { readonly type: 'put'; readonly attribute: A; readonly entries: StateOf<K>[A] })
    | (Of<K> & { readonly type: 'dropped'; readonly attribute: A; readonly keys: readonly string[] })
}[AttributesAs<K, ReadonlyMap<string, unknown>>]

interface Of<K extends EntityKind> {
  readonly kind: K
  readonly name: string
}

/** The attributes of a kind whose values are of a form. */
type AttributesAs<K extends EntityKind, V> = {
  [A in keyof StateOf<K>]: StateOf<K>[A] extends V ? A : never
}[keyof StateOf<K>]

/** Kinds whose entities have an attribute. */
export type KindsWith<A extends string> = {
  [K in EntityKind]: A extends keyof StateOf<K> ? K : never
}[EntityKind]

/** What is about one entity. */
export const entityOf = (effect: EntityEffect): { readonly kind: EntityKind; readonly name: string } =>
  effect.type === 'created' ? effect.state : effect

export const settingEffect = <K extends SettingKind>(kind: K, value: StateOf<K> | null): SettingEffect =>
  // A kind with a value of its own: of any one of them, the compiler can't tell that they belong together.
  ({ type: 'setting', kind, value }) as SettingEffect
