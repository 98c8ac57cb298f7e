import type { Streams } from './streams.ts'

/** Milliseconds since the process began: a command that takes less needs no sign. */
const QUIET_FOR = 1000
/** Milliseconds between two signs. */
const EVERY = 1000

interface Sign {
  readonly err: (text: string) => void
  /** When the next is due. */
  next: number
  isVisible: boolean
}

/** Whoever waits at a terminal; null: nobody does. */
let waiting: Streams | null = null
/** Of the work under way; null: there is none. */
let sign: Sign | null = null

/**
 * Says from now on, on a terminal, that work goes on which lets nothing else have its turn.
 * @returns ends that
 */
export function showSignsOfLife(streams: Streams): () => void {
  waiting = streams.errIsTerminal && process.env.TERM !== 'dumb' ? streams : null
  return () => {
    waiting = null
  }
}

/** Does work that calls `stillWorking` now and then. The sign is gone once it ends. */
export function withSignOfLife<T>(work: () => T): T {
  if (waiting === null || sign !== null) return work()
  const own: Sign = { err: waiting.err, next: QUIET_FOR, isVisible: false }
  sign = own
  try {
    stillWorking()
    return work()
  } finally {
    sign = null
    if (own.isVisible) own.err(`\r${' '.repeat(columns())}\r`)
  }
}

/** Asked at places where a part of the work is done. */
export function stillWorking(): void {
  if (sign === null) return
  const now = performance.now()
  if (now < sign.next) return
  sign.next = now + EVERY
  sign.isVisible = true
  const text = `working out who may do what … ${Math.floor(now / 1000)} s`
  // It only gets longer: it covers the one before without a control sequence, of which some want none.
  sign.err(`\r${text.slice(0, columns())}`)
}

/** All of a line but the last column, after which some terminals go on to the next. A terminal of no size doesn't know it. */
const columns = (): number => Math.max(1, (process.stderr.columns || 80) - 1)
