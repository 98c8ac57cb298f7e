import type { RootKeyRow, RootKeyRows } from '../../iam/store-port.ts'
import type { Connection } from './connection.ts'
import type { Transactions } from './transactions.ts'

export class SqliteRootKeys implements RootKeyRows {
  readonly #connection: Connection
  readonly #transactions: Transactions

  constructor(connection: Connection, transactions: Transactions) {
    this.#connection = connection
    this.#transactions = transactions
  }

  all(): Promise<readonly RootKeyRow[]> {
    return this.#transactions.read(async () =>
      this.#connection.all<RootKeyRow>('SELECT id, secret, created FROM root_keys ORDER BY id'),
    )
  }

  replace({ id, secret, created }: RootKeyRow): Promise<void> {
    return this.#transactions.writeDurably(async () => {
      this.#connection.run('DELETE FROM root_keys')
      this.#connection.run(
        'INSERT INTO root_keys (id, secret, created) VALUES (?, ?, ?)',
        id,
        secret,
        created,
      )
    })
  }
}
