import type { Writable } from 'node:stream'
import { layoutWidth } from '../diagnostics/text-width.ts'
import { outputWithoutUnseen } from '../diagnostics/unseen.ts'
import { fitted } from '../report/fitted.ts'

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
  /** How wide text is laid out for whoever reads the stream at a terminal, in cells; absent: it is no terminal. */
  readonly outWidth?: number
  readonly errWidth?: number
  /** Aborts once nobody reads `out` any more. */
  readonly readerGone: AbortSignal
}

/** @param options `layout`: `terminal` where what is written is text for people, which a terminal's width has a part in */
export function processStreams(options: {
  readonly color: boolean
  readonly layout: 'terminal' | 'verbatim'
}): Streams {
  const color = options.color && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb'
  const gone = new AbortController()
  const widthOf = ({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }) =>
    isTTY === true && options.layout === 'terminal' ? layoutWidth(columns ?? 0) : undefined
  const outWidth = widthOf(process.stdout)
  const errWidth = widthOf(process.stderr)
  const out = writerTo(
    process.stdout,
    () => gone.abort(),
    () => widthOf(process.stdout),
  )
  return {
    out,
    outAll: async (text) => {
      if (out(text)) return
      await new Promise<void>((resolve) => {
        process.stdout.once('drain', resolve)
        gone.signal.addEventListener('abort', () => resolve(), { once: true })
      })
    },
    err: writerTo(
      process.stderr,
      () => {},
      () => widthOf(process.stderr),
    ),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    inIsTerminal: process.stdin.isTTY === true,
    outColor: color && process.stdout.isTTY === true,
    errColor: color && process.stderr.isTTY === true,
    ...(outWidth === undefined ? {} : { outWidth }),
    ...(errWidth === undefined ? {} : { errWidth }),
    readerGone: gone.signal,
  }
}

/**
 * @param width of the terminal as it is now; undefined: it is none
 * @returns a function that answers whether more can be written at once
 */
function writerTo(
  stream: Writable,
  onGone: () => void,
  width: () => number | undefined,
): (text: string) => boolean {
  let open = true
  // Without a listener, EPIPE would end the process with a stack trace, perhaps in the middle of an apply.
  stream.on('error', () => {
    open = false
    onGone()
  })
  // What goes back to the start of its line is laid out already.
  const laidOut = (text: string, columns: number | undefined) =>
    columns === undefined || text.includes('\r') ? text : fitted(text, columns)
  return (text) => !open || stream.write(laidOut(outputWithoutUnseen(text), width()))
}
