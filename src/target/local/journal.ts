import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { DiagnosticError, InvariantError } from '../../diagnostics/index.ts'
import type { CredentialNote } from '../../model/child.ts'
import type { Declarations } from '../../model/declarations.ts'
import { uniteDeclarations } from '../../model/declarations.ts'
import type { RecordedFacts } from '../../model/recorded-facts.ts'
import type { HolderRow, JournalRows, ReadableJournalRows } from '../../store/journal-rows.ts'
import { corrupt } from '../../store/sqlite/failures.ts'
import { type HeldLock, isOsLocked, tryOsLock } from '../../store/sqlite/files/os-lock.ts'
import type {
  JournalEnding,
  JournalEntry,
  JournalReader,
  JournalWriter,
  Lock,
  LockHolder,
  NewJournalEntry,
} from '../ports.ts'
import { readDeclarations, readFacts, readIds } from './journal-texts.ts'

/** Where a database lies, and how messages call it. */
interface DatabaseName {
  readonly database: string
  readonly shownAs?: string
}

/** The journal of a local target, in the database of the account. */
export class LocalJournalReader implements JournalReader {
  readonly #rows: ReadableJournalRows
  readonly #database: string
  readonly #shownAs: string

  constructor(rows: ReadableJournalRows, { database, shownAs = database }: DatabaseName) {
    this.#rows = rows
    this.#database = database
    this.#shownAs = shownAs
  }

  /** Newest first, without the one that is under way. */
  async history(): Promise<readonly JournalEntry[]> {
    // The holder is read first: an entry that ends in between is then listed as what it became.
    const underWay = (await this.#holderRow())?.entryId ?? null
    const entries = await this.#rows.entries()
    return entries
      .filter((entry) => entry.outcome !== null || entry.id !== underWay)
      .map(({ id, time, commit, dirty, actor, digest, outcome, done, failed, skipped, reason }) => ({
        id,
        time,
        commit,
        dirty,
        actor,
        digest,
        summary: { done, failed, skipped },
        outcome: outcome ?? 'interrupted',
        reason,
      }))
  }

  async declared(): Promise<Declarations> {
    const texts = await this.#rows.declarations()
    return uniteDeclarations(...texts.map((text) => readDeclarations(text) ?? this.#broken()))
  }

  async facts(): Promise<RecordedFacts | null> {
    const text = await this.#rows.facts()
    return text === null ? null : (readFacts(text) ?? this.#broken())
  }

  async credentials(): Promise<readonly CredentialNote[]> {
    const rows = await this.#rows.credentials()
    return rows.map((row) => ({ ...row, others: readIds(row.others) ?? this.#broken() }))
  }

  #broken(): never {
    throw corrupt(this.#shownAs, 'an entry of its journal makes no sense')
  }

  async holder(): Promise<LockHolder | null> {
    const row = await this.#holderRow()
    if (row === null) return null
    const { pid, host, start, commit } = row
    return { pid, host, start, commit }
  }

  async #holderRow(): Promise<HolderRow | null> {
    if (!isOsLocked(this.#database, this.#shownAs)) return null
    const row = await this.#rows.holder()
    return row !== null && isOutdated(row) ? null : row
  }
}

export class LocalJournal extends LocalJournalReader implements JournalWriter {
  readonly #rows: JournalRows
  readonly #database: string
  readonly #shownAs: string
  readonly #locks = new Map<Lock, HeldLock>()

  constructor(rows: JournalRows, { database, shownAs = database }: DatabaseName) {
    super(rows, { database, shownAs })
    this.#rows = rows
    this.#database = database
    this.#shownAs = shownAs
  }

  async tryLock(
    holder: LockHolder,
  ): Promise<{ readonly lock: Lock } | { readonly heldBy: LockHolder | null }> {
    for (let attempt = 1; ; attempt++) {
      const held = tryOsLock(this.#database, this.#shownAs)
      if (held !== null) {
        try {
          await this.#rows.putHolder({ ...holder, entryId: null })
        } catch (error) {
          held.release()
          throw error
        }
        return { lock: this.#lockOf(held) }
      }
      const heldBy = await this.holder()
      if (heldBy !== null || attempt === ATTEMPTS) return { heldBy }
      // Nobody says that he has it: somebody only looked whether it is held, or has just got it.
      await sleep(RETRY_MILLISECONDS)
    }
  }

  async begin({ declared, facts, ...entry }: NewJournalEntry): Promise<void> {
    await this.#rows.insert(entry, JSON.stringify(declared), facts === null ? null : JSON.stringify(facts))
  }

  putCredential(note: CredentialNote): Promise<void> {
    return this.#rows.putCredential({ ...note, others: JSON.stringify(note.others) })
  }

  dropCredential(note: CredentialNote): Promise<void> {
    return this.#rows.dropCredential(note)
  }

  async finish(id: string, { outcome, summary, reason }: JournalEnding): Promise<void> {
    for (const held of this.#locks.values()) held.assertHeld()
    if (!(await this.#rows.finish(id, { ...summary, outcome, reason })))
      throw new InvariantError(`no journal entry ${id} was begun`)
  }

  /**
   * Frees what its owner has not: a target that is closed applies nothing any more. That nobody can be told so (the database
   * is gone, the disk is full) keeps nothing from being closed.
   */
  async close(): Promise<void> {
    for (const lock of [...this.#locks.keys()]) {
      try {
        await lock.release()
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error
      }
    }
  }

  #lockOf(held: HeldLock): Lock {
    const lock: Lock = {
      release: async () => {
        // Once it is free, lock and row may be another's.
        if (!this.#locks.delete(lock)) return
        try {
          await this.#rows.putHolder(null)
        } finally {
          held.release()
        }
      },
    }
    this.#locks.set(lock, held)
    return lock
  }
}

const ATTEMPTS = 5
const RETRY_MILLISECONDS = 10

/**
 * Whether a row was left by a process of this machine that is gone, while somebody else has just taken the lock and not
 * yet said so. Only what is shown depends on it; the lock itself doesn't.
 */
function isOutdated({ pid, host }: HolderRow): boolean {
  if (host !== hostname()) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as { readonly code?: unknown }).code === 'ESRCH'
  }
}
