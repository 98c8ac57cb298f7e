import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** A git repository, found by its `.git`. */
export interface Repository {
  /** Absolute: the folder that holds `.git`. */
  readonly root: string
  /** Absolute: where this working tree's `HEAD` is. */
  readonly gitdir: string
  /** Absolute: where objects and branches are. Other than `gitdir` in a linked worktree. */
  readonly commondir: string
}

/** Looks for `.git` from a folder upwards. A `.git` file (a submodule, a linked worktree) is followed. */
export function findRepository(folder: string): Repository | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const gitdir = gitdirOf(join(at, '.git'))
    if (gitdir !== null) return { root: at, gitdir, commondir: commondirOf(gitdir) }
    if (dirname(at) === at) return null
  }
}

function gitdirOf(dotGit: string): string | null {
  const stats = statSync(dotGit, { throwIfNoEntry: false })
  if (stats === undefined) return null
  if (stats.isDirectory()) return statSync(join(dotGit, 'HEAD'), { throwIfNoEntry: false }) ? dotGit : null
  const target = /^gitdir: (.+)$/m.exec(textOf(dotGit) ?? '')?.[1]?.trim()
  return target === undefined ? null : resolve(dirname(dotGit), target)
}

function commondirOf(gitdir: string): string {
  const common = textOf(join(gitdir, 'commondir'))?.trim()
  return common === undefined || common === '' ? gitdir : resolve(gitdir, common)
}

/** @returns null when the file isn't there or can't be read */
export function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
