/** Records of numbers, each distinct one once. */
export class RecordTable {
  readonly #numbers = new Map<string, number>()
  readonly #fields: number[] = []

  get fields(): readonly number[] {
    return this.#fields
  }

  /** @returns the record's number */
  add(record: readonly number[]): number {
    const identity = record.join()
    const known = this.#numbers.get(identity)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(identity, number)
    for (const field of record) this.#fields.push(field)
    return number
  }
}

/** Lists of numbers, one behind the other, each distinct one once. */
export class RefTable {
  readonly #starts = new Map<string, number>()
  readonly #fields: number[] = []

  get fields(): readonly number[] {
    return this.#fields
  }

  /** @returns the range where the list stands */
  add(list: readonly number[]): readonly [first: number, count: number] {
    if (list.length === 0) return [0, 0]
    const identity = list.join()
    let start = this.#starts.get(identity)
    if (start === undefined) {
      start = this.#fields.length
      this.#starts.set(identity, start)
      for (const number of list) this.#fields.push(number)
    }
    return [start, list.length]
  }
}
