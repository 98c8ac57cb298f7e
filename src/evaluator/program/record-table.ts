/** Records of numbers. */
export class RecordTable {
  readonly #numbers = new Map<string, number>()
  readonly #fields: number[] = []
  #count = 0

  get fields(): readonly number[] {
    return this.#fields
  }

  /** A record that may be there already. @returns its number */
  add(record: readonly number[]): number {
    const identity = record.join()
    const known = this.#numbers.get(identity)
    if (known !== undefined) return known
    const number = this.append(record)
    this.#numbers.set(identity, number)
    return number
  }

  /** A record that the caller knows to be new. @returns its number */
  append(record: readonly number[]): number {
    for (const field of record) this.#fields.push(field)
    return this.#count++
  }
}

/** Lists of numbers, one behind the other. */
export class RefTable {
  readonly #starts = new Map<string, number>()
  readonly #fields: number[] = []

  get fields(): readonly number[] {
    return this.#fields
  }

  /** A list that may be there already. @returns the range where it stands */
  add(list: readonly number[]): readonly [first: number, count: number] {
    if (list.length === 0) return [0, 0]
    const identity = list.join()
    const known = this.#starts.get(identity)
    if (known !== undefined) return [known, list.length]
    const range = this.append(list)
    this.#starts.set(identity, range[0])
    return range
  }

  /** A list that the caller knows to be new. @returns the range where it stands */
  append(list: readonly number[]): readonly [first: number, count: number] {
    const start = this.#fields.length
    for (const number of list) this.#fields.push(number)
    return [start, list.length]
  }
}
