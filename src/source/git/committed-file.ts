import { realpathSync } from 'node:fs'
import { posix, relative, sep } from 'node:path'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { CommitView } from './commit-view.ts'
import { gitFailureText, gitUnreadable } from './git-problems.ts'
import { ObjectStore } from './object-store.ts'
import { refuseLongRef } from './ref-length.ts'
import { findRepository } from './repository.ts'

/**
 * One file as a commit has it.
 * @param ref a branch, a tag, a commit, `HEAD`, each with `~N` or `^` after it
 * @param path from the top of the repository; with `./` or `../` before it, from `folder`, as git takes it
 * @throws DiagnosticError `git.no-repository`, `git.unknown-ref`, `git.file-not-in-commit`, `git.unreadable`
 */
export async function readCommittedFile(folder: string, ref: string, path: string): Promise<Uint8Array> {
  refuseLongRef(ref)
  const repository = findRepository(folder)
  if (repository === null)
    throw new DiagnosticError(
      errorOf({
        code: 'git.no-repository',
        message: `\`${folder}\` is not in a git repository`,
        help: 'name a file in place of a commit',
      }),
    )
  try {
    const store = new ObjectStore(repository)
    const commit = await store.resolve(ref)
    const inside = relative(realpathSync(repository.root), realpathSync(folder)).split(sep).join('/')
    const from = posix.normalize(/^\.{1,2}\//.test(path) ? posix.join(inside, path) : path)
    const entry = await new CommitView(store, await store.rootTree(commit)).entryAt(from)
    if (entry?.type === 'blob') return await store.blob(entry.oid)
    throw new DiagnosticError(
      errorOf({
        code: 'git.file-not-in-commit',
        message: `\`${from}\` is not a file in the commit ${commit.slice(0, 12)} (\`${ref}\`)`,
        help: 'paths are from the top of the repository; begin with `./` for one from the current folder',
      }),
    )
  } catch (error) {
    if (error instanceof DiagnosticError) throw error
    throw gitUnreadable(gitFailureText(error))
  }
}
