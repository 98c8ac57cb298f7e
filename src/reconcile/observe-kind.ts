import type { EntityKind, SettingKind, StateOf } from '../model/index.ts'
import type { OperationsLike } from '../model/operation.ts'
import type { ReadOperations } from '../model/operations.ts'
import type { IamReader } from '../target/ports.ts'
import type { DocumentReader } from './document-reader.ts'

type DetailsOperation = ReadOperations['GetAccountAuthorizationDetails']

/** What kinds of entities are observed by. */
interface Observing<R extends OperationsLike<R>> {
  readonly reader: IamReader<R>
  /** Read before anything else, so that what other listings don't have any more is known to be gone. */
  readonly details: readonly DetailsOperation['output'][]
  readonly documents: DocumentReader
}

/**
 * How what an account has of a kind is read. `R`: by which operations; where the source doesn't know the kind, whoever lists it
 * has a target that answers them.
 */
export interface EntityObservation<State, R extends OperationsLike<R> = ReadOperations> {
  /** What `GetAccountAuthorizationDetails` calls it; null: it has nothing of this kind. */
  readonly filter: NonNullable<DetailsOperation['input']['Filter']>[number] | null
  /** What somebody else deletes meanwhile is left out. @throws IamError */
  readonly read: (observing: Observing<R>) => Promise<readonly State[]>
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
