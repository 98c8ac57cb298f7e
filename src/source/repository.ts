import { readFileSync, type Stats, statSync } from 'node:fs'
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
  const stats = statOf(dotGit)
  if (stats === null) return null
  if (stats.isDirectory()) return statOf(join(dotGit, 'HEAD')) === null ? null : dotGit
  const target = /^gitdir: (.+)$/m.exec(textOf(dotGit) ?? '')?.[1]?.trim()
  return target === undefined ? null : resolve(dirname(dotGit), target)
}

/** @returns null when it isn't there or may not be looked at: then whoever reads the folder says so */
function statOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    return null
  }
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
