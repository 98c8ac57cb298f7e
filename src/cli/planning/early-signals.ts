import { EXIT, type ExitCode } from '../exit-code.ts'

export const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const

type OnSignal = (name: NodeJS.Signals) => void

/** Who is told of a signal while no command has asked for it. */
let listener: OnSignal | null = null

/**
 * Catches SIGINT and SIGTERM from the start of a command on, so that one at any time ends it with a code and a reason.
 * @param onStop told once, with the exit code
 * @returns gives the signals back
 */
export function catchEarly(onStop: (code: ExitCode) => void): () => void {
  let isStopping = false
  listen((name) => {
    if (isStopping) return
    isStopping = true
    onStop(name === 'SIGINT' ? SIGNALS.SIGINT : SIGNALS.SIGTERM)
  })
  return () => listen(null)
}

/** For a command that catches the signals itself, and goes on. */
export const leaveSignals = (): void => listen(null)

/** Lets a signal that has come be noticed: a local target answers without ever waiting, so nothing else gets its turn. */
export const noticeSignals = (): Promise<void> =>
  new Promise((done) => {
    setImmediate(done)
  })

/**
 * Does what may take minutes and can't be asked to stop. A signal ends the process at once meanwhile, as it does by itself:
 * one that is only noticed when all is done would be worse than one without a last word.
 */
export async function endingAtOnce<T>(work: () => T): Promise<T> {
  await noticeSignals()
  const paused = listener
  listen(null)
  try {
    return work()
  } finally {
    listen(paused)
  }
}

function listen(next: OnSignal | null): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    if (listener !== null) process.off(name, listener)
    if (next !== null) process.on(name, next)
  }
  listener = next
}
