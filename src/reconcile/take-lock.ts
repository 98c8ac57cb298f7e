import type { JournalWriter, Lock, LockHolder } from '../target/ports.ts'

interface LockWait {
  readonly holder: LockHolder
  /** Milliseconds to wait for another holder; 0: not at all. */
  readonly timeout: number
  /** Milliseconds since any fixed time. */
  readonly clock: () => number
  /** Ends early, without an error, once `signal` aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  /** Called once, before the first wait. */
  readonly onWait?: (heldBy: LockHolder | null) => void
}

type LockOutcome =
  | { readonly type: 'taken'; readonly lock: Lock }
  /** `heldBy` is null while a holder has not said who it is. */
  | { readonly type: 'held'; readonly heldBy: LockHolder | null }
  | { readonly type: 'aborted' }

const POLL_MILLISECONDS = 100

/** Asks for the lock until it is free or the time is up. */
export async function takeLock(
  journal: Pick<JournalWriter, 'tryLock'>,
  wait: LockWait,
): Promise<LockOutcome> {
  const deadline = wait.clock() + wait.timeout
  for (let attempt = 1; ; attempt++) {
    if (wait.signal.aborted) return { type: 'aborted' }
    const answer = await journal.tryLock(wait.holder)
    if ('lock' in answer) return { type: 'taken', lock: answer.lock }
    const left = deadline - wait.clock()
    if (left <= 0) return { type: 'held', heldBy: answer.heldBy }
    if (attempt === 1) wait.onWait?.(answer.heldBy)
    await wait.sleep(Math.min(POLL_MILLISECONDS, left), wait.signal)
  }
}
