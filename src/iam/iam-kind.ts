import type { StoredEntities, StoredSettings } from '../kinds/kind.ts'
import type { ReadOperations, WriteOperations } from '../model/operations.ts'
import type { Reading, Writing } from './context.ts'
import type { DetailsSection } from './details.ts'

/** Operations by AWS's names, each with what it takes and what it answers. */
export type OperationsLike<M> = {
  readonly [O in keyof M]: { readonly input: unknown; readonly output: unknown }
}

/** An operation that answers nothing may return nothing. */
type Answer<Output> = Promise<Output extends Record<string, never> ? void : Output>

/**
 * What a kind is to the embedded IAM: the operations that are about it, and what of it stands in
 * `GetAccountAuthorizationDetails`. Handlers throw `IamError`, in the order in which AWS finds fault.
 */
export interface IamKind<
  R extends OperationsLike<R> = ReadOperations,
  W extends OperationsLike<W> = WriteOperations,
  E = StoredEntities,
  S = StoredSettings,
> {
  readonly reads: {
    readonly [O in keyof R]?: (reading: Reading<E, S>, input: R[O]['input']) => Promise<R[O]['output']>
  }
  readonly writes: {
    readonly [O in keyof W]?: (writing: Writing<E, S>, input: W[O]['input']) => Answer<W[O]['output']>
  }
  readonly details?: readonly DetailsSection<E, S>[]
}

/** All kinds, in the order in which `GetAccountAuthorizationDetails` goes through them. */
export type IamKinds<
  R extends OperationsLike<R> = ReadOperations,
  W extends OperationsLike<W> = WriteOperations,
  E = StoredEntities,
  S = StoredSettings,
> = Readonly<Record<string, IamKind<R, W, E, S>>>
