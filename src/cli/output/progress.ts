import type { Streams } from './streams.ts'

interface Progress {
  /** @param what the step under way, in a few words */
  update(done: number, what: string): void
  /** Takes the bar away. */
  end(): void
}

/** Milliseconds: work that takes less needs no bar. */
const QUIET_FOR = 400
/** Milliseconds between two drawings of the bar. */
const REDRAW = 80
/** Milliseconds between two lines where there is no terminal to redraw. */
const LINE_EVERY = 5000
const BAR = 24

/** Progress on stderr: a bar on a terminal; elsewhere a plain line now and then, for who reads the log of a CI job. */
export function progressOn(streams: Streams, title: string, total: number): Progress {
  const start = performance.now()
  let drawn = streams.errIsTerminal ? start + QUIET_FOR - REDRAW : start
  let visible = false
  return {
    update(done, what) {
      const now = performance.now()
      if (now - drawn < (streams.errIsTerminal ? REDRAW : LINE_EVERY)) return
      drawn = now
      if (!streams.errIsTerminal) {
        streams.err(`${title}: ${done} of ${total} steps\n`)
        return
      }
      visible = true
      const filled = total === 0 ? BAR : Math.floor((done / total) * BAR)
      const columns = process.stderr.columns ?? 80
      const line = `${title} [${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${done}/${total} ${what}`
      streams.err(`\r\u001b[2K${line.slice(0, columns - 1)}`)
    },
    end() {
      if (visible) streams.err('\r\u001b[2K')
    },
  }
}
