import type { z } from 'zod'
import type { Diagnostic, LocatedEntry } from '../diagnostics/index.ts'
import type { Attribute } from '../kinds/attributes/attribute.ts'
import type { DesiredOf, EntityKind, SettingKind, StateOf } from '../model/index.ts'
import type { EntityFacts, SettingFacts } from '../model/kind-facts.ts'
import type { EntityReading } from './entities/entity-reading.ts'
import type { Elsewhere } from './hints/other-words.ts'

/** Of every kind, by family, in the order in which people are told of their sections. */
export interface ManifestKinds {
  readonly entities: EntityManifests
  readonly settings: SettingManifests
}

export type EntityManifests = { readonly [K in EntityKind]: ManifestKind<K> }
export type SettingManifests = { readonly [K in SettingKind]: SettingManifest<DesiredOf<K>> }

/** What can be declared of an entity. */
export interface Attributed<State, Desired> {
  /** All of them, in the order in which they are read. */
  readonly attributes: readonly Attribute<State, Desired>[]
}

export type AttributedKind<K extends EntityKind> = Attributed<StateOf<K>, DesiredOf<K>>
export type AttributedKinds = { readonly [K in EntityKind]: AttributedKind<K> }

/** What manifests have to know of a kind of entity. */
export interface EntityManifest<State, Desired> extends Attributed<State, Desired> {
  readonly facts: EntityFacts
  /** The structure of one in YAML: its path and its attributes. */
  readonly schema: z.ZodObject
  /** Keys that are looked for in it, and stand in another place. Absent: none is. */
  readonly elsewhere?: readonly Elsewhere[]
  /** Called also where the schema finds errors: what is of a wrong type is passed over. */
  readonly read: (reading: EntityReading) => Desired
}

export type ManifestKind<K extends EntityKind> = EntityManifest<StateOf<K>, DesiredOf<K>>

/** What manifests have to know of a setting of the account. */
export interface SettingManifest<Desired> {
  readonly facts: SettingFacts
  readonly place: SettingPlace
  /** What editors say that it is. */
  readonly told: string
  /** The structure of its value in YAML. `null` may always stand there instead: there is to be none. */
  readonly schema: z.ZodType
  /** @returns null: what stands there is wrong, and that has been reported */
  readonly read: (
    declared: LocatedEntry,
    report: (diagnostics: readonly Diagnostic[]) => void,
  ) => Desired | null
}

/** Where a setting is declared: under a key of manifests, or of its account in the project file. */
export interface SettingPlace {
  readonly in: 'manifest' | 'account'
  readonly key: string
}
