import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { systemFailure } from '../../diagnostics/system-failure.ts'

/** SQLite's primary result codes that mean something to a user. @see sqlite.org, "Result and Error Codes" */
/** A statement that can't be: no such table, no such column. */
export const ERROR = 1
const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
/** A row that a table doesn't take. */
export const CONSTRAINT = 19
const AUTH = 23
const NOTADB = 26
const PERM = 3

interface SqliteFailure {
  readonly code: number
  readonly message: string
}

/**
 * The primary result code of an error that libsql threw, or null if it is none of SQLite's.
 * A failed opening has its code in the message only: `ConnectionFailed("…: 14")`.
 */
export function sqliteFailure(error: unknown): SqliteFailure | null {
  if (!(error instanceof Error)) return null
  const { rawCode } = error as { readonly rawCode?: unknown }
  const extended =
    typeof rawCode === 'number'
      ? rawCode
      : Number(/ConnectionFailed\(.*: (\d+)"\)$/s.exec(error.message)?.[1])
  if (!Number.isInteger(extended)) return null
  // The low byte of an extended code is the primary one.
  return { code: extended & 0xff, message: error.message }
}

export const isBusy = (error: unknown): boolean => {
  const code = sqliteFailure(error)?.code
  return code === BUSY || code === LOCKED
}

export const isCannotOpen = (error: unknown): boolean => sqliteFailure(error)?.code === CANTOPEN

export const isReadOnly = (error: unknown): boolean => sqliteFailure(error)?.code === READONLY

/** What a user can be told of a failure of the database, or the error itself when it is a defect of ours. */
export function storeError(error: unknown, file: string): unknown {
  const failure = sqliteFailure(error)
  if (failure === null) return systemError(error, file)
  switch (failure.code) {
    case BUSY:
    case LOCKED:
      return failed(
        'store.locked',
        `the database \`${file}\` is locked by another process`,
        'wait until it is done, then run this again',
      )
    case READONLY:
      return failed(
        'store.read-only',
        `the database \`${file}\` can't be written`,
        'make the file and its folder writable for you',
      )
    case CORRUPT:
      return corrupt(file, null)
    case NOTADB:
      return failed(
        'store.not-a-database',
        `\`${file}\` is not a database`,
        'check `target.database` in iam-sync.yaml',
      )
    case FULL:
      return diskFull(file)
    case IOERR:
      return failed(
        'store.io',
        `reading or writing the database \`${file}\` failed`,
        'check the disk, and that the file is not on a network share',
      )
    case CANTOPEN:
    case PERM:
    case AUTH:
      return failed(
        'store.cannot-open',
        `the database \`${file}\` can't be opened`,
        'check that it is a file, and that you may read it and its folder',
      )
    default:
      return error
  }
}

/** What the system said of a file that this program itself opens or writes: the lock, the reserve, a copy. */
function systemError(error: unknown, file: string): unknown {
  const failure = systemFailure(error)
  if (failure === null) return error
  switch (failure.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(file)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failed(
        'store.read-only',
        `the database \`${file}\`, or a file beside it, can't be written: ${failure.text}`,
        'make the file and its folder writable for you',
      )
    case 'EFBIG':
      return failed(
        'store.io',
        `writing the database \`${file}\` failed: ${failure.text}`,
        'raise the limit of how large a file may be (`ulimit -f`), or use another file system',
      )
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
      return failed(
        'store.io',
        `reading or writing the database \`${file}\` failed: ${failure.text}`,
        'raise the limits of this process or machine (`ulimit -a`), or have less running beside it',
      )
    default:
      return failed(
        'store.io',
        `reading or writing the database \`${file}\` failed: ${failure.text}`,
        'check the disk, and that the file is not on a network share',
      )
  }
}

/** @param what in a few words, if more is known */
export const corrupt = (file: string, what: string | null): DiagnosticError =>
  failed(
    'store.corrupt',
    `the database \`${file}\` is damaged${what === null ? '' : `: ${what}`}`,
    'restore a backup (`iam-sync restore`), or move the file away and apply again',
  )

const diskFull = (file: string): DiagnosticError =>
  failed(
    'store.disk-full',
    `there is no room left to write the database \`${file}\``,
    'make room on the disk, then run this again',
  )

export const failed = (code: string, message: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code, message, help }))
