import type { AuditHead, AuditRow, AuditRows } from '../store-port.ts'

/** The newest records of a log that ends with the process. */
export class MemoryAuditRows implements AuditRows {
  readonly #most: number
  #rows: AuditRow[] = []
  #head: AuditHead | null = null

  /** @param most how many are kept at least */
  constructor(most: number) {
    this.#most = most
  }

  get rows(): readonly AuditRow[] {
    return this.#rows
  }

  async append(make: Parameters<AuditRows['append']>[0]): Promise<AuditHead> {
    const { added, head } = make(this.#head, this.#rows.at(-1) ?? null)
    this.#rows.push(...added)
    this.#head = head
    // All at once, now and then: to take one off the front moves all the others.
    if (this.#rows.length > 2 * this.#most) this.#rows = this.#rows.slice(-this.#most)
    return head
  }

  clear(): void {
    this.#rows = []
    this.#head = null
  }
}
