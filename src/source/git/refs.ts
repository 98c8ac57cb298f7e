import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { blobText, findRepository, type Repository } from './repository.ts'

/**
 * The branches and tags of the repository that a folder is in, by their short names, and `HEAD`. For completion: what
 * can't be read is left out.
 */
export function refNames(folder: string): readonly string[] {
  try {
    const repository = findRepository(folder)
    return repository === null ? [] : namesIn(repository)
  } catch {
    return []
  }
}

function namesIn(repository: Repository): readonly string[] {
  const names = new Set<string>(['HEAD'])
  for (const kind of KINDS)
    for (const name of looseRefs(join(repository.commondir, 'refs', kind), '')) names.add(name)
  const packed = blobText(join(repository.commondir, 'packed-refs')) ?? ''
  for (const [, name = ''] of packed.matchAll(/^[0-9a-f]{40,64} refs\/(?:heads|tags|remotes)\/(.+)$/gm))
    names.add(name)
  return [...names].sort()
}

const KINDS = ['heads', 'tags', 'remotes']

function looseRefs(folder: string, at: string): readonly string[] {
  try {
    return readdirSync(join(folder, at), { withFileTypes: true }).flatMap((entry) => {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      return entry.isDirectory() ? looseRefs(folder, path) : [path]
    })
  } catch {
    return []
  }
}
