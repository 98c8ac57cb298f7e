import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { type Diagnostic, DiagnosticError, errorOf } from '../diagnostics/index.ts'
import { IgnoreRules } from './ignore-rules.ts'
import { findRepository, textOf } from './repository.ts'
import {
  isManifestName,
  isSkippedName,
  isSourceName,
  SourceCollector,
  type SourceFiles,
  tooLarge,
  unprintableName,
} from './source-files.ts'

/**
 * Reads the IAM folder from disk: every `.yaml`, `.yml` and `.json` file under it, but for names that begin with a dot,
 * `node_modules` and what git ignores. Links are followed as long as they stay in the repository (without one: in the folder).
 * @throws DiagnosticError when the folder is not there, is none, or can't be listed
 */
export function readDirectory(folder: string): SourceFiles {
  const root = folderOnDisk(folder)
  const collector = new SourceCollector()
  const boundary = findRepository(root)?.root ?? root
  walk(root, '', rulesFor(root, boundary), [root], { root, boundary, collector })
  return collector.result()
}

/** The ignore rules that hold at the top of an IAM folder: those of the repository's root down to the folder itself. */
export function rulesFor(root: string, boundary: string): IgnoreRules {
  let rules = new IgnoreRules()
  const exclude = textOf(join(findRepository(boundary)?.commondir ?? join(boundary, '.git'), 'info/exclude'))
  if (exclude !== null) rules = rules.with('', exclude)
  const inside = slashed(relative(boundary, root))
  const folders = inside === '' ? [] : inside.split('/')
  for (let depth = 0; depth <= folders.length; depth++)
    rules = withGitignore(rules, boundary, folders.slice(0, depth).join('/'))
  return rules
}

function withGitignore(rules: IgnoreRules, boundary: string, folder: string): IgnoreRules {
  const text = textOf(join(boundary, folder, '.gitignore'))
  return text === null ? rules : rules.with(folder, text)
}

interface Walk {
  readonly root: string
  /** The repository's root, or the IAM folder: links may not lead out of it, and ignore rules are relative to it. */
  readonly boundary: string
  readonly collector: SourceCollector
}

/** @param ancestors real paths of the folders on the way here: a link back to one of them is a loop */
function walk(folder: string, at: string, rules: IgnoreRules, ancestors: readonly string[], on: Walk): void {
  for (const entry of entriesOf(folder, at, on)) {
    if (isSkippedName(entry.name)) continue
    const path = at === '' ? entry.name : `${at}/${entry.name}`
    const absolute = join(folder, entry.name)
    const inRepository = slashed(relative(on.boundary, join(on.root, path)))
    if (entry.isSymbolicLink() && rules.ignores(inRepository, 'file')) continue
    const linked = entry.isSymbolicLink() ? follow(absolute, path, on) : null
    if (entry.isSymbolicLink() && linked === null) continue
    const isFolder = linked === null ? entry.isDirectory() : linked.isFolder
    const isFile = linked === null ? entry.isFile() : !linked.isFolder
    if (isFolder) {
      if (rules.ignores(inRepository, 'folder')) continue
      const real = linked?.real ?? absolute
      if (ancestors.includes(real)) continue
      // Rules of a `.gitignore` count for where the files are shown, so that a link is judged by its own place.
      const below = textOf(join(absolute, '.gitignore'))
      walk(absolute, path, below === null ? rules : rules.with(inRepository, below), [...ancestors, real], on)
    } else if (isFile && isSourceName(entry.name) && !rules.ignores(inRepository, 'file'))
      read(absolute, path, on.collector)
  }
}

function entriesOf(folder: string, at: string, { collector }: Walk): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    collector.report(unreadable(at, error))
    return []
  }
}

function read(absolute: string, file: string, collector: SourceCollector): void {
  const badName = unprintableName(file)
  if (badName !== null) {
    collector.refuse(file, badName)
    return
  }
  try {
    const large = tooLarge(file, statSync(absolute).size)
    if (large === null) collector.add(file, readFileSync(absolute))
    else collector.refuse(file, large)
  } catch (error) {
    // A file that was deleted between listing and reading is simply not there.
    if (codeOf(error) !== 'ENOENT') collector.refuse(file, unreadable(file, error))
  }
}

function follow(
  absolute: string,
  path: string,
  { boundary, collector }: Walk,
): { readonly real: string; readonly isFolder: boolean } | null {
  try {
    const real = realpathSync(absolute)
    const stats = statSync(real)
    const isFolder = stats.isDirectory()
    if (!isFolder && !isSourceName(path)) return null
    if (real !== boundary && !real.startsWith(boundary + sep)) {
      collector.refuse(path, linkOutside(path))
      return null
    }
    return { real, isFolder }
  } catch (error) {
    if (isManifestName(path)) collector.refuse(path, unreadable(path, error))
    return null
  }
}

/** A link out of the repository would bring in what no reviewer of a commit sees. */
export const linkOutside = (path: string): Diagnostic =>
  errorOf({
    code: 'source.link-outside',
    message: `the link \`${path}\` leads out of the repository`,
    help: 'copy the file into the IAM folder, or let git ignore the link',
  })

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

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its links go round in a circle',
  ENOENT: 'its link leads nowhere',
  EISDIR: 'it is a folder',
}

function unreadable(path: string, error: unknown): Diagnostic {
  const code = codeOf(error)
  return errorOf({
    code: 'source.unreadable',
    message: `\`${path === '' ? '.' : path}\` can't be read: ${REASONS[code] ?? code}`,
    help: 'make it readable, or let git ignore it',
  })
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error'

const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))
