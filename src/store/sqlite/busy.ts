import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './failures.ts'

const FIRST_PAUSE_MILLISECONDS = 1
const LONGEST_PAUSE_MILLISECONDS = 25

/**
 * Tries again while somebody else has the database locked. SQLite's own waiting stops the whole process, in which the
 * one that is waited for may be.
 * @throws what `attempt` last threw, once `milliseconds` have passed
 */
export async function waitingWhileBusy<T>(milliseconds: number, attempt: () => T): Promise<T> {
  const deadline = performance.now() + milliseconds
  for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
    }
    await sleep(pause)
  }
}
