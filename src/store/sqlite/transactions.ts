import { InvariantError } from '../../diagnostics/index.ts'
import { StoreBusyError } from '../../iam/store-port.ts'
import type { Connection } from './connection.ts'
import { isBusy, storeError } from './failures.ts'

/**
 * Transactions of one connection, one after the other: a connection has only one at a time, and an asynchronous
 * caller may ask for the next before the last is done.
 */
export class Transactions {
  readonly #connection: Connection
  readonly #file: string
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(connection: Connection, file: string) {
    this.#connection = connection
    this.#file = file
  }

  read<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue(() => this.#transact('BEGIN', work))
  }

  /** Takes the write lock at once, so that nothing read inside can be stale. */
  write<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue(() => this.#transact('BEGIN IMMEDIATE', work))
  }

  /** A write that is on the disk when it returns, come power loss; others survive a killed process only. */
  writeDurably<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue(async () => {
      this.#connection.exec('PRAGMA synchronous = FULL')
      try {
        return await this.#transact('BEGIN IMMEDIATE', work)
      } finally {
        this.#connection.exec('PRAGMA synchronous = NORMAL')
      }
    })
  }

  /** Lets what was asked for end, then closes the connection. */
  close(beforeClosing: () => void): Promise<void> {
    if (this.#closed) return Promise.resolve()
    const closing = this.#queue(async () => {
      beforeClosing()
      this.#connection.close()
    })
    this.#closed = true
    return closing
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new InvariantError('the store is closed'))
    const result = this.#last.then(work)
    // A failure is its caller's; the next in the queue starts anyway.
    this.#last = result.catch(() => undefined)
    return result
  }

  async #transact<T>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: () => Promise<T>): Promise<T> {
    try {
      this.#connection.run(begin)
      const result = await work()
      this.#connection.run('COMMIT')
      return result
    } catch (error) {
      this.#rollBack()
      if (isBusy(error))
        throw new StoreBusyError(`the database \`${this.#file}\` is locked by another process`)
      throw storeError(error, this.#file)
    }
  }

  /** Some failures (a full disk) have rolled back already. */
  #rollBack(): void {
    if (this.#connection.inTransaction) this.#connection.run('ROLLBACK')
  }
}
