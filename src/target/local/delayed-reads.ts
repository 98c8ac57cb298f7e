import { InvariantError } from '../../diagnostics/index.ts'
import type { ReadableStore, ReadRows } from '../../iam/store-port.ts'

/** All that a store holds at one moment. */
interface StoreCopy<E, S> {
  /** Equal for two copies between which nothing was written. */
  readonly version: string
  readonly iam: ReadableStore<E, S>
  close(): Promise<void>
}

interface DelayedParts<E, S> {
  /** @returns null: nothing was written since that version */
  copy(since: string | null): Promise<StoreCopy<E, S> | null>
  /** For how long what is written isn't seen, in milliseconds. */
  readonly delay: number
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

/** Milliseconds by which something may be seen later than it could be. */
const LATER_AT_MOST = 50

/** Reads a store as it was some time ago, as of every client of a service whose copies are not at once alike. */
export class DelayedReads<E, S> implements ReadableStore<E, S> {
  readonly #parts: DelayedParts<E, S>
  /** By the time when each was taken, the oldest first. INVARIANT: there is one, and it may be seen by now. */
  readonly #copies: { readonly taken: number; readonly copy: StoreCopy<E, S> }[] = []
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> = Promise.resolve()
  #failure: unknown = null

  private constructor(parts: DelayedParts<E, S>) {
    this.#parts = parts
  }

  /** What is there already is seen at once. */
  static async open<E, S>(parts: DelayedParts<E, S>): Promise<DelayedReads<E, S>> {
    const reads = new DelayedReads(parts)
    await reads.#take(Number.NEGATIVE_INFINITY)
    reads.#timer = setInterval(() => {
      // One look after the other, however long one takes.
      reads.#looking = reads.#looking.then(() => reads.#look())
    }, LATER_AT_MOST).unref()
    return reads
  }

  async read<T>(work: (rows: ReadRows<E, S>) => Promise<T>): Promise<T> {
    if (this.#failure !== null) throw this.#failure
    return this.#seen().read(work)
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#looking
    for (const { copy } of this.#copies) await copy.close()
  }

  #seen(): ReadableStore<E, S> {
    const until = this.#parts.clock() - this.#parts.delay
    // A copy that is closed ends what is being read of it first.
    while ((this.#copies[1]?.taken ?? Number.POSITIVE_INFINITY) <= until)
      void this.#copies.shift()?.copy.close()
    const [seen] = this.#copies
    if (seen === undefined) throw new InvariantError('there is no state to read')
    return seen.copy.iam
  }

  /** As long as nobody knows what was written nothing is read: what failed is tried again. */
  async #look(): Promise<void> {
    try {
      await this.#take(null)
      this.#failure = null
    } catch (error) {
      this.#failure = error
    }
  }

  /** @param taken null: now, after the copy was made, so that nothing of it is seen too early */
  async #take(taken: number | null): Promise<void> {
    const copy = await this.#parts.copy(this.#copies.at(-1)?.copy.version ?? null)
    if (copy !== null) this.#copies.push({ taken: taken ?? this.#parts.clock(), copy })
  }
}
