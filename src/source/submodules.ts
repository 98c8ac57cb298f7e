import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { ObjectStore } from './object-store.ts'
import { findRepository } from './repository.ts'
import { isSkippedName, isSourceName } from './source-files.ts'
import { joined } from './source-walk.ts'

/**
 * The source files of a submodule as a commit records it, as far as they can be told from where it is checked out.
 * @param folder where that is, absolute
 * @returns paths relative to the submodule; null: the recorded commit isn't here
 */
export async function sourcesOfSubmodule(folder: string, commit: string): Promise<readonly string[] | null> {
  if (lstatSync(join(folder, '.git'), { throwIfNoEntry: false }) === undefined) return null
  const repository = findRepository(folder)
  if (repository === null) return null
  const found: string[] = []
  const look = async (store: ObjectStore, oid: string, at: string): Promise<boolean> => {
    for (const entry of await store.tree(oid)) {
      if (isSkippedName(entry.path)) continue
      const path = joined(at, entry.path)
      if (entry.type === 'tree' && !(await look(store, entry.oid, path))) return false
      if ((entry.type === 'blob' || entry.type === 'link') && isSourceName(entry.path)) found.push(path)
      if (entry.type === 'commit') {
        const nested = await sourcesOfSubmodule(join(folder, path), entry.oid)
        if (nested === null) return false
        found.push(...nested.map((each) => joined(path, each)))
      }
    }
    return true
  }
  try {
    const store = new ObjectStore(repository)
    return (await look(store, await store.rootTree(commit), '')) ? found : null
  } catch {
    // Not fetched yet, or damaged: it can't be told.
    return null
  }
}
