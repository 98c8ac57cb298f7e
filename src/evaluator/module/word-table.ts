const LEAST_RECORDS = 16
/** Up to here copying word by word is faster than making a view. */
const SHORT_TABLE = 64

/** Records of a wire format's table, in an array that grows and is used again. */
export class WordTable {
  readonly #recordWords: number
  #words: Uint32Array
  #length = 0

  /** @param recordSize bytes, a multiple of 4 */
  constructor(recordSize: number) {
    this.#recordWords = recordSize / 4
    this.#words = new Uint32Array(LEAST_RECORDS * this.#recordWords)
  }

  /** Only good until the next `push` or `take`. */
  get words(): Uint32Array {
    return this.#words
  }

  /** Words so far. */
  get length(): number {
    return this.#length
  }

  /** Whole records so far. */
  get count(): number {
    return this.#length / this.#recordWords
  }

  clear(): void {
    this.#length = 0
  }

  push(word: number): void {
    if (this.#length === this.#words.length) this.#grow()
    this.#words[this.#length++] = word
  }

  /** Room for records. @returns the index of the first one's first word */
  take(records = 1): number {
    const at = this.#length
    this.#length = at + records * this.#recordWords
    while (this.#length > this.#words.length) this.#grow()
    return at
  }

  #grow(): void {
    const more = new Uint32Array(this.#words.length * 2)
    more.set(this.#words)
    this.#words = more
  }

  copyTo(target: Uint32Array, at: number): void {
    const length = this.#length
    if (length > SHORT_TABLE) target.set(this.#words.subarray(0, length), at)
    else for (let index = 0; index < length; index++) target[at + index] = this.#words[index] ?? 0
  }
}
