import type { Kind, Kinds, StoredEntities, StoredSettings } from '../kinds/kind.ts'
import type { Nothing } from '../model/operation.ts'
import type { ReadOperations, WriteOperations } from '../model/operations.ts'
import type { Summary } from './account-summary.ts'
import type { Reading, Writing } from './context.ts'
import type { Details, DetailsSection } from './details.ts'

/**
 * What a kind is to the embedded IAM: the operations that are about it, each with its handler, and what of it stands in
 * `GetAccountAuthorizationDetails`. Handlers throw `IamError`, in the order in which AWS finds fault.
 */
export interface IamKind<R, W, E = StoredEntities, S = StoredSettings> {
  readonly reads: { readonly [O in keyof R]: Handler<R[O], Reading<E, S>> }
  readonly writes: { readonly [O in keyof W]: WritingHandler<W[O], Writing<E, S>> }
  readonly details?: readonly DetailsSection<E, S>[]
  /** Adds what it knows of entities of other kinds that are on a page. */
  readonly completes?: (reading: Reading<E, S>, details: Details) => Promise<void>
  /** What of it stands in `GetAccountSummary`. */
  readonly summary?: (reading: Reading<E, S>) => Promise<Summary>
}

type Handler<Operation, Context> = Operation extends {
  readonly input: infer Input
  readonly output: infer Output
}
  ? (reading: Context, input: Input) => Promise<Output>
  : never

/** An operation that answers nothing may return nothing. */
type WritingHandler<Operation, Context> = Operation extends {
  readonly input: infer Input
  readonly output: infer Output
}
  ? (writing: Context, input: Input) => Promise<Output extends Nothing ? void : Output>
  : never

/** What a kind of the source is, with its own operations. */
export type IamKindOf<K extends Kind> = IamKind<Kinds[K]['reads'], Kinds[K]['writes']>

/** All kinds, in the order in which `GetAccountAuthorizationDetails` goes through them; each has some of the operations. */
export type IamKinds<
  R = ReadOperations,
  W = WriteOperations,
  E = StoredEntities,
  S = StoredSettings,
> = Readonly<Record<string, SomeOf<IamKind<R, W, E, S>>>>

interface SomeOf<
  K extends {
    readonly reads: object
    readonly writes: object
    readonly details?: unknown
    readonly completes?: unknown
    readonly summary?: unknown
  },
> {
  readonly reads: Partial<K['reads']>
  readonly writes: Partial<K['writes']>
  readonly details?: Exclude<K['details'], undefined>
  readonly completes?: Exclude<K['completes'], undefined>
  readonly summary?: Exclude<K['summary'], undefined>
}
