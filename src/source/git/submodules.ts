import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { DiagnosticError } from '../../diagnostics/index.ts'
import { isSkippedName, isSourceName } from '../source-files.ts'
import { MOST_FOUND, TOO_MANY_PATHS } from '../walk/path-bounds.ts'
import { joined } from '../walk/source-walk.ts'
import { ObjectStore } from './object-store.ts'
import { findRepository } from './repository.ts'

/**
 * The source files of a submodule as a commit records it, as far as they can be told from where it is checked out.
 * @param folder where that is, absolute
 * @returns paths relative to the submodule; null: the recorded commit isn't here, or has more than is looked at
 */
export async function sourcesOfSubmodule(
  folder: string,
  commit: string,
  most: number = MOST_FOUND.entries,
): Promise<readonly string[] | null> {
  return sourcesIn(folder, commit, { left: most })
}

/** @param bound how many names may still be looked at, in submodules of submodules too */
async function sourcesIn(
  folder: string,
  commit: string,
  bound: { left: number },
): Promise<readonly string[] | null> {
  if (lstatSync(join(folder, '.git'), { throwIfNoEntry: false }) === undefined) return null
  const repository = findRepository(folder)
  if (repository === null) return null
  const found: string[] = []
  const look = async (store: ObjectStore, oid: string, at: string): Promise<boolean> => {
    const entries = await store.tree(oid)
    bound.left -= entries.length
    if (bound.left < 0) throw new DiagnosticError(TOO_MANY_PATHS)
    for (const entry of entries) {
      if (isSkippedName(entry.path)) continue
      const path = joined(at, entry.path)
      if (entry.type === 'tree' && !(await look(store, entry.oid, path))) return false
      if ((entry.type === 'blob' || entry.type === 'link') && isSourceName(entry.path)) found.push(path)
      if (entry.type === 'commit') {
        const nested = await sourcesIn(join(folder, path), entry.oid, bound)
        if (nested === null) return false
        for (const each of nested) found.push(joined(path, each))
      }
    }
    return true
  }
  try {
    const store = new ObjectStore(repository)
    return (await look(store, await store.rootTree(commit), '')) ? found : null
  } catch {
    // Not fetched yet, damaged, or too much: it can't be told.
    return null
  }
}
