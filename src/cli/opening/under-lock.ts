import { hostname } from 'node:os'
import { takeLock } from '../../reconcile/take-lock.ts'
import type { JournalWriter, LockHolder } from '../../target/ports.ts'
import { sleep } from './pauses.ts'

export interface LockOptions {
  /** Milliseconds. */
  readonly lockTimeout: number
  readonly signal: AbortSignal
  readonly onLockWait: (holder: string) => void
}

/**
 * Works under the lock of an account, for a command that is no apply.
 * @returns `held`: nothing was done, and by whom the lock is held; `aborted`: nor was anything
 */
export async function underLock<T>(
  journal: Pick<JournalWriter, 'tryLock'>,
  { lockTimeout, signal, onLockWait }: LockOptions,
  work: () => Promise<T>,
): Promise<
  | { readonly type: 'done'; readonly value: T }
  | { readonly type: 'held'; readonly by: string }
  | { readonly type: 'aborted' }
> {
  const outcome = await takeLock(journal, {
    holder: { pid: process.pid, host: hostname(), start: new Date().toISOString(), commit: null },
    timeout: lockTimeout,
    clock: () => Date.now(),
    sleep,
    signal,
    onWait: (holder) => onLockWait(holderText(holder)),
  })
  if (outcome.type === 'held') return { type: 'held', by: holderText(outcome.heldBy) }
  if (outcome.type === 'aborted') return { type: 'aborted' }
  try {
    return { type: 'done', value: await work() }
  } finally {
    await outcome.lock.release()
  }
}

const holderText = (holder: LockHolder | null): string =>
  holder === null ? 'an apply' : `an apply (process ${holder.pid} on ${holder.host}, since ${holder.start})`
