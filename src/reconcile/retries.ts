import { IamError } from '../iam/service-error.ts'
import type { IamReader } from '../target/ports.ts'
import { nextMove } from './retry-policy.ts'

/** What passes the time between two attempts. */
export interface Pauses {
  /** Ends early, without an error, once `signal` aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** From 0 up to, but not including, 1. */
  readonly random: () => number
  readonly signal: AbortSignal
}

const FIRST_PAUSE_MILLISECONDS = 250
const LONGEST_PAUSE_MILLISECONDS = 4000

/**
 * Pauses that double up to a bound and are cut by chance, so that two that were refused together don't meet again.
 * @see AWS Architecture Blog, "Exponential Backoff And Jitter"
 */
export class Patience {
  readonly #pauses: Pauses
  #next = FIRST_PAUSE_MILLISECONDS
  #waited = 0

  constructor(pauses: Pauses) {
    this.#pauses = pauses
  }

  /** Milliseconds that were spent so far. */
  get waited(): number {
    return this.#waited
  }

  /** @returns false: the signal has aborted, and nothing is to be tried again */
  async pause(): Promise<boolean> {
    const { sleep, random, signal } = this.#pauses
    if (signal.aborted) return false
    const milliseconds = Math.ceil(this.#next * random())
    await sleep(milliseconds, signal)
    this.#waited += milliseconds
    this.#next = Math.min(2 * this.#next, LONGEST_PAUSE_MILLISECONDS)
    return !signal.aborted
  }
}

/** The same reader, whose questions are asked again while that can help. */
export const patientReader = (reader: IamReader, pauses: Pauses): IamReader => ({
  read: async (operation, input) => {
    const patience = new Patience(pauses)
    for (let troubles = 1; ; troubles++)
      try {
        return await reader.read(operation, input)
      } catch (error) {
        if (!(error instanceof IamError)) throw error
        const failed = { operation, error, troubles, waited: patience.waited, ...ONLY_ASKED }
        if (nextMove(failed) === 'fail' || !(await patience.pause())) throw error
      }
  },
})

const ONLY_ASKED = { wasUnanswered: false, needsOwnWork: false, settlesWithin: 0 }
