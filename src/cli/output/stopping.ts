import { errorOf } from '../../diagnostics/index.ts'
import type { FormatName } from '../../report/formats/formats.ts'
import { NO_TEXTS } from '../command.ts'
import type { ExitCode } from '../exit-code.ts'
import type { Streams } from './streams.ts'

/** How a command that is stopped says so. */
interface LastWord {
  readonly empty: object
  readonly format: FormatName
  readonly layout: 'whole' | 'line'
}

/**
 * Ends a command that a signal stops. What it writes itself passes through here: once it is stopped it writes nothing more,
 * and once it has written a result, no second one follows.
 */
export class Stopping {
  /** For the command. */
  readonly streams: Streams
  readonly #real: Streams
  #hasWritten = false
  #isStopped = false

  constructor(real: Streams) {
    this.#real = real
    this.streams = {
      ...real,
      out: (text) => {
        if (this.#isStopped) return
        this.#hasWritten = true
        real.out(text)
      },
      outAll: async (bytes) => {
        if (this.#isStopped) return
        this.#hasWritten = true
        await real.outAll(bytes)
      },
      err: (text) => {
        if (!this.#isStopped) real.err(text)
      },
    }
  }

  /** Says that a signal came, and ends the process. A document that is being written is written to its end instead. */
  async stop(code: ExitCode, { empty, format, layout }: LastWord): Promise<void> {
    if (this.#hasWritten && layout === 'whole') return
    this.#isStopped = true
    const { ended, present } = await import('./present.ts')
    const ending = { exitCode: code, diagnostics: [STOPPED], texts: NO_TEXTS }
    process.exit(
      this.#hasWritten || layout === 'line'
        ? await ended({ ...ending, diagnostics: [] }, this.#real)
        : await present({ ...ending, result: { type: 'failed', empty } }, this.#real, format),
    )
  }

  /** Never resolves once the command is stopped: its end is under way. */
  ended(): Promise<void> {
    return this.#isStopped ? new Promise(() => {}) : Promise.resolve()
  }
}

const STOPPED = errorOf({
  code: 'cli.interrupted',
  message: 'a signal came before there was a result',
  help: 'run it again',
})
