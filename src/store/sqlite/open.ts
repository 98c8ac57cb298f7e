import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DiagnosticError } from '../../diagnostics/index.ts'
import type { ReadableStore, RootKeyRows, WritableStore } from '../../iam/store-port.ts'
import type { StoredEntities, StoredSettings } from '../../kinds/kind.ts'
import type { Account } from '../../model/index.ts'
import type { JournalRows, ReadableJournalRows } from '../journal-rows.ts'
import type { StoreKinds } from '../store-kind.ts'
import { waitingWhileBusy } from './busy.ts'
import { Connection, closingOnFailure } from './connection.ts'
import { CONSTRAINT, corrupt, failed, sqliteFailure, storeError } from './failures.ts'
import { stayingInPlace } from './files/file-identity.ts'
import { refuseCutOff, refuseOddFiles } from './files/own-files.ts'
import { connectReadOnly } from './files/read-only.ts'
import { Reserve } from './files/reserve.ts'
import { SqliteJournal, SqliteJournalReader } from './journal.ts'
import { SqliteReadRows } from './read-rows.ts'
import { SqliteRootKeys } from './root-keys.ts'
import { SqliteRows } from './rows.ts'
import { assertShape, assertTexts, damageOf } from './schema/damage.ts'
import { KindRegistry } from './schema/kind-registry.ts'
import { rulesOf } from './schema/kind-rules.ts'
import { MIGRATIONS } from './schema/migrations.ts'
import { migrate, readSchemaState, refuseNewer, refuseOtherAccount } from './schema/schema.ts'
import { assertRows } from './schema/senseless.ts'
import { Transactions } from './transactions.ts'

export interface OpenParts<E, S> {
  /** An absolute path; or, for writing, `:memory:`. */
  readonly file: string
  /** How the file is called in messages; it may be relative to the IAM folder. */
  readonly shownAs?: string
  readonly account: Account
  /** What it may hold. */
  readonly kinds: StoreKinds<E, S>
  /** All of the schema's history; tests bring their own. */
  readonly migrations?: readonly string[]
  /** How long a call waits for another process's transaction, which takes milliseconds. */
  readonly busyMilliseconds?: number
}

interface Store {
  /** Looks at all of the database, once something that was read of it made no sense. @returns `store.corrupt`, or null */
  damage(): DiagnosticError | null
  close(): Promise<void>
}

export interface ReadableSqliteStore<E = StoredEntities, S = StoredSettings> extends Store {
  readonly iam: ReadableStore<E, S>
  readonly journal: ReadableJournalRows
}

interface WritableSqliteStore<E = StoredEntities, S = StoredSettings> extends Store {
  readonly iam: WritableStore<E, S>
  readonly journal: JournalRows
  readonly rootKeys: RootKeyRows
  /**
   * All that is there, in memory, for reading: nothing that is written later is seen by it.
   * @param since the version of an earlier copy; null: there is none
   * @returns null: nothing was written since
   */
  copy(since: string | null): Promise<StoreCopy<E, S> | null>
}

interface StoreCopy<E, S> {
  readonly version: string
  readonly iam: ReadableStore<E, S>
  close(): Promise<void>
}

const BUSY_MILLISECONDS = 5000

/**
 * Opens a database for reading. SQLite itself refuses every write, and nothing is created:
 * a file that is missing, or in which nothing has been created yet, is an account with nothing in it.
 * A database of an older schema is copied into memory and migrated there.
 * @throws DiagnosticError `store.*`
 */
export async function openReadableSqlite<E, S>(parts: OpenParts<E, S>): Promise<ReadableSqliteStore<E, S>> {
  const {
    file,
    account,
    shownAs = file,
    migrations = MIGRATIONS,
    busyMilliseconds = BUSY_MILLISECONDS,
  } = parts
  return describingFailures(shownAs, busyMilliseconds, () => {
    refuseOddFiles(file, shownAs)
    const kinds = new KindRegistry(parts.kinds, shownAs)
    const connection = openForReading(file, { account, shownAs, migrations, kinds })
    const damage = () => damageOf(connection, migrations, rulesOf(migrations.length, kinds), shownAs)
    const transactions = new Transactions(connection, { shownAs, busyMilliseconds, damage })
    const rows = new SqliteReadRows(connection, kinds)
    return {
      iam: { read: (work) => transactions.read(() => work(rows)) },
      journal: new SqliteJournalReader(connection, transactions),
      damage,
      close: () => transactions.close(() => undefined),
    }
  })
}

