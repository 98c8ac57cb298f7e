import { setTimeout as sleep } from 'node:timers/promises'
import type { AnsweredCall } from '../calls/ports.ts'

interface TrailParts {
  /** @returns canonical; null: it is nothing to write down */
  readonly textOf: (call: AnsweredCall) => string | null
  /** Said in the log itself of records that there was no room for. */
  readonly droppedText: (count: number) => string
  /** Adds records to the log, all or none. */
  readonly append: (texts: readonly string[]) => Promise<unknown>
  /** Told what went wrong while nobody waited. */
  readonly noticed: (event: 'audit-not-written' | 'audit-dropped', details: object, error?: unknown) => void
  /** How many characters wait at most. */
  readonly most?: number
}

/** Some ten thousand records. */
const MOST_WAITING = 16_777_216
/** Written in a few milliseconds, in which nothing else is answered. */
const BATCH = 100
/** How long records gather, in milliseconds: what a kill may take away. */
const GATHERED = 100
/** How long after a failure it is tried again, in milliseconds. */
const RETRIED = 1000

/** What a trail has done so far, and has still to do. */
interface TrailCounts {
  readonly waiting: number
  readonly written: number
  readonly dropped: number
  readonly failures: number
}

/**
 * Writes down what was answered, behind the answers: nobody waits for it. Where it can't keep up, records are left out, counted,
 * and the log says so itself.
 */
export class AuditTrail {
  readonly #parts: TrailParts
  /** Answered just now. */
  #calls: AnsweredCall[] = []
  #waiting: string[] = []
  /** Characters of what waits. */
  #size = 0
  /** Left out, and not yet said in the log. */
  #unsaid = 0
  #dropped = 0
  #written = 0
  #failures = 0
  #writing: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(parts: TrailParts) {
    this.#parts = parts
  }

  get counts(): TrailCounts {
    return {
      waiting: this.#waiting.length + this.#calls.length,
      written: this.#written,
      dropped: this.#dropped,
      failures: this.#failures,
    }
  }

  told(call: AnsweredCall): void {
    this.#calls.push(call)
    // An answer is on its way by then, and whatever was in it is let go of.
    if (this.#calls.length === 1) setImmediate(() => this.#takeDown())
  }

  /** Writes all that waits now. @returns once that was tried */
  async flush(): Promise<void> {
    this.#takeDown()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
      if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => void this.flush(), RETRIED)
    })
    await this.#writing
  }

  /**
   * Writes the rest, and tries for so many milliseconds.
   * @returns how many records could not be written
   */
  async close(within: number): Promise<number> {
    const deadline = Date.now() + within
    await this.flush()
    while (this.#waiting.length > 0 && Date.now() < deadline) {
      await sleep(GATHERED)
      await this.flush()
    }
    if (this.#timer !== null) clearTimeout(this.#timer)
    const { length } = this.#waiting
    this.#dropped += length
    this.#waiting = []
    return length
  }

  #takeDown(): void {
    const calls = this.#calls
    this.#calls = []
    for (const call of calls) {
      const text = this.#parts.textOf(call)
      if (text === null) continue
      if (this.#size + text.length > (this.#parts.most ?? MOST_WAITING)) {
        this.#dropped += 1
        this.#unsaid += 1
        if (this.#unsaid === 1) this.#parts.noticed('audit-dropped', { waiting: this.#waiting.length })
        continue
      }
      this.#waiting.push(text)
      this.#size += text.length
    }
    if (this.#writing === null && this.#waiting.length > 0)
      this.#timer ??= setTimeout(() => void this.flush(), GATHERED)
  }

  async #write(): Promise<void> {
    const { append, droppedText, noticed } = this.#parts
    while (this.#waiting.length > 0 || this.#unsaid > 0) {
      const batch = this.#waiting.slice(0, BATCH)
      const unsaid = this.#unsaid
      try {
        await append(unsaid > 0 ? [...batch, droppedText(unsaid)] : batch)
      } catch (error) {
        this.#failures += 1
        noticed('audit-not-written', { waiting: this.#waiting.length }, error)
        return
      }
      this.#waiting.splice(0, batch.length)
      this.#size -= batch.reduce((sum, { length }) => sum + length, 0)
      this.#unsaid -= unsaid
      this.#written += batch.length
      // Answers come first.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
