import type { Attribute } from '../kinds/attributes/attribute.ts'
import type { DesiredOf, EntityKind, StateOf } from '../model/index.ts'

/** What manifests have to know of a kind of entity. */
export interface ManifestKind<K extends EntityKind> {
  /** All of them, in the order in which they are read. */
  readonly attributes: readonly Attribute<StateOf<K>, DesiredOf<K>>[]
}
