import { DEFAULT_QUOTAS } from '../catalog/quotas.ts'
import { InvariantError } from '../diagnostics/index.ts'
import type { StoredEntities, StoredSettings } from '../kinds/kind.ts'
import type { Account } from '../model/index.ts'
import type { OperationsLike } from '../model/operation.ts'
import type { ReadOperations, WriteOperations } from '../model/operations.ts'
import type { Quotas } from '../model/quotas.ts'
import { getAccountSummary } from './account-summary.ts'
import { getAccountAuthorizationDetails } from './authorization-details.ts'
import type { AwsManagedPolicies, PrincipalDirectory, Reading, Writing } from './context.ts'
import type { IamKinds } from './iam-kind.ts'
import { PASSWORD_COST } from './password-hash.ts'
import type { Sealer } from './sealing.ts'
import { IamError } from './service-error.ts'
import { type ReadableStore, StoreBusyError, type WritableStore } from './store-port.ts'
import { uniqueId } from './unique-id.ts'

interface ReadableIamParts<
  R extends OperationsLike<R> = ReadOperations,
  W extends OperationsLike<W> = WriteOperations,
  E = StoredEntities,
  S = StoredSettings,
> {
  readonly account: Account
  /** What it knows operations of. */
  readonly kinds: IamKinds<NoInfer<R>, NoInfer<W>, E, S>
  readonly store: ReadableStore<E, S>
  readonly awsPolicies: AwsManagedPolicies
  /** What differs from AWS's defaults. */
  readonly quotas?: Partial<Quotas>
  /** Absent: nobody else can be asked, and principals of other accounts go by their names. */
  readonly elsewhere?: PrincipalDirectory
  /** Milliseconds since the epoch. Absent: nothing that ends by itself has ended. */
  readonly clock?: () => number
}

interface WritableIamParts<
  R extends OperationsLike<R> = ReadOperations,
  W extends OperationsLike<W> = WriteOperations,
  E = StoredEntities,
  S = StoredSettings,
> extends ReadableIamParts<R, W, E, S> {
  readonly store: WritableStore<E, S>
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  readonly randomBytes: (count: number) => Uint8Array
  /** How much work it is to try a password, to the base of two. Absent: as much as is fit for real ones. */
  readonly passwordCost?: number
  /** Absent: no secret is kept, so that no key that is made can sign. */
  readonly sealer?: Sealer
}

export interface IamReading<R extends OperationsLike<R> = ReadOperations> {
  read<O extends keyof R>(operation: O, input: R[O]['input']): Promise<R[O]['output']>
}

export interface IamWriting<W extends OperationsLike<W> = WriteOperations> {
  /** @param caller the user who calls, by name; absent: it is no user */
  write<O extends keyof W>(operation: O, input: W[O]['input'], caller?: string): Promise<W[O]['output']>
}

/** The embedded IAM's operations that read, over any store. They throw `IamError`. */
export function openIamReader<
  R extends OperationsLike<R> = ReadOperations,
  W extends OperationsLike<W> = WriteOperations,
  E = StoredEntities,
  S = StoredSettings,
>(parts: ReadableIamParts<R, W, E, S>): IamReading<R> {
  const { read } = readTransactions(parts)
  const kinds = Object.values(parts.kinds)
  const sections = kinds.flatMap(({ details = [] }) => details)
  const completions = kinds.flatMap(({ completes = [] }) => completes)
  const summaries = kinds.flatMap(({ summary = [] }) => summary)
  const handlers = handlersOf<Reading<E, S>>([
    {
      GetAccountAuthorizationDetails: (reading: Reading<E, S>, input: object) =>
        getAccountAuthorizationDetails(sections, completions, reading, input),
      GetAccountSummary: (reading: Reading<E, S>) => getAccountSummary(summaries, reading),
    },
    ...kinds.map(({ reads }) => reads),
  ])
  return {
    read: async <O extends keyof R>(operation: O, input: R[O]['input']) => {
      const handler = handlerOf(handlers, operation)
      const answer = await read((reading) => handler(reading, input))
      // The handler of an operation answers what it answers, by the type of `IamKind`.
      return answer as R[O]['output']
    },
  }
}

