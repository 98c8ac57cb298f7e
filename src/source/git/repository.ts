import { type Stats, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { OddFileError, oddKindOf, readRegularFile } from '../regular-file.ts'
import { gitUnreadable } from './git-problems.ts'

/** A git repository, found by its `.git`. */
export interface Repository {
  /** Absolute: the folder that holds `.git`. */
  readonly root: string
  /** Absolute: where this working tree's `HEAD` is. */
  readonly gitdir: string
  /** Absolute: where objects and branches are. Other than `gitdir` in a linked worktree. */
  readonly commondir: string
}

/**
 * Looks for `.git` from a folder upwards. A `.git` file (a submodule, a linked worktree) is followed.
 * @throws DiagnosticError `git.unreadable` when one of git's own files is a FIFO, a socket or a device
 */
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
  if (oddKindOf(stats) !== null) throw gitUnreadable(`\`${dotGit}\` is ${oddKindOf(stats)}`)
  const target = /^gitdir: (.+)$/m.exec(blobText(dotGit) ?? '')?.[1]?.trim()
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
  const common = blobText(join(gitdir, 'commondir'))?.trim()
  return common === undefined || common === '' ? gitdir : resolve(gitdir, common)
}

/**
 * A setting of a repository's own configuration, in lowercase; the last one counts. Files that it includes are not read.
 * @param section as `core`, or a pattern
 */
export function settingOf({ gitdir, commondir }: Repository, section: string, name: string): string | null {
  let found: string | null = null
  for (const file of [join(commondir, 'config'), join(gitdir, 'config.worktree')]) {
    let isWithin = false
    for (const line of (blobText(file) ?? '').split('\n')) {
      const header = /^\s*\[\s*([^\s"\]]+)/.exec(line)?.[1]?.toLowerCase()
      if (header !== undefined) isWithin = new RegExp(`^(?:${section})$`).test(header)
      const setting = /^(?:\s*\[[^\]]*\])?\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*?))?\s*$/.exec(line)
      if (isWithin && setting?.[1]?.toLowerCase() === name) found = (setting[2] ?? 'true').toLowerCase()
    }
  }
  return found
}

/**
 * What a repository says of its objects or branches that nothing here can read.
 * @returns as it stands in the configuration; null: nothing
 */
export function unsupportedFormat({ commondir }: Repository): string | null {
  const config = blobText(join(commondir, 'config')) ?? ''
  const found = /^\s*(objectformat\s*=\s*(?!sha1\b)\S+|refstorage\s*=\s*(?!files\b)\S+)/im.exec(config)
  return found?.[1]?.replace(/\s+/g, ' ') ?? null
}

/**
 * The text of one of git's own files.
 * @returns null when the file isn't there or can't be read
 * @throws DiagnosticError `git.unreadable` when it is a FIFO, a socket or a device
 */
export function blobText(file: string): string | null {
  try {
    return readRegularFile(file, 'followed').toString('utf8')
  } catch (error) {
    if (error instanceof OddFileError && error.kind !== 'a folder')
      throw gitUnreadable(`\`${file}\` is ${error.kind}`)
    return null
  }
}
