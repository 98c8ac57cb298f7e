import { lstatSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { type Diagnostic, errorOf } from '../diagnostics/index.ts'
import { type IndexEntry, readIndex } from './git/git-index.ts'
import { findRepository, type Repository } from './git/repository.ts'

/** Where a project keeps what it remembers, unless the project file names another place. */
export const STATE_FOLDER = '.iam-sync'

/** What SQLite and the lock keep beside a database. */
const BESIDE = [
  '',
  '-wal',
  '-shm',
  '-journal',
  '-reserve',
  '.lock',
  '.lock-journal',
  '.key',
  '.audit',
  '.audit-wal',
  '.audit-shm',
] as const

/**
 * What is wrong with the places of a project's state: what is git's own, of any repository; a folder that is a link, which leads
 * to what isn't the project's; and what git tracks, which is whatever a commit says it is.
 * @param databases as the project file has them
 * @throws DiagnosticError `git.unreadable`
 */
export function stateProblems(folder: string, databases: readonly string[]): readonly Diagnostic[] {
  const root = realpathSync(folder)
  const repository = findRepository(root)
  const boundary = repository === null ? root : realpathSync(repository.root)
  const files = databases.map((database) => resolve(root, database))
  const folders = new Set([join(root, STATE_FOLDER), ...files.flatMap((file) => foldersTo(file, boundary))])
  const links = [...folders].filter((each) => isLink(each)).map((each) => linked(relative(root, each)))
  const gits = files.flatMap((file, index) =>
    isOfGit(file, repository) ? [inGit(databases[index] ?? file)] : [],
  )
  if (gits.length > 0) return gits
  if (repository === null) return links
  const tracked = trackedState(
    readIndex(repository),
    slashed(relative(boundary, join(root, STATE_FOLDER))),
    files.flatMap((file) => BESIDE.map((suffix) => slashed(relative(boundary, file + suffix)))),
  )
  return tracked === null ? links : [...links, tracked]
}

/** Whether a file is where git keeps its own: whatever stands there has git do something, hooks above all. */
function isOfGit(file: string, repository: Repository | null): boolean {
  const own = repository === null ? [] : [repository.gitdir, repository.commondir]
  return [file, reallyAt(file)].some(
    (path) =>
      path.split(/[\\/]/).some((name) => GIT_NAMES.test(folded(name))) ||
      own.some((each) => path.startsWith(each + sep) || path.startsWith(reallyAt(each) + sep)),
  )
}

/** Windows has a short name for it, and passes over dots and blanks at the end. */
const GIT_NAMES = /^(?:\.git|git~\d+)[. ]*$/

/** With all links followed, as far as there is anything. */
function reallyAt(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(reallyAt(dirname(path)), basename(path))
  }
}

const inGit = (database: string): Diagnostic =>
  errorOf({
    code: 'store.in-git',
    message: `the database \`${database}\` would be in a folder of git's own`,
    help: 'name a place outside of `.git` as `target.database` in iam-sync.yaml',
  })

/** The folders from the boundary down to a file; none when it is somewhere else. */
function foldersTo(file: string, boundary: string): readonly string[] {
  const folders: string[] = []
  for (let at = dirname(file); at.startsWith(boundary + sep); at = dirname(at)) folders.push(at)
  return folders
}

/** What can't be looked at can't be opened either: whoever opens the database says so. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
  } catch {
    return false
  }
}

const linked = (path: string): Diagnostic =>
  errorOf({
    code: 'store.link',
    message: `the folder \`${slashed(path)}\`, where state is kept, is a link`,
    help: 'remove the link, or name the place that it leads to as `target.database` in iam-sync.yaml',
  })

function trackedState(
  entries: readonly IndexEntry[],
  state: string,
  files: readonly string[],
): Diagnostic | null {
  const folder = folded(state)
  const own = new Set(files.map(folded))
  const found = entries.flatMap(({ path }) => {
    const name = folded(path)
    return own.has(name) || name === folder || name.startsWith(`${folder}/`) ? [path] : []
  })
  const [first] = found
  if (first === undefined) return null
  const others = found.length === 1 ? '' : ` and ${found.length - 1} more below the state's folder`
  const untrack = folded(first).startsWith(folder) ? first.slice(0, state.length) : first
  return errorOf({
    code: 'store.tracked',
    message: `git tracks \`${first}\`${others}: state that comes from a repository is not what was applied`,
    help: `\`git rm -r --cached ${untrack}\` at the repository's root, and commit that; \`.gitignore\` keeps it out`,
  })
}

/** One name for all that some file system takes for one: macOS and Windows pass over case, HFS+ over what can't be seen. */
const folded = (path: string): string =>
  path
    .normalize('NFC')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '')
    .toLowerCase()

const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))

/**
 * Makes the state's folder before the first database in it, so that git passes over it in a project that `init` didn't make
 * too. What can't be made is left to whoever opens the database, who says so.
 */
export function prepareStateFolder(folder: string, database: string): void {
  const state = join(folder, STATE_FOLDER)
  if (!resolve(folder, database).startsWith(state + sep) || isLink(state)) return
  try {
    mkdirSync(state, { recursive: true })
    writeFileSync(join(state, '.gitignore'), '*\n', { flag: 'wx' })
  } catch {}
}