/** As `openIamReader`, and those that write: each call is one transaction of the store. */
export function openIam<
  R extends OperationsLike<R> = ReadOperations,
  W extends OperationsLike<W> = WriteOperations,
  E = StoredEntities,
  S = StoredSettings,
>(parts: WritableIamParts<R, W, E, S>): IamReading<R> & IamWriting<W> {
  const { write } = writeTransactions(parts)
  const handlers = handlersOf<Writing<E, S>>(Object.values(parts.kinds).map(({ writes }) => writes))
  return {
    ...openIamReader(parts),
    write: async <O extends keyof W>(operation: O, input: W[O]['input'], caller?: string) => {
      const handler = handlerOf(handlers, operation)
      const answer = await write((writing) => handler(writing, input), caller)
      // As in reading; one that answers nothing may return nothing.
      return (answer ?? {}) as W[O]['output']
    },
  }
}

const secondOf = (clock: () => number = () => 0): number => Math.floor(clock() / 1000) * 1000

type Handler<Context> = (context: Context, input: unknown) => Promise<unknown>

/** @throws InvariantError when two kinds have the same operation */
function handlersOf<Context>(tables: readonly object[]): ReadonlyMap<PropertyKey, Handler<Context>> {
  const handlers = new Map<PropertyKey, Handler<Context>>()
  for (const table of tables)
    for (const [operation, handler] of Object.entries(table)) {
      if (handlers.has(operation)) throw new InvariantError(`two kinds have the operation ${operation}`)
      handlers.set(operation, handler)
    }
  return handlers
}

function handlerOf<Context>(
  handlers: ReadonlyMap<PropertyKey, Handler<Context>>,
  operation: PropertyKey,
): Handler<Context> {
  const handler = handlers.get(operation)
  if (handler === undefined) throw new InvariantError(`no kind has the operation ${String(operation)}`)
  return handler
}

type ReadParts<E, S> = Pick<
  ReadableIamParts,
  'account' | 'awsPolicies' | 'quotas' | 'elsewhere' | 'clock'
> & {
  readonly store: ReadableStore<E, S>
}
export type WriteParts<E = StoredEntities, S = StoredSettings> = ReadParts<E, S> &
  Pick<WritableIamParts, 'clock' | 'randomBytes' | 'passwordCost' | 'sealer'> & {
    readonly store: WritableStore<E, S>
  }

/** Works on one consistent state, with what operations that read have at hand. */
export function readTransactions<E = StoredEntities, S = StoredSettings>(parts: ReadParts<E, S>) {
  const base = readingBase(parts)
  return {
    read: <T>(work: (reading: Reading<E, S>) => Promise<T>): Promise<T> =>
      translatingBusy(() => parts.store.read((rows) => work({ ...base, rows, now: secondOf(parts.clock) }))),
  }
}

/** Works alone, all or nothing, with what operations that write have at hand. */
export function writeTransactions<E = StoredEntities, S = StoredSettings>(parts: WriteParts<E, S>) {
  const base = readingBase(parts)
  const newId: Writing['newId'] = (prefix) => uniqueId(prefix, parts.randomBytes)
  return {
    /** @param caller the user who calls, by name; absent: it is no user */
    write: <T>(work: (writing: Writing<E, S>) => Promise<T>, caller?: string): Promise<T> =>
      translatingBusy(() =>
        parts.store.write((rows) => {
          const now = secondOf(parts.clock)
          const { randomBytes, passwordCost = PASSWORD_COST, sealer = null } = parts
          return work({
            ...base,
            rows,
            now,
            newId,
            randomBytes,
            passwordCost,
            sealer,
            caller: caller ?? null,
          })
        }),
      ),
  }
}

const readingBase = <E, S>({
  account,
  awsPolicies,
  quotas,
  elsewhere = NOBODY_KNOWN,
}: ReadParts<E, S>): Omit<Reading, 'rows' | 'now'> => ({
  account,
  awsPolicies,
  quotas: { ...DEFAULT_QUOTAS, ...quotas },
  elsewhere,
})

const NOBODY_KNOWN: PrincipalDirectory = { idOf: async () => 'unknown', arnOf: async () => 'unknown' }

async function translatingBusy<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof StoreBusyError)
      throw new IamError('ServiceFailure', error.diagnostics.map(({ message }) => message).join('; '), {
        retryable: true,
      })
    throw error
  }
}
