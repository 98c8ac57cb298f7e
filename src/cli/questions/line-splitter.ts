const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** A line of bytes; null: it was longer than allowed, and is not there. */
export type ByteLine = Uint8Array | null

/** Cuts a stream of bytes into lines. Of a line that is too long no more is kept than that it was. */
export class LineSplitter {
  readonly #most: number
  #parts: Uint8Array[] = []
  #size = 0

  /** @param most bytes of a line, without its end */
  constructor(most: number) {
    this.#most = most
  }

  /** @returns the lines that end in this chunk */
  push(chunk: Uint8Array): readonly ByteLine[] {
    const lines: ByteLine[] = []
    let from = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      this.#keep(chunk.subarray(from, end))
      lines.push(this.#take())
      from = end + 1
    }
    // A copy: whoever reads the stream may use the chunk's memory again.
    this.#keep(chunk.slice(from))
    return lines
  }

  /** @returns the last line, if it has no end */
  end(): readonly ByteLine[] {
    return this.#size === 0 ? [] : [this.#take()]
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length
    if (this.#size > this.#most + 1) this.#parts = []
    else if (part.length > 0) this.#parts.push(part)
  }

  #take(): ByteLine {
    const size = this.#size
    const parts = this.#parts
    this.#size = 0
    this.#parts = []
    if (size > this.#most + 1) return null
    const [only] = parts
    const line = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
    const whole = line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line
    return whole.length > this.#most ? null : whole
  }
}
