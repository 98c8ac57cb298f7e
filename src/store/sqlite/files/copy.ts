import { closeSync, fsyncSync, lstatSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { StoreKinds } from '../../store-kind.ts'
import { Connection } from '../connection.ts'
import { corrupt, failed, storeError } from '../failures.ts'
import { assertNotLater, assertShape, assertTexts, damageOf } from '../schema/damage.ts'
import { KindRegistry } from '../schema/kind-registry.ts'
import { rulesOf } from '../schema/kind-rules.ts'
import { MIGRATIONS } from '../schema/migrations.ts'
import { accountIn, readSchemaState, refuseNewer } from '../schema/schema.ts'
import { readOnlyUri } from './location.ts'
import { connectReadOnly } from './read-only.ts'

/** What a file turns out to hold. */
export interface Held {
  readonly account: { readonly id: string; readonly partition: string }
  readonly schema: number
  /** When the newest entry of its journal began, ISO 8601 UTC; null: it has none. */
  readonly newest: string | null
}

/**
 * Copies a database as it is at one moment, whoever is writing to it, into a new file that only its owner may read. The copy
 * is looked at as a whole, and on the disk when this returns.
 * @param file an absolute path
 * @param copy an absolute path where nothing is; on a failure nothing is there again
 * @throws DiagnosticError `store.*`, told of `shownAs` when `file` is to blame, and of `copyShownAs` when the copy is
 */
export function copyDatabase<E, S>(
  file: string,
  shownAs: string,
  copy: string,
  copyShownAs: string,
  kinds: StoreKinds<E, S>,
): Held {
  const held = describing(shownAs, () => {
    const connection = connectReadOnly(file, shownAs)
    try {
      const found = heldBy(connection, shownAs, kinds)
      makeEmpty(copy, copyShownAs)
      try {
        connection.run('VACUUM INTO ?', copy)
      } catch (error) {
        rmSync(copy, { force: true })
        throw storeError(error, copyShownAs)
      }
      return found
    } finally {
      connection.close()
    }
  })
  try {
    describing(copyShownAs, () => {
      assertSound(copy, copyShownAs)
      sync(copy)
      sync(dirname(copy))
    })
  } catch (error) {
    rmSync(copy, { force: true })
    throw error
  }
  return held
}

/** @throws DiagnosticError `store.*` when a file is no database of an account that this version can read */
export function heldBy<E, S>(connection: Connection, shownAs: string, kinds: StoreKinds<E, S>): Held {
  assertTexts(connection, shownAs)
  const state = readSchemaState(connection, shownAs)
  if (state.kind === 'empty')
    throw failed('store.not-ours', `\`${shownAs}\` is an empty database`, 'name a file that `backup` made')
  refuseNewer(state.version, MIGRATIONS.length, shownAs)
  const own = MIGRATIONS.slice(0, state.version)
  assertNotLater(connection, MIGRATIONS, state.version, shownAs)
  assertShape(connection, own, shownAs)
  const rules = rulesOf(state.version, new KindRegistry(kinds, shownAs))
  const damage = damageOf(connection, own, rules, shownAs)
  if (damage !== null) throw damage
  const newest = connection.first<{ readonly time: string }>(
    'SELECT time FROM journal ORDER BY sequence DESC',
  )
  return { account: accountIn(connection, shownAs), schema: state.version, newest: newest?.time ?? null }
}

function assertSound(file: string, shownAs: string): void {
  const connection = new Connection(readOnlyUri(file, '&immutable=1'))
  try {
    if (connection.pragma('quick_check(1)') !== 'ok') throw corrupt(shownAs, null)
  } finally {
    connection.close()
  }
}

/** `VACUUM INTO` takes an empty file, which this way is private from the start. */
function makeEmpty(file: string, shownAs: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    throw fileFailure(error, shownAs)
  }
}

/** What is written before this stays, whatever happens to the power. A folder can't be synced everywhere. */
export function sync(path: string): void {
  const isFolder = statSync(path).isDirectory()
  if (isFolder && process.platform === 'win32') return
  const descriptor = openSync(path, isFolder ? 'r' : 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** What the file system said of a file that is not a project's database. */
export function fileFailure(error: unknown, shownAs: string): unknown {
  const { code } = error as { readonly code?: unknown }
  switch (code) {
    case 'EEXIST':
      return failed(
        'store.exists',
        `\`${shownAs}\` is there already`,
        'name a file that does not exist yet, or remove that one',
      )
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EISDIR':
    case 'ERR_FS_EISDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return failed(
        'store.cannot-open',
        `\`${shownAs}\` can't be ${code === 'ENOENT' || code === 'ENOTDIR' ? 'found or made' : 'read or written'}`,
        'check that it is a file, that its folder is there, and that you may use both',
      )
    default:
      return storeError(error, shownAs)
  }
}

/** Does something with a file that is not a project's database. */
export function describing<T>(shownAs: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw fileFailure(error, shownAs)
  }
}

/** Whether there is anything at a path, a link into nowhere too. */
export const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined
