import type { ChildKind, ChildState, EntityKind, SettingKind, StateOf } from '../model/index.ts'
import type { OperationsLike } from '../model/operation.ts'
import type { ReadOperations, WriteOperation, WriteOperations } from '../model/operations.ts'
import type { IamReader, IamWriter } from '../target/ports.ts'
import type { DocumentReader } from './document-reader.ts'

type DetailsOperation = ReadOperations['GetAccountAuthorizationDetails']

/** A page of the details of an account. */
export type DetailsPage = DetailsOperation['output']
type DetailsFilter = NonNullable<DetailsOperation['input']['Filter']>[number]

/** How what an account has of a kind is read: from the details of the account, or where those have nothing of it, without. */
export type EntityObservation<State, R extends OperationsLike<R> = ReadOperations> =
  | DetailsObservation<State>
  | OtherObservation<State, R>

export interface DetailsObservation<State> {
  /** What `GetAccountAuthorizationDetails` calls it. */
  readonly filter: DetailsFilter
  readonly begin: (documents: DocumentReader) => ObservationOfPages<State>
}

/** `R`: by which operations; where the source doesn't know the kind, whoever lists it has a target that answers them. */
interface OtherObservation<State, R extends OperationsLike<R>> {
  readonly filter: null
  /** What somebody else deletes meanwhile is left out. @throws IamError */
  readonly read: (observing: { readonly reader: IamReader<R> }) => Promise<readonly State[]>
}

/** An observation under way. */
interface ObservationOfPages<State> {
  /** Takes of a page what is of its kind, and keeps nothing of the page itself. */
  readonly take: (page: DetailsPage) => void
  /**
   * What the account has, once all pages were taken: whatever other listings don't have any more by then is known to be gone,
   * and left out.
   * @throws IamError
   */
  readonly finish: (reader: IamReader) => Promise<readonly State[]>
}

/**
 * An observation of a kind that the details have nearly all of.
 * @param seen what a page has of the kind, as far as it says it
 * @param complete asks for the rest
 */
export const fromDetails = <Seen, State>(
  filter: DetailsFilter,
  seen: (page: DetailsPage, documents: DocumentReader) => readonly Seen[],
  complete: (seen: readonly Seen[], reader: IamReader) => Promise<readonly State[]>,
): DetailsObservation<State> => ({
  filter,
  begin: (documents) => {
    const all: Seen[] = []
    return {
      take: (page) => {
        for (const each of seen(page, documents)) all.push(each)
      },
      finish: (reader) => complete(all, reader),
    }
  },
})

/** `R`: by which operations, as of an entity that the details don't have. */
export interface SettingObservation<Value, R extends OperationsLike<R> = ReadOperations> {
  /** @returns null: the account has none. @throws IamError */
  readonly read: (reader: IamReader<R>) => Promise<Value | null>
}

/** How what is named under one entity is read. */
export interface ChildObservation {
  /** @param parent its name. @throws IamError */
  readonly read: (reader: IamReader, parent: string) => Promise<readonly ChildState[]>
  /** The same by one call, where all of it takes more: without what those say. Absent: it takes none. @throws IamError */
  readonly listed?: ChildObservation['read']
  /**
   * Those of everybody, by the names of their parents; who isn't there may still have some that it doesn't list. Absent: they are listed of one
   * at a time.
   * @throws IamError
   */
  readonly everybody?: (reader: IamReader) => Promise<ReadonlyMap<string, readonly ChildState[]>>
  /** When one was last used, in milliseconds; null: never. Absent: the account doesn't say. @throws IamError */
  readonly lastUsed?: (reader: IamReader, id: string) => Promise<number | null>
  /** Of some of them, those that are there and nobody's. Absent: none can be. @throws IamError */
  readonly freed?: (reader: IamReader, ids: readonly string[]) => Promise<readonly ChildState[]>
}

/**
 * Of calls that would do it twice when they are made again, or be refused as if it weren't there: whether what such a call was to do is
 * there, asked after no answer came of it. May take away what was made and is of no use to anybody.
 */
export type LostAnswers = {
  readonly [O in WriteOperation]?: (
    iam: IamReader & IamWriter,
    input: WriteOperations[O]['input'],
  ) => Promise<boolean>
}

/** Of every kind, by family; entities in the order in which they are asked for. */
export interface ObserveKinds {
  readonly entities: { readonly [K in EntityKind]: EntityObservation<StateOf<K>> }
  readonly children: { readonly [K in ChildKind]: ChildObservation }
  readonly settings: { readonly [K in SettingKind]: SettingObservation<StateOf<K>> }
  readonly lostAnswers: LostAnswers
}