/**
 * Opens a database for writing, creates it (and its folder) if it is missing, and migrates it.
 *
 * WAL with `synchronous = NORMAL`: a committed transaction is in the operating system's hands, so that no kill of this
 * process loses it. A power loss can lose the last transactions, as a whole and from the end, never one in the middle,
 * and never the file. As the next plan is made from what is there, that is an apply that stopped earlier. What must not
 * be forgotten even then, the journal writes with `synchronous = FULL`.
 * @throws DiagnosticError `store.*`
 */
export async function openWritableSqlite<E, S>(parts: OpenParts<E, S>): Promise<WritableSqliteStore<E, S>> {
  const {
    file,
    account,
    shownAs = file,
    migrations = MIGRATIONS,
    busyMilliseconds = BUSY_MILLISECONDS,
  } = parts
  return describingFailures(shownAs, busyMilliseconds, () => {
    if (file !== MEMORY) createPrivately(file, shownAs)
    const kinds = new KindRegistry(parts.kinds, shownAs)
    const assertInPlace = file === MEMORY ? () => {} : stayingInPlace(file, shownAs)
    const connection = new Connection(file)
    closingOnFailure(connection, () => {
      assertTexts(connection, shownAs)
      // Before anything is changed: another program's file must stay as it is.
      readSchemaState(connection, shownAs)
      connection.exec('PRAGMA journal_mode = WAL')
      connection.exec(
        `PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KIBIBYTES}`,
      )
      migrate(connection, account, shownAs, migrations, kinds)
      // A page that is damaged is met in the middle of an apply otherwise.
      if (connection.pragma('quick_check(1)') !== 'ok') throw corrupt(shownAs, null)
    })
    const damage = () => damageOf(connection, migrations, rulesOf(migrations.length, kinds), shownAs)
    const transactions = new Transactions(connection, { shownAs, busyMilliseconds, damage, assertInPlace })
    const rows = new SqliteRows(connection, kinds)
    return {
      iam: {
        read: (work) => transactions.read(() => work(rows)),
        write: (work) => transactions.write(() => work(rows)),
      },
      journal: new SqliteJournal(connection, transactions, new Reserve(file === MEMORY ? null : file)),
      rootKeys: new SqliteRootKeys(connection, transactions),
      copy: (since) =>
        transactions.between(() => {
          const version = versionOf(connection)
          if (version === since) return null
          const copy = copyInMemory(connection, shownAs)
          const reads = new Transactions(copy, { shownAs, busyMilliseconds, damage: () => null })
          const copied = new SqliteReadRows(copy, kinds)
          return {
            version,
            iam: { read: (work) => reads.read(() => work(copied)) },
            close: () => reads.close(() => undefined),
          }
        }),
      damage,
      close: () => transactions.close(() => checkpoint(connection)),
    }
  })
}

const MEMORY = ':memory:'
const CACHE_KIBIBYTES = 32_768

/**
 * Moves the log into the database file, so that the file alone is the account. Not done: the log stays, nothing is lost.
 */
export function checkpoint(connection: Connection): void {
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // Somebody reads it just now.
  }
}

/** What a database is held against. */
interface Expected<E, S> {
  readonly account: Account
  readonly shownAs: string
  readonly migrations: readonly string[]
  readonly kinds: KindRegistry<E, S>
}

function openForReading<E, S>(file: string, against: Expected<E, S>): Connection {
  const { account, shownAs, migrations, kinds } = against
  const found = statOf(file)
  if (found === null || (found.isFile() && found.size === 0)) return emptyAccount(against)
  refuseCutOff(file, shownAs)
  const connection = connectReadOnly(file, shownAs)
  return closingOnFailure(connection, () => {
    assertTexts(connection, shownAs)
    const state = readSchemaState(connection, shownAs)
    if (state.kind === 'empty') {
      connection.close()
      return emptyAccount(against)
    }
    refuseNewer(state.version, migrations.length, shownAs)
    if (state.version === migrations.length) {
      assertShape(connection, migrations, shownAs)
      assertRows(connection, rulesOf(state.version, kinds), shownAs)
      refuseOtherAccount(connection, account, shownAs)
      return connection
    }
    const copy = migratedCopy(connection, against)
    connection.close()
    return copy
  })
}

