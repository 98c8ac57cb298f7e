import { IamError } from '../iam/service-error.ts'
import type { WriteOperation } from '../model/operations.ts'
import type { IamWriter } from '../target/ports.ts'
import type { Delivery } from './deliver.ts'
import { Patience, type Pauses } from './retries.ts'
import { nextMove } from './retry-policy.ts'

/** What a call of a plan is made by. */
export interface CallMaker extends Pauses {
  readonly writer: IamWriter
  /** Whether it needs what the same apply has done before. */
  readonly needsOwnWork: boolean
  /**
   * Whether a call that no answer came of shows in the account, where making it again could do it twice; null: it can be made again.
   * @throws IamError
   */
  readonly lookFor: () => Promise<boolean> | null
}

/** Why a call came to nothing, as far as anybody knows. */
export class FailedAttempts extends Error {
  /** What the last attempt threw. */
  override readonly cause: unknown
  /** Whether one of the attempts may have been carried out all the same. */
  readonly maybeDone: boolean

  constructor(cause: unknown, maybeDone: boolean) {
    super('no attempt succeeded')
    this.cause = cause
    this.maybeDone = maybeDone
  }
}

/**
 * Makes one call, and makes it again while that can help and does nothing twice: each attempt with the same secrets. Once the signal
 * has aborted nothing is tried again.
 * @throws FailedAttempts
 */
export async function makeCall<O extends WriteOperation>(
  { operation, input }: Delivery<O>,
  caller: CallMaker,
): Promise<void> {
  const { settlesWithin = 0 } = caller.writer
  const patience = new Patience(caller)
  let wasUnanswered = false
  let troubles = 0
  for (;;)
    try {
      await caller.writer.write(operation, input)
      return
    } catch (error) {
      if (!(error instanceof IamError)) throw new FailedAttempts(error, wasUnanswered)
      const { needsOwnWork } = caller
      troubles = error.retryable || error.unanswered ? troubles + 1 : 0
      const { waited } = patience
      const move = nextMove({
        operation,
        error,
        troubles,
        waited,
        wasUnanswered,
        needsOwnWork,
        settlesWithin,
      })
      wasUnanswered ||= error.unanswered
      if (move === 'done') return
      const found = move === 'fail' || !(await patience.pause()) ? 'stopped' : 'missing'
      const looked = move === 'look' && found !== 'stopped' ? await look(caller, settlesWithin) : found
      if (looked === 'there') return
      if (looked === 'stopped') throw new FailedAttempts(error, wasUnanswered)
    }
}

/** Looks as long as what was written may not be seen yet. */
async function look(caller: CallMaker, settlesWithin: number): Promise<'there' | 'missing' | 'stopped'> {
  const patience = new Patience(caller)
  try {
    for (;;) {
      const found = await caller.lookFor()
      if (found === true) return 'there'
      if (found === null || patience.waited >= settlesWithin) return 'missing'
      if (!(await patience.pause())) return 'stopped'
    }
  } catch (error) {
    throw new FailedAttempts(error, true)
  }
}
