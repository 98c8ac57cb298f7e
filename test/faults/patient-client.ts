import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { whetherDone } from '../../src/reconcile/lost-answers.ts'
import { FailedAttempts, makeCall } from '../../src/reconcile/make-call.ts'
import { type Pauses, patientReader } from '../../src/reconcile/retries.ts'
import type { FaultyTarget, Iam, Time } from './faulty-target.ts'

/**
 * A target with something wrong on the way to it, asked as an apply asks: calls are made again while that can help, and what no answer
 * came of is looked for. It waits before each read until everything that was written is seen.
 */
export function patientClient(faulty: FaultyTarget, time: Time, random: () => number): Iam {
  const { settlesWithin = 0 } = faulty.iam
  const pauses: Pauses = {
    sleep: async (milliseconds) => time.pass(milliseconds),
    random,
    signal: new AbortController().signal,
  }
  const reader = patientReader(faulty.iam, pauses)
  return {
    read: (operation, input) => {
      time.pass(settlesWithin)
      return reader.read(operation, input)
    },
    async write(operation, input) {
      let last: { readonly answer: unknown } | { readonly error: unknown } | null = null
      const writer: Parameters<typeof makeCall>[1]['writer'] = {
        settlesWithin,
        write: async (...call) => {
          try {
            const answer = await faulty.iam.write(...call)
            last = { answer }
            return answer
          } catch (error) {
            last = { error }
            throw error
          }
        },
      }
      const before = faulty.writes.length
      try {
        await makeCall(
          { operation, input, secrets: [] },
          {
            ...pauses,
            writer,
            needsOwnWork: settlesWithin > 0,
            // Of what an answer tells the secret of, an apply finds what was made, deletes it and makes another: one is left.
            lookFor: () =>
              TELLING.test(operation)
                ? Promise.resolve(lostIn(faulty.writes.slice(before)) !== undefined)
                : whetherDone(OBSERVE_KINDS.lostAnswers, { operation, input }, faulty.iam, pauses),
          },
        )
      } catch (error) {
        // Whoever looks for what may have been done all the same finds it.
        const lost = lostIn(faulty.writes.slice(before))
        if (!(error instanceof FailedAttempts)) throw error
        if (lost === undefined) throw error.cause
        return lost.answer as never
      }
      return answerOf(last, faulty.writes.slice(before)) as never
    },
  }
}

/** What nothing but its answer names. */
const TELLING = /^Create(?:AccessKey|ServiceSpecificCredential)$/

type Heard = { readonly answer: unknown } | { readonly error: unknown } | null

/** What was heard of a call that was done, or would have been. @throws what it was refused with, if it was never done */
function answerOf(last: Heard, writes: FaultyTarget['writes']): unknown {
  if (last !== null && 'answer' in last) return last.answer
  const lost = lostIn(writes)
  if (lost !== undefined) return lost.answer
  throw last?.error
}

const lostIn = (writes: FaultyTarget['writes']) => writes.findLast(({ fate }) => fate === 'answer lost')
