import type { z } from 'zod'
import type { Attribute } from '../kinds/attributes/attribute.ts'
import type { DesiredOf, EntityKind, StateOf } from '../model/index.ts'
import type { EntityFacts } from '../model/kind-facts.ts'
import type { EntityReading } from './entities/entity-reading.ts'
import type { Elsewhere } from './hints/other-words.ts'

/** Of every kind, in the order in which people are told of their sections. */
export type ManifestKinds = { readonly [K in EntityKind]: ManifestKind<K> }

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
