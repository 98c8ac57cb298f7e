import type { z } from 'zod'
import type { Attribute } from '../kinds/attributes/attribute.ts'
import type { DesiredOf, EntityKind, StateOf } from '../model/index.ts'
import type { EntityReading } from './entity-reading.ts'

/** Of every kind. */
export type ManifestKinds = { readonly [K in EntityKind]: ManifestKind<K> }

/** What manifests have to know of a kind of entity. */
export interface ManifestKind<K extends EntityKind> {
  /** All of them, in the order in which they are read. */
  readonly attributes: readonly Attribute<StateOf<K>, DesiredOf<K>>[]
  /** The structure of one in YAML: its path and its attributes. */
  readonly schema: z.ZodObject
  /** Called also where the schema finds errors: what is of a wrong type is passed over. */
  readonly read: (reading: EntityReading) => DesiredOf<K>
}
