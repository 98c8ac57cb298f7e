import type { Writable } from 'node:stream'

/**
 * Where a command writes: its result to `out`, everything else to `err`.
 * A reader that has gone away (`iam-sync plan | head`) ends the writing, not the command.
 */
export interface Streams {
  out(text: string): void
  err(text: string): void
  /** Whether a person reads the stream, so that colour and moving bars make sense. */
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  readonly inIsTerminal: boolean
  readonly outColor: boolean
  readonly errColor: boolean
  /** Aborts once nobody reads `out` any more. */
  readonly readerGone: AbortSignal
}

export function processStreams(options: { readonly color: boolean }): Streams {
  const color = options.color && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb'
  const gone = new AbortController()
  return {
    out: writerTo(process.stdout, () => gone.abort()),
    err: writerTo(process.stderr, () => {}),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    inIsTerminal: process.stdin.isTTY === true,
    outColor: color && process.stdout.isTTY === true,
    errColor: color && process.stderr.isTTY === true,
    readerGone: gone.signal,
  }
}

function writerTo(stream: Writable, onGone: () => void): (text: string) => void {
  let open = true
  // Without a listener, EPIPE would end the process with a stack trace, perhaps in the middle of an apply.
  stream.on('error', () => {
    open = false
    onGone()
  })
  return (text) => {
    if (open) stream.write(text)
  }
}
