import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { corrupt, failed } from '../failures.ts'

/** What SQLite and the lock keep beside a database. */
const BESIDE = ['-wal', '-shm', '-journal', '-reserve', '.lock', '.lock-journal'] as const

/**
 * Refuses a database that is a link to nothing: a volume that isn't mounted is no empty account. And whatever stands, under
 * the names of files that SQLite keeps beside it, and is no file: through a link another file would be overwritten, and a
 * FIFO is waited for.
 * @throws DiagnosticError `store.cannot-open`, `store.not-a-database`, `store.odd-file`
 */
export function refuseOddFiles(database: string, shownAs: string): void {
  if (leadsNowhere(database))
    throw failed(
      'store.cannot-open',
      `the database \`${shownAs}\` is behind a link that leads nowhere`,
      'check that what it leads to is there: a volume that is mounted, for example',
    )
  const found = statSync(database, { throwIfNoEntry: false })
  if (found !== undefined && !found.isFile())
    throw failed(
      'store.not-a-database',
      `\`${shownAs}\` is not a file`,
      'check `target.database` in iam-sync.yaml',
    )
  const real = found === undefined ? database : realpathSync(database)
  for (const suffix of BESIDE) {
    const beside = entryAt(real + suffix)
    if (beside !== null && !beside.isFile())
      throw failed(
        'store.odd-file',
        `\`${basename(real)}${suffix}\`, beside the database \`${shownAs}\`, is not a file`,
        'remove it: the database keeps a file of its own by that name',
      )
  }
}

/** How each database begins. @see sqlite.org, "Database File Format" */
const MAGIC = 'SQLite format 3\0'

/**
 * Refuses a file that is shorter than how a database begins. SQLite takes one byte for an empty database, and a few for
 * something else.
 * @throws DiagnosticError `store.corrupt`, `store.not-a-database`
 */
export function refuseCutOff(database: string, shownAs: string): void {
  const size = statSync(database, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0 || size >= MAGIC.length) return
  throw MAGIC.startsWith(readFileSync(database, 'latin1'))
    ? corrupt(shownAs, 'it is cut off after its first bytes')
    : failed(
        'store.not-a-database',
        `\`${shownAs}\` is not a database`,
        'check `target.database` in iam-sync.yaml',
      )
}

function leadsNowhere(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return false
  if (entryAt(path) !== null) return true
  return dirname(path) !== path && leadsNowhere(dirname(path))
}

/** Itself, not what it leads to. */
const entryAt = (path: string): Stats | null => lstatSync(path, { throwIfNoEntry: false }) ?? null
