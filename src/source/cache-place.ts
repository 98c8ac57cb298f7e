import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'

/** What decides where the cache is. */
interface CacheSurroundings {
  readonly env: Readonly<Partial<Record<string, string>>>
  readonly platform: NodeJS.Platform
  /** The user's home folder; null: there is none. */
  readonly home: string | null
}

/** Where the cache of whoever runs this is; null: there is to be none. */
export const userCachePlace = (): string | null =>
  cachePlace({ env: process.env, platform: process.platform, home: homeFolder() })

function homeFolder(): string | null {
  try {
    return homedir()
  } catch {
    // A container's user may have a number and no home.
    return null
  }
}

/**
 * The folder of the user's cache, or null where there is to be none: `IAM_SYNC_CACHE=off`, no home, and in CI, where
 * a cache would be written for nobody. `IAM_SYNC_CACHE=DIR` names another folder, in CI too.
 * @see XDG Base Directory Specification: a relative `XDG_CACHE_HOME` is invalid and ignored
 */
export function cachePlace({ env, platform, home }: CacheSurroundings): string | null {
  const named = env.IAM_SYNC_CACHE ?? ''
  if (named === 'off') return null
  if (named !== '') return resolve(named)
  if (!['', '0', 'false'].includes((env.CI ?? '').toLowerCase())) return null
  const xdg = env.XDG_CACHE_HOME ?? ''
  if (isAbsolute(xdg)) return join(xdg, 'iam-sync')
  const local = env.LOCALAPPDATA ?? ''
  if (platform === 'win32') return isAbsolute(local) ? join(local, 'iam-sync', 'cache') : null
  if (home === null || !isAbsolute(home)) return null
  return platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'iam-sync')
    : join(home, '.cache', 'iam-sync')
}

/**
 * Whether a folder, which need not be there yet, is within another, links resolved. A cache in a repository would be
 * whatever the repository says it is.
 */
export function isWithin(folder: string, outer: string): boolean {
  const real = realFolder(resolve(folder))
  const boundary = realFolder(resolve(outer))
  return real === boundary || real.startsWith(boundary.endsWith(sep) ? boundary : boundary + sep)
}

/** The path with all links resolved, as far as it is there. */
export function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    const parent = dirname(folder)
    return parent === folder ? folder : join(realFolder(parent), basename(folder))
  }
}
