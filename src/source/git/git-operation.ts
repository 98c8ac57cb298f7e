import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { findRepository } from './repository.ts'

/** By what git keeps in its folder while it is in the middle of something. @see git's `wt-status.c` */
const OPERATIONS = [
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['MERGE_HEAD', 'a merge'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  // Between the commits of a cherry-pick or revert of several.
  ['sequencer', 'a cherry-pick or revert'],
  ['BISECT_LOG', 'a bisection'],
] as const

/**
 * What git is in the middle of: the working tree of a folder's repository is then no state that somebody chose.
 * @returns in words, `a rebase`; null: nothing, or no repository
 */
export function operationUnderWay(folder: string): string | null {
  const repository = findRepository(folder)
  if (repository === null) return null
  const found = OPERATIONS.find(
    ([name]) => lstatSync(join(repository.gitdir, name), { throwIfNoEntry: false }) !== undefined,
  )
  return found?.[1] ?? null
}
