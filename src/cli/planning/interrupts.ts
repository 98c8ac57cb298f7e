import type { ExitCode } from '../exit-code.ts'
import type { Streams } from '../output/streams.ts'
import { leaveSignals, SIGNALS } from './early-signals.ts'

interface Interrupts {
  /** Aborts at the first SIGINT or SIGTERM: what is under way ends by itself. */
  readonly signal: AbortSignal
  /** 130 or 143 once a signal has come. */
  readonly exitCode: () => ExitCode | null
  /** Awaits what somebody is asked: there is nothing under way that would have to end. */
  readonly asking: <Answer>(answer: Promise<Answer>) => Promise<Answer>
  /** Gives the signals back. */
  readonly end: () => void
}

/**
 * Catches SIGINT and SIGTERM. The first asks for a clean stop; the second ends the process at once,
 * which an apply survives as it survives a kill.
 * @param note what to say at the first signal; null: nothing
 */
export function catchInterrupts(streams: Streams, note: string | null): Interrupts {
  const abort = new AbortController()
  let received: ExitCode | null = null
  let isAsking = false
  const onSignal = (name: NodeJS.Signals) => {
    const code = name === 'SIGINT' ? SIGNALS.SIGINT : SIGNALS.SIGTERM
    if (received !== null) {
      streams.err(`exit ${code}: ended at once by a second ${name}\n`)
      process.exit(code)
    }
    received = code
    if (note !== null) streams.err(isAsking ? '\n' : `\n${note}\n`)
    abort.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal)
  // Only now: in between a signal would end the process without a word.
  leaveSignals()
  return {
    signal: abort.signal,
    exitCode: () => received,
    asking: async (answer) => {
      isAsking = true
      try {
        return await answer
      } finally {
        isAsking = false
      }
    },
    end: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal)
    },
  }
}
