import { IamError } from '../iam/service-error.ts'

/** What passes the time between two attempts. */
export interface Pauses {
  /** Ends early, without an error, once `signal` aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** From 0 up to, but not including, 1. */
  readonly random: () => number
  readonly signal: AbortSignal
}

/** With the pauses below: some 15 s at most, 7 s on average. */
const MOST_ATTEMPTS = 7
const FIRST_PAUSE_MILLISECONDS = 250
const LONGEST_PAUSE_MILLISECONDS = 4000

/**
 * Tries again while a retry can help. Pauses double up to a bound and are cut by chance, so that two that were refused
 * together don't meet again. Once the signal has aborted nothing is tried again.
 * @throws what the last attempt threw
 * @see AWS Architecture Blog, "Exponential Backoff And Jitter"
 */
export async function withRetries<T>(attempt: () => Promise<T>, pauses: Pauses): Promise<T> {
  let pause = FIRST_PAUSE_MILLISECONDS
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof IamError && error.retryable)) throw error
      if (attempts === MOST_ATTEMPTS || pauses.signal.aborted) throw error
      await pauses.sleep(Math.ceil(pause * pauses.random()), pauses.signal)
      if (pauses.signal.aborted) throw error
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)
    }
  }
}
