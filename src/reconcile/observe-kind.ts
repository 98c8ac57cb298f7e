import type { EntityKind, SettingKind, StateOf } from '../model/index.ts'
import type { ReadOperations } from '../model/operations.ts'
import type { IamReader } from '../target/ports.ts'
import type { DocumentReader } from './document-reader.ts'

type DetailsOperation = ReadOperations['GetAccountAuthorizationDetails']

/** What kinds of entities are observed by. */
interface Observing {
  readonly reader: IamReader
  /** Read before anything else, so that what other listings don't have any more is known to be gone. */
  readonly details: readonly DetailsOperation['output'][]
  readonly documents: DocumentReader
}

/** How what an account has of a kind is read. */
export interface EntityObservation<State> {
  /** What `GetAccountAuthorizationDetails` calls it; null: it has nothing of this kind. */
  readonly filter: NonNullable<DetailsOperation['input']['Filter']>[number] | null
  /** What somebody else deletes meanwhile is left out. @throws IamError */
  readonly read: (observing: Observing) => Promise<readonly State[]>
}

export interface SettingObservation<Value> {
  /** @returns null: the account has none. @throws IamError */
  readonly read: (reader: IamReader) => Promise<Value | null>
}

/** Of every kind, by family; entities in the order in which they are asked for. */
export interface ObserveKinds {
  readonly entities: { readonly [K in EntityKind]: EntityObservation<StateOf<K>> }
  readonly settings: { readonly [K in SettingKind]: SettingObservation<StateOf<K>> }
}
