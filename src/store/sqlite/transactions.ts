import { type DiagnosticError, InvariantError } from '../../diagnostics/index.ts'
import { StoreBusyError } from '../../iam/store-port.ts'
import { waitingWhileBusy } from './busy.ts'
import type { Connection } from './connection.ts'
import { isBusy, sqliteFailure, storeError } from './failures.ts'

interface TransactionParts {
  /** How messages call the database. */
  readonly shownAs: string
  /** How long to wait for the transaction of another connection. */
  readonly busyMilliseconds: number
  /** Looks for a damage of the database that explains a failure. */
  readonly damage: () => DiagnosticError | null
  /** Asked after each transaction; throws once the file is not what its path leads to any more. */
  readonly assertInPlace?: () => void
}

/**
 * Transactions of one connection, one after the other: a connection has only one at a time, and an asynchronous
 * caller may ask for the next before the last is done.
 */
export class Transactions {
  readonly #connection: Connection
  readonly #parts: TransactionParts
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(connection: Connection, parts: TransactionParts) {
    this.#connection = connection
    this.#parts = parts
  }

  read<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue(() => this.#transact(READ, work))
  }

  write<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue(() => this.#transact(WRITE, work))
  }

  /** A write that is on the disk when it returns, come power loss; others survive a killed process only. */
  writeDurably<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue(async () => {
      this.#connection.exec('PRAGMA synchronous = FULL')
      try {
        return await this.#transact(WRITE, work)
      } finally {
        this.#connection.exec('PRAGMA synchronous = NORMAL')
      }
    })
  }

  /** Between two transactions, and in none. */
  between<T>(work: () => T): Promise<T> {
    return this.#queue(async () => work())
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

  async #transact<T>(begin: typeof READ | typeof WRITE, work: () => Promise<T>): Promise<T> {
    try {
      await waitingWhileBusy(this.#parts.busyMilliseconds, () => this.#begin(begin))
      const result = await work()
      this.#connection.exec('COMMIT')
      this.#parts.assertInPlace?.()
      return result
    } catch (error) {
      // Some failures (a full disk) have rolled back already.
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
      if (isBusy(error))
        throw new StoreBusyError(`the database \`${this.#parts.shownAs}\` is locked by another process`)
      const failure = storeError(error, this.#parts.shownAs)
      // A statement that SQLite doesn't understand is a defect of ours, unless it is the database that has changed.
      throw sqliteFailure(failure) === null ? failure : (this.#parts.damage() ?? failure)
    }
  }

  /** All that can be busy is in here; once it has begun, a transaction has the locks that it needs. */
  #begin(begin: string): void {
    try {
      this.#connection.exec(begin)
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
      throw error
    }
  }
}

/** A transaction that reads takes its snapshot with its first look, not with its `BEGIN`. */
const READ = 'BEGIN; SELECT 1 FROM account'
/** Takes the write lock at once, so that nothing read inside can be stale. */
const WRITE = 'BEGIN IMMEDIATE'
