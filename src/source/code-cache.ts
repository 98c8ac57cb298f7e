import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { PROJECT_FILE } from '../model/project-file.ts'
import { realFolder, userCachePlace } from './cache-place.ts'
import { prepareOwnFolder } from './own-folder.ts'

const DAY = 24 * 60 * 60 * 1000
/** How long the code of a build stays that isn't run any more. A build that is run again compiles again. */
const KEPT_OF_OTHER_BUILDS = 30 * DAY

/**
 * Has Node keep the code that it compiles in the user's cache folder, where there is to be one: by the rules of the parse
 * cache. What stands there is run as it is, so a folder that others can write to is not used, nor one in a repository or a
 * project, which has whatever somebody committed.
 * @param build stands for the code: each has a folder of its own, and the first run of one takes old ones away
 * @param enable Node's `enableCompileCache`; what it can't write it does without
 * @see Node.js, module.enableCompileCache
 */
export function keepCompiledCode(
  build: string,
  enable: (folder: string) => unknown,
  clock: () => number = Date.now,
): void {
  const place = userCachePlace()
  if (place === null || isInProject(place)) return
  const all = join(place, 'code-v1')
  const folder = join(all, build)
  const isNew = !existsSync(folder)
  if (![place, all, folder].every(prepareOwnFolder)) return
  if (isNew) forgetOthers(all, build, clock())
  enable(folder)
}

function isInProject(place: string): boolean {
  for (let at = realFolder(resolve(place)); ; at = dirname(at)) {
    if (existsSync(join(at, '.git')) || existsSync(join(at, PROJECT_FILE))) return true
    if (dirname(at) === at) return false
  }
}

/** @param now milliseconds since the epoch */
function forgetOthers(all: string, build: string, now: number): void {
  try {
    for (const name of readdirSync(all)) {
      if (name === build || !/^[0-9a-f]{12}$/.test(name)) continue
      const other = join(all, name)
      if (now - lstatSync(other).mtimeMs > KEPT_OF_OTHER_BUILDS)
        rmSync(other, { recursive: true, force: true })
    }
  } catch {
    // Another process does the same, or nothing can be removed: the next new build tries again.
  }
}
