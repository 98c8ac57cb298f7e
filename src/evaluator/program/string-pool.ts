const encoder = new TextEncoder()

/** Whether each UTF-16 unit is one UTF-8 byte. */
export const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}

export const byteLength = (text: string): number =>
  isAscii(text) ? text.length : encoder.encode(text).length

/** Texts that follow each other as UTF-8; each distinct one stands there once. */
export class StringPool {
  readonly #offsets = new Map<string, number>()
  readonly #texts: string[] = []
  #size = 0

  /** Bytes so far. */
  get size(): number {
    return this.#size
  }

  /** @returns the byte offset of the text */
  add(text: string): number {
    const known = this.#offsets.get(text)
    if (known !== undefined) return known
    const offset = this.#size
    this.#offsets.set(text, offset)
    this.#texts.push(text)
    this.#size += byteLength(text)
    return offset
  }

  /** Writes all texts to the beginning of `bytes`, which has room for `size` of them. */
  writeTo(bytes: Uint8Array): void {
    encoder.encodeInto(this.#texts.join(''), bytes)
  }
}
