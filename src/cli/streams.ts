import type { Writable } from 'node:stream'

/**
 * Where a command writes: its result to `out`, everything else to `err`.
 * A reader that has gone away (`iam-sync plan | head`) ends the writing, not the command.
 */
export interface Streams {
  out(text: string): void
  /** The same for a lot of text: waits until the reader has taken what there was. */
  outAll(text: string): Promise<void>
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
  const out = writerTo(process.stdout, () => gone.abort())
  return {
    out,
    outAll: async (text) => {
      if (out(text)) return
      await new Promise<void>((resolve) => {
        process.stdout.once('drain', resolve)
        gone.signal.addEventListener('abort', () => resolve(), { once: true })
      })
    },
    err: writerTo(process.stderr, () => {}),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    inIsTerminal: process.stdin.isTTY === true,
    outColor: color && process.stdout.isTTY === true,
    errColor: color && process.stderr.isTTY === true,
    readerGone: gone.signal,
  }
}

/** @returns a function that answers whether more can be written at once */
function writerTo(stream: Writable, onGone: () => void): (text: string) => boolean {
  let open = true
  // Without a listener, EPIPE would end the process with a stack trace, perhaps in the middle of an apply.
  stream.on('error', () => {
    open = false
    onGone()
  })
  return (text) => !open || stream.write(text)
}
