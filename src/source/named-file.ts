import { realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { Diagnostic } from '../diagnostics/index.ts'
import { blobText, findRepository } from './git/repository.ts'
import { answerNow } from './walk/asking.ts'
import { DiskView } from './walk/disk-view.ts'
import { SourceWalk } from './walk/source-walk.ts'

/**
 * What is wrong with a file that somebody names by hand, if it is a link that a repository brought along: it may lead to
 * what a manifest may lead to. A link that is in no repository is the user's own.
 * @param path relative to the current folder
 * @returns null also when there is nothing: whoever reads it says so
 * @throws DiagnosticError `git.unreadable`
 */
export function hiddenLink(path: string): Diagnostic | null {
  const absolute = resolve(path)
  const repository = findRepository(dirname(absolute))
  if (repository === null) return null
  const root = realpathSync(repository.root)
  const folder = relative(repository.root, dirname(absolute))
  const walk = new SourceWalk('', blobText(join(repository.commondir, 'info/exclude')))
  const inRepository = join(folder, basename(absolute)).split(sep).join('/')
  return answerNow(walk.linkProblem(path, inRepository), new DiskView(root, repository, '', () => {}))
}
