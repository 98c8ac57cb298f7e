import type { WriteStream } from 'node:tty'
import { layoutWidth } from '../../diagnostics/text-width.ts'
import { outputWithoutUnseen } from '../../diagnostics/unseen.ts'
import { fitted } from '../../report/layout/fitted.ts'
import { isReaderGone, isWrittenAtOnce, writeFailureText, writeWhole } from './write-failure.ts'

/**
 * Where a command writes: its result to `out`, everything else to `err`.
 * A reader that has gone away (`iam-sync plan | head`) ends the writing, not the command, and is no failure. A result that
 * can't be written (a full disk) is one.
 */
export interface Streams {
  out(text: string): void
  /**
   * The same for a lot of text, without anything unseen, that is for programs: waits until the reader has taken what there was.
   * @param bytes UTF-8; not to be changed afterwards
   */
  outAll(bytes: Uint8Array): Promise<void>
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
  /** Aborts once nothing can be written to `out` any more: nobody reads it, or it failed. */
  readonly readerGone: AbortSignal
  /**
   * Waits until all that was written to `out` has left this process.
   * @returns why it could not be written, in the system's words; null: it was, or nobody wanted it
   */
  outWritten(): Promise<string | null>
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
  const err = writerTo(
    process.stderr,
    () => {},
    () => widthOf(process.stderr),
  )
  return {
    out: out.write,
    outAll: async (bytes) => {
      if (out.writeBytes(bytes)) return
      await new Promise<void>((resolve) => {
        process.stdout.once('drain', resolve)
        gone.signal.addEventListener('abort', () => resolve(), { once: true })
      })
    },
    err: err.write,
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    inIsTerminal: process.stdin.isTTY === true,
    outColor: color && process.stdout.isTTY === true,
    errColor: color && process.stderr.isTTY === true,
    ...(outWidth === undefined ? {} : { outWidth }),
    ...(errWidth === undefined ? {} : { errWidth }),
    readerGone: gone.signal,
    outWritten: out.written,
  }
}

interface Writer {
  /** @returns whether more can be written at once */
  write(text: string): boolean
  /** The same for what need not be looked at. */
  writeBytes(bytes: Uint8Array): boolean
  /** Once nothing is under way any more. @returns why writing failed, or null */
  written(): Promise<string | null>
}

/**
 * @param onEnd called when nothing can be written any more
 * @param width of the terminal as it is now; undefined: it is none
 */
function writerTo(
  stream: WriteStream & { readonly fd: number },
  onEnd: () => void,
  width: () => number | undefined,
): Writer {
  let open = true
  let failure: string | null = null
  let underWay = 0
  let onIdle: () => void = () => {}
  const fail = (error: Error): void => {
    if (!open) return
    open = false
    if (!isReaderGone(error)) failure = writeFailureText(error)
    onEnd()
    onIdle()
  }
  // Without a listener, EPIPE would end the process with a stack trace, perhaps in the middle of an apply.
  stream.on('error', fail)
  const atOnce = isWrittenAtOnce(stream.fd, stream.isTTY === true)
  // What goes back to the start of its line is laid out already.
  const laidOut = (text: string, columns: number | undefined) =>
    columns === undefined || text.includes('\r') ? text : fitted(text, columns)
  const put = (output: string | Uint8Array): boolean => {
    if (atOnce) {
      try {
        writeWhole(stream.fd, output)
      } catch (error) {
        if (!(error instanceof Error)) throw error
        fail(error)
      }
      return true
    }
    underWay++
    return stream.write(output, () => {
      underWay--
      if (underWay === 0) onIdle()
    })
  }
  return {
    write(text) {
      if (!open) return true
      const shown = outputWithoutUnseen(text)
      return put(atOnce ? shown : laidOut(shown, width()))
    },
    writeBytes: (bytes) => !open || put(bytes),
    async written() {
      if (open && underWay > 0)
        await new Promise<void>((resolve) => {
          onIdle = resolve
        })
      return failure
    },
  }
}
