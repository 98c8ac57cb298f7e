import { IamError } from '../../src/iam/service-error.ts'
import type { IamReader, IamWriter } from '../../src/target/ports.ts'
import { NotSeenYet } from './not-seen-yet.ts'

export type Iam = IamReader & IamWriter

/** What goes wrong. Calls are counted from 1; those that are tried again count again. */
export interface Faults {
  /** Writes that are refused for good, with nothing done. */
  readonly refuses?: (write: number) => boolean
  /** Of reads and writes: the share that is told to slow down. */
  readonly throttled?: number
  /** Writes that are carried out, and whose answer never comes. */
  readonly losesAnswer?: (write: number) => boolean
  /** Writes before which the connection drops: nothing is done, and nobody can tell. */
  readonly drops?: (write: number) => boolean
  /** Reads of which no answer comes. */
  readonly losesRead?: (read: number) => boolean
}

/** What became of a write that the target was given. */
interface Write {
  readonly operation: string
  readonly input: object
  /** `unseen`: it asks for what can't be seen yet. `failed`: the target itself refused it. */
  readonly fate: 'done' | 'answer lost' | 'failed' | 'refused' | 'throttled' | 'dropped' | 'unseen'
  /** What the target answered, whoever heard it; absent: it hasn't done it. */
  readonly answer?: unknown
}

export interface FaultyTarget {
  readonly iam: Iam
  readonly writes: readonly Write[]
}

/** Manual: passes by pauses, and a little by calls. */
export interface Time {
  readonly now: () => number
  readonly pass: (milliseconds: number) => void
}

const CALL_MILLISECONDS = 20

/** @param lag what was written is seen after it; null: at once */
interface FaultyParts {
  readonly target: Iam
  readonly faults: Faults
  readonly time: Time
  /** From 0 up to, but not including, 1. */
  readonly random: () => number
  /** Milliseconds until what was written is seen. */
  readonly lag?: number
}

const throttling = () => new IamError('Throttling', 'Rate exceeded', { retryable: true })
const connectionReset = () =>
  new IamError('ServiceFailure', 'read ECONNRESET', { retryable: true, unanswered: true })

/** A target, of whatever kind, with something wrong on the way to it. */
export function withFaults({ target, faults, time, random, lag = 0 }: FaultyParts): FaultyTarget {
  const writes: Write[] = []
  const unseen = new NotSeenYet(lag)
  let reads = 0
  const iam: Iam = {
    ...(lag === 0 ? {} : { settlesWithin: 2 * lag }),
    async read(operation, input) {
      time.pass(CALL_MILLISECONDS)
      reads++
      if (random() < (faults.throttled ?? 0)) throw throttling()
      if (faults.losesRead?.(reads) === true) throw connectionReset()
      return target.read(operation, input)
    },
    async write(operation, input) {
      time.pass(CALL_MILLISECONDS)
      const number = writes.length + 1
      const ended = (fate: Write['fate']) => writes.push({ operation, input, fate })
      const failing = (fate: Write['fate'], error: Error): never => {
        ended(fate)
        throw error
      }
      if (random() < (faults.throttled ?? 0)) failing('throttled', throttling())
      if (faults.refuses?.(number) === true)
        failing('refused', new IamError('ServiceFailure', 'a fault that was put in'))
      if (faults.drops?.(number) === true) failing('dropped', connectionReset())
      const refusal = unseen.refusal(operation, input, time.now())
      if (refusal !== null) failing('unseen', refusal)
      const isLost = faults.losesAnswer?.(number) === true
      try {
        const answer = await target.write(operation, input)
        unseen.note(operation, input, answer, time.now())
        writes.push({ operation, input, fate: isLost ? 'answer lost' : 'done', answer })
        if (!isLost) return answer
      } catch (error) {
        ended('failed')
        if (!isLost || !(error instanceof IamError)) throw error
      }
      throw connectionReset()
    },
  }
  return { iam, writes }
}

/** Whether the target has done it, whatever it said. */
export const wasDone = ({ fate }: Write): boolean => fate === 'done' || fate === 'answer lost'
