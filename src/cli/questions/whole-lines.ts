const LINE_FEED = 0x0a
/** So many bytes are handed on whether a line ends in them or not: whoever takes them knows what a line may have. */
const MOST_KEPT = 17 * 1024 * 1024

/** Gathers the chunks of a stream until a line ends in them, so that long lines aren't copied once for each chunk. */
export class WholeLines {
  #parts: Uint8Array[] = []
  #size = 0

  /** @returns all bytes that were kept, and these; null: none of them ends a line */
  add(chunk: Uint8Array): Uint8Array | null {
    this.keep(chunk)
    return chunk.includes(LINE_FEED) || this.#size > MOST_KEPT ? this.take() : null
  }

  /** Puts bytes before what comes next. A copy: whoever reads the stream may use its memory again. */
  keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#parts.push(bytes.slice())
    this.#size += bytes.length
  }

  take(): Uint8Array {
    const [only, second] = this.#parts
    const whole = only !== undefined && second === undefined ? only : Buffer.concat(this.#parts)
    this.#parts = []
    this.#size = 0
    return whole
  }
}