function emptyAccount<E, S>({ account, shownAs, migrations, kinds }: Expected<E, S>): Connection {
  const connection = new Connection(MEMORY)
  return closingOnFailure(connection, () => {
    migrate(connection, account, shownAs, migrations, kinds)
    connection.exec('PRAGMA query_only = ON')
    return connection
  })
}

/** By other connections, and by this one. @see sqlite.org, "PRAGMA data_version", "total_changes()" */
const versionOf = (connection: Connection): string =>
  `${String(connection.pragma('data_version'))}:${String(connection.first<{ readonly count: number }>('SELECT total_changes() AS count')?.count)}`

/** @throws DiagnosticError `store.corrupt` */
function copyInMemory(original: Connection, shownAs: string): Connection {
  // A shared cache is one by its name in the whole process, while each of its threads would count from 1.
  const location = `file:iam-sync-copy-${randomUUID()}?mode=memory&cache=shared`
  const copy = new Connection(location)
  return closingOnFailure(copy, () => {
    copyInto(original, location, shownAs)
    return copy
  })
}

function migratedCopy<E, S>(
  original: Connection,
  { account, shownAs, migrations, kinds }: Expected<E, S>,
): Connection {
  const copy = copyInMemory(original, shownAs)
  return closingOnFailure(copy, () => {
    migrate(copy, account, shownAs, migrations, kinds)
    copy.exec('PRAGMA query_only = ON')
    return copy
  })
}

function copyInto(original: Connection, location: string, shownAs: string): void {
  try {
    original.exec(`VACUUM INTO '${location}'`)
  } catch (error) {
    // A row that its own table wouldn't take: a page that holds it is damaged.
    throw sqliteFailure(error)?.code === CONSTRAINT ? corrupt(shownAs, null) : error
  }
}

/** Only its owner may read what an account holds; SQLite gives its log the same permissions. */
export function createPrivately(file: string, shownAs: string): void {
  try {
    refuseOddFiles(file, shownAs)
    refuseCutOff(file, shownAs)
    makeFolder(dirname(file))
    closeSync(openSync(file, 'a', 0o600))
  } catch (error) {
    throw fileError(error, shownAs, 'write')
  }
}

/** One folder after the other: where none can be made (`/proc`), Node's recursive way doesn't come to an end. */
function makeFolder(folder: string): void {
  if (statOf(folder) !== null) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (statOf(folder)?.isDirectory() !== true) throw error
  }
}

function statOf(file: string): Stats | null {
  return statSync(file, { throwIfNoEntry: false }) ?? null
}

export async function describingFailures<T>(
  shownAs: string,
  busyMilliseconds: number,
  work: () => T,
): Promise<T> {
  try {
    return await waitingWhileBusy(busyMilliseconds, work)
  } catch (error) {
    throw storeError(fileError(error, shownAs, 'read'), shownAs)
  }
}

/** What the file system said, in our words; anything else as it is. */
function fileError(error: unknown, shownAs: string, wanted: 'read' | 'write'): unknown {
  const { code } = error as { readonly code?: unknown }
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return wanted === 'read'
        ? failed(
            'store.cannot-open',
            `the database \`${shownAs}\` can't be read`,
            'make the file and its folder readable for you',
          )
        : failed(
            'store.read-only',
            `the database \`${shownAs}\` can't be written`,
            'make the file and its folder writable for you',
          )
    case 'EROFS':
      return failed(
        'store.read-only',
        `the database \`${shownAs}\` is on a file system that can't be written`,
        'name another place as `target.database` in iam-sync.yaml',
      )
    case 'ENOENT':
    case 'ELOOP':
      return failed(
        'store.cannot-open',
        `the database \`${shownAs}\` can't be created`,
        'check that it is not a link to a folder that does not exist',
      )
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
      return failed(
        'store.not-a-database',
        `\`${shownAs}\` is not a file in a folder`,
        'check `target.database` in iam-sync.yaml',
      )
    default:
      return error
  }
}
