import { linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Account } from '../../../model/index.ts'
import type { StoreKinds } from '../../store-kind.ts'
import { failed } from '../failures.ts'
import { refuseAccount } from '../schema/schema.ts'
import { copyDatabase, describing, fileFailure, type Held, isThere, sync } from './copy.ts'
import { refuseCutOff, refuseOddFiles } from './own-files.ts'

/** Where something is, absolute, and how messages call it. */
export interface NamedFile {
  readonly path: string
  readonly shownAs: string
}

/**
 * Copies an account's database into a new file: consistent, however busy it is. Nothing is at `backup` until all of it is.
 * @param account whose it must be: a copy under another name could not be put back
 * @param kinds all that a database may hold
 * @returns what it holds, and its size in bytes
 * @throws DiagnosticError `store.*`; `store.nothing-applied` when there is no database yet
 */
export function backUp<E, S>(
  database: NamedFile,
  backup: NamedFile,
  account: Account,
  kinds: StoreKinds<E, S>,
): Held & { readonly bytes: number } {
  if (describing(backup.shownAs, () => isThere(backup.path)))
    throw fileFailure({ code: 'EEXIST' }, backup.shownAs)
  const found = describing(database.shownAs, () => {
    refuseOddFiles(database.path, database.shownAs)
    return statSync(database.path, { throwIfNoEntry: false })
  })
  if (found === undefined || found.size === 0)
    throw failed(
      'store.nothing-applied',
      `there is no database \`${database.shownAs}\` yet`,
      '`iam-sync apply` makes it; check `target.database` in iam-sync.yaml if it should be there',
    )
  describing(database.shownAs, () => refuseCutOff(database.path, database.shownAs))
  const partial = `${backup.path}.${process.pid}.partial`
  const held = copyDatabase(database.path, database.shownAs, partial, backup.shownAs, kinds)
  try {
    refuseAccount(held.account, account, database.shownAs)
    const bytes = statSync(partial).size
    place(partial, backup.path)
    sync(dirname(backup.path))
    return { ...held, bytes }
  } catch (error) {
    throw fileFailure(error, backup.shownAs)
  } finally {
    removePartial(partial)
  }
}

/** By then the backup is in place, or what failed is known. */
function removePartial(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {}
}

/** Gives a file its name, unless somebody else has taken it meanwhile: renaming would overwrite that. */
function place(file: string, name: string): void {
  try {
    linkSync(file, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    // Not every file system has links.
    renameSync(file, name)
  }
}
