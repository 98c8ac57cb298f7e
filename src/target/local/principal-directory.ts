import { DiagnosticError } from '../../diagnostics/index.ts'
import type { PrincipalDirectory } from '../../iam/context.ts'
import type { ReadRows } from '../../iam/store-port.ts'
import { STORE_KINDS } from '../../kinds/store.ts'
import {
  type Account,
  ENTITIES,
  entityArn,
  isPrincipalEntityKind,
  parseEntityArn,
} from '../../model/index.ts'
import { openReadableSqlite, type ReadableSqliteStore } from '../../store/sqlite/open.ts'

/** Where another account's database lies. */
export interface OtherDatabase {
  readonly account: Account
  /** An absolute path. */
  readonly database: string
  readonly shownAs?: string
}

/**
 * Looks principals up in the databases of other accounts, each opened for reading when it is first asked for.
 * One that can't be read is an account that can't be asked: its own plan says what is wrong with it.
 */
export class LocalPrincipalDirectory implements PrincipalDirectory {
  readonly #others: ReadonlyMap<string, OtherDatabase>
  readonly #opened = new Map<string, Promise<ReadableSqliteStore>>()

  constructor(others: readonly OtherDatabase[]) {
    this.#others = new Map(others.map((other) => [other.account.id, other]))
  }

  async idOf(arn: string): Promise<string | null | 'unknown'> {
    const named = parseEntityArn(arn)
    if (named === null) return 'unknown'
    const { kind, name, path, partition } = named
    const ask = () =>
      this.#ask(named.account, async (rows, account) => {
        if (!isPrincipalEntityKind(kind) || account.partition !== partition) return null
        const row = await rows.entity(kind, name)
        return row !== null && row.path === path ? row.id : null
      })
    const known = await ask()
    if (known !== null) return known
    // What was opened may have been made, or migrated, since: by the apply that makes whom it is asked about.
    await this.#forget(named.account)
    return ask()
  }

  async arnOf(account: string, id: string): Promise<string | null | 'unknown'> {
    return this.#ask(account, async (rows, owner) => {
      const row = await rows.entityById(id)
      return row === null || !isPrincipalEntityKind(row.kind)
        ? null
        : entityArn(owner, ENTITIES[row.kind], row.path, row.name)
    })
  }

  async #forget(account: string): Promise<void> {
    const opening = this.#opened.get(account)
    this.#opened.delete(account)
    const store = await opening?.catch(() => null)
    await store?.close()
  }

  async close(): Promise<void> {
    for (const opening of this.#opened.values()) {
      const store = await opening.catch(() => null)
      await store?.close()
    }
  }

  async #ask<T>(
    id: string,
    question: (rows: ReadRows, account: Account) => Promise<T>,
  ): Promise<T | 'unknown'> {
    const other = this.#others.get(id)
    if (other === undefined) return 'unknown'
    try {
      const { iam } = await this.#open(other)
      return await iam.read((rows) => question(rows, other.account))
    } catch (error) {
      if (error instanceof DiagnosticError) return 'unknown'
      throw error
    }
  }

  #open({ account, database, shownAs }: OtherDatabase): Promise<ReadableSqliteStore> {
    const known = this.#opened.get(account.id)
    if (known !== undefined) return known
    const opening = openReadableSqlite({
      file: database,
      account,
      kinds: STORE_KINDS,
      ...(shownAs === undefined ? {} : { shownAs }),
    })
    this.#opened.set(account.id, opening)
    return opening
  }
}
