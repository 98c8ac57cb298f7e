import { lstatSync, realpathSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { DiagnosticError, errorOf } from '../diagnostics/index.ts'
import { PROJECT_FILE } from '../model/project-file.ts'
import { absencesOf } from './git/absences.ts'
import { blobText, findRepository } from './git/repository.ts'
import { readRegularFile } from './regular-file.ts'
import { manifestsFirst, SourceCollector, type SourceFiles } from './source-files.ts'
import { answerNow } from './walk/asking.ts'
import { DiskView } from './walk/disk-view.ts'
import { IgnoreRules } from './walk/ignore-rules.ts'
import { codeOf, unreadable } from './walk/source-problems.ts'
import { joined, SourceWalk } from './walk/source-walk.ts'

/**
 * Reads the IAM folder from disk: every `.yaml`, `.yml` and `.json` file under it, but for names that begin with a dot,
 * `node_modules` and what git ignores. Links are followed to what would be read by itself. What git knows of the folder and
 * the disk lacks on purpose (a sparse checkout, a submodule) is an error, not absent.
 * @throws DiagnosticError when the folder is not there, is none, or can't be listed; `git.unreadable`
 */
export function readDirectory(folder: string): SourceFiles {
  const root = folderOnDisk(folder)
  const collector = new SourceCollector()
  const repository = findRepository(root)
  const boundary = repository === null ? root : realpathSync(repository.root)
  const inside = slashed(relative(boundary, root))
  const view = new DiskView(boundary, repository, inside, (problem) => collector.report(problem))
  const walk = new SourceWalk(
    inside,
    repository === null ? null : blobText(join(repository.commondir, 'info/exclude')),
  )
  const found = answerNow(walk.run(), view)
  for (const { path, problem } of found.problems) collector.refuse(path, problem)
  for (const { path, problem } of absencesOf(boundary, view, walk, found, inside))
    collector.refuse(path, problem)
  for (const [file, path] of manifestsFirst(found.files)) read(join(boundary, path), file, collector)
  const projectFile = view.typeOf(joined(inside, PROJECT_FILE))
  return collector.result(projectFile !== null && projectFile !== 'folder')
}

/** The ignore rules that hold at the top of an IAM folder: those of the repository's root down to the folder itself. */
export function rulesFor(root: string, boundary: string): IgnoreRules {
  let rules = new IgnoreRules()
  const exclude = blobText(
    join(findRepository(boundary)?.commondir ?? join(boundary, '.git'), 'info/exclude'),
  )
  if (exclude !== null) rules = rules.with('', exclude)
  const inside = slashed(relative(boundary, root))
  const folders = inside === '' ? [] : inside.split('/')
  for (let depth = 0; depth <= folders.length; depth++)
    rules = withGitignore(rules, boundary, folders.slice(0, depth).join('/'))
  return rules
}

function withGitignore(rules: IgnoreRules, boundary: string, folder: string): IgnoreRules {
  const text = gitignoreAt(join(boundary, folder, '.gitignore'))
  return text === null ? rules : rules.with(folder, text)
}

/** @returns null where there is none that counts; whoever reads the folder says what is wrong with it */
export function gitignoreAt(file: string): string | null {
  try {
    return readRegularFile(file, 'refused').toString('utf8')
  } catch {
    return null
  }
}

function read(absolute: string, file: string, collector: SourceCollector): void {
  try {
    if (collector.admits(file, lstatSync(absolute).size))
      collector.add(file, readRegularFile(absolute, 'refused'))
  } catch (error) {
    // A file that was deleted between listing and reading is simply not there.
    if (codeOf(error) !== 'ENOENT') collector.refuse(file, unreadable(file, error))
  }
}

/**
 * The folder's real path.
 * @throws DiagnosticError `source.no-folder`, `source.not-a-folder`, `source.unreadable`
 */
export function folderOnDisk(folder: string): string {
  const absolute = resolve(folder)
  try {
    const real = realpathSync(absolute)
    if (statSync(real).isDirectory()) return real
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR')
      throw new DiagnosticError(unreadable(folder, error))
    throw new DiagnosticError(
      errorOf({
        code: 'source.no-folder',
        message: `there is no folder \`${folder}\``,
        help: 'name the folder that holds `iam-sync.yaml`, or make one with `iam-sync init`',
      }),
    )
  }
  throw new DiagnosticError(
    errorOf({
      code: 'source.not-a-folder',
      message: `\`${folder}\` is not a folder`,
      help: 'name the folder that holds `iam-sync.yaml`',
    }),
  )
}

const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))
