import Database from 'libsql'

type Value = string | number | null
type Statement = ReturnType<Database.Database['prepare']>

/**
 * One connection to a database, with each statement prepared once. Throws what libsql throws, `SQLITE_BUSY` at once.
 * INVARIANT: a prepared statement that was busy stays in progress in libsql, and keeps every later `COMMIT` from
 * succeeding. So locks are only ever taken by `exec`.
 */
export class Connection {
  readonly #database: Database.Database
  readonly #statements = new Map<string, Statement>()

  /** @param location a path, `:memory:`, or a `file:` URI */
  constructor(location: string) {
    this.#database = new Database(location)
  }

  /** One or more statements without parameters and results. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  /** The first column of a pragma's first row. */
  pragma(sql: string): unknown {
    const [row] = this.#database.prepare(`PRAGMA ${sql}`).all() as readonly Record<string, unknown>[]
    return row === undefined ? undefined : Object.values(row)[0]
  }

  /** @param Row names the columns of the statement */
  all<Row>(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.#statement(sql).all([...values]) as Row[]
  }

  /**
   * As `all`, for rows that may be many: one JSON text crosses from SQLite, not each value by itself, which takes half the
   * time. No column may hold bytes.
   * @param columns what the statement calls its columns
   */
  list<Row>(
    columns: readonly (keyof Row & string)[],
    sql: string,
    ...values: readonly Value[]
  ): readonly Row[] {
    const fields = columns.map((column) => `'${column}', ${column}`).join(', ')
    // SQLite keeps the order of what a list is made of.
    const row = this.first<{ readonly list: string }>(
      `SELECT json_group_array(json_object(${fields})) AS list FROM (${sql})`,
      ...values,
    )
    return row === null ? [] : (JSON.parse(row.list) as Row[])
  }

  first<Row>(sql: string, ...values: readonly Value[]): Row | null {
    return (this.#statement(sql).get([...values]) as Row | undefined) ?? null
  }

  /** @returns how many rows were changed */
  run(sql: string, ...values: readonly Value[]): number {
    return this.#statement(sql).run([...values]).changes
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const prepared = this.#database.prepare(sql)
    this.#statements.set(sql, prepared)
    return prepared
  }
}

/** Hands a connection on, unless what it is opened for fails: then it is closed. */
export function closingOnFailure<T>(connection: Connection, work: () => T): T {
  try {
    return work()
  } catch (error) {
    connection.close()
    throw error
  }
}
