import type {
  FinishedEntryRow,
  HolderRow,
  JournalEntryRow,
  JournalRows,
  NamedCredentialRow,
  ReadableJournalRows,
} from '../journal-rows.ts'
import type { Connection } from './connection.ts'
import type { Reserve } from './files/reserve.ts'
import type { Transactions } from './transactions.ts'

interface EntryRecord extends Omit<FinishedEntryRow, 'dirty'> {
  readonly dirty: 0 | 1 | null
}

export class SqliteJournalReader implements ReadableJournalRows {
  protected readonly connection: Connection
  protected readonly transactions: Transactions

  constructor(connection: Connection, transactions: Transactions) {
    this.connection = connection
    this.transactions = transactions
  }

  entries(): Promise<readonly FinishedEntryRow[]> {
    return this.transactions.read(async () =>
      this.connection
        .all<EntryRecord>(
          `SELECT id, time, "commit", dirty, actor, digest, outcome, done, failed, skipped, reason
           FROM journal ORDER BY sequence DESC`,
        )
        .map((record) => ({ ...record, dirty: record.dirty === null ? null : record.dirty === 1 })),
    )
  }

  declarations(): Promise<readonly string[]> {
    return this.transactions.read(async () =>
      this.connection
        .all<{ readonly declared: string }>(
          `SELECT declared FROM journal
           WHERE declared IS NOT NULL
             AND sequence >= coalesce((SELECT max(sequence) FROM journal WHERE outcome = 'complete'), 0)
           ORDER BY sequence`,
        )
        .map(({ declared }) => declared),
    )
  }

  facts(): Promise<string | null> {
    return this.transactions.read(
      async () =>
        this.connection.first<{ readonly facts: string }>(
          `SELECT facts FROM journal WHERE outcome = 'complete' AND facts IS NOT NULL ORDER BY sequence DESC LIMIT 1`,
        )?.facts ?? null,
    )
  }

  credentials(): Promise<readonly NamedCredentialRow[]> {
    return this.transactions.read(async () =>
      this.connection.all<NamedCredentialRow>(
        'SELECT kind, parent, name, id, others, begun, delivered FROM credentials ORDER BY sequence',
      ),
    )
  }

  holder(): Promise<HolderRow | null> {
    return this.transactions.read(async () => {
      const row = this.connection.first<HolderRow>(
        'SELECT pid, host, start, "commit", entry_id AS entryId FROM lock_holder',
      )
      if (row === null) return null
      const { pid, host, start, commit, entryId } = row
      return { pid, host, start, commit, entryId }
    })
  }
}

export class SqliteJournal extends SqliteJournalReader implements JournalRows {
  readonly #reserve: Reserve

  constructor(connection: Connection, transactions: Transactions, reserve: Reserve) {
    super(connection, transactions)
    this.#reserve = reserve
  }

  insert(entry: JournalEntryRow, declared: string, facts: string | null): Promise<void> {
    return this.transactions.writeDurably(async () => {
      this.#reserve.keep(Buffer.byteLength(declared) + Buffer.byteLength(facts ?? ''))
      this.connection.run(
        `INSERT INTO journal (id, time, "commit", dirty, actor, digest, declared, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        entry.id,
        entry.time,
        entry.commit,
        entry.dirty === null ? null : Number(entry.dirty),
        entry.actor,
        entry.digest,
        declared,
        facts,
      )
      this.connection.run('UPDATE lock_holder SET entry_id = ?', entry.id)
    })
  }

  finish(id: string, result: Parameters<JournalRows['finish']>[1]): Promise<boolean> {
    this.#reserve.giveBack()
    return this.transactions.writeDurably(async () => {
      const changed = this.connection.run(
        'UPDATE journal SET outcome = ?, done = ?, failed = ?, skipped = ?, reason = ? WHERE id = ?',
        result.outcome,
        result.done,
        result.failed,
        result.skipped,
        result.reason,
        id,
      )
      if (result.outcome === 'complete')
        this.connection.run(
          `UPDATE journal SET declared = NULL, facts = NULL
           WHERE (declared IS NOT NULL OR facts IS NOT NULL) AND sequence < (SELECT sequence FROM journal WHERE id = ?)`,
          id,
        )
      return changed > 0
    })
  }

  putCredential(row: NamedCredentialRow): Promise<void> {
    const { kind, parent, name, id, others, begun, delivered } = row
    return this.transactions.writeDurably(async () => {
      this.#drop(row)
      this.#drop({ ...row, id: null })
      this.connection.run(
        'INSERT INTO credentials (kind, parent, name, id, others, begun, delivered) VALUES (?, ?, ?, ?, ?, ?, ?)',
        kind,
        parent,
        name,
        id,
        others,
        begun,
        delivered,
      )
    })
  }

  dropCredential(row: Pick<NamedCredentialRow, 'kind' | 'parent' | 'name' | 'id'>): Promise<void> {
    return this.transactions.writeDurably(async () => this.#drop(row))
  }

  #drop({ kind, parent, name, id }: Pick<NamedCredentialRow, 'kind' | 'parent' | 'name' | 'id'>): void {
    if (id !== null) this.connection.run('DELETE FROM credentials WHERE id = ?', id)
    else
      this.connection.run(
        'DELETE FROM credentials WHERE id IS NULL AND kind = ? AND parent = ? AND name = ?',
        kind,
        parent,
        name,
      )
  }

  putHolder(holder: HolderRow | null): Promise<void> {
    return this.transactions.write(async () => {
      this.connection.run('DELETE FROM lock_holder')
      if (holder !== null)
        this.connection.run(
          'INSERT INTO lock_holder (one, pid, host, start, "commit", entry_id) VALUES (1, ?, ?, ?, ?, ?)',
          holder.pid,
          holder.host,
          holder.start,
          holder.commit,
          holder.entryId,
        )
    })
  }
}
