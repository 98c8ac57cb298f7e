import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { type Diagnostic, DiagnosticError, errorOf } from '../diagnostics/index.ts'
import { linkOutside } from './directory.ts'
import { gitUnreadable } from './git-problems.ts'
import { IgnoreRules } from './ignore-rules.ts'
import { ObjectStore, type TreeEntry } from './object-store.ts'
import { findRepository, type Repository, textOf } from './repository.ts'
import {
  isSkippedName,
  isSourceName,
  SourceCollector,
  type SourceFiles,
  tooLarge,
  unprintableName,
} from './source-files.ts'

/** The IAM folder's place in history. */
export interface Provenance {
  /** 40 hexadecimal digits, or null: no repository, or one without a commit. */
  readonly commit: string | null
  /** Whether a file of the IAM folder differs from the commit, is new, or is gone; null with `commit`. */
  readonly dirty: boolean | null
}

export const NO_PROVENANCE: Provenance = { commit: null, dirty: null }

/**
 * Which commit files read from disk belong to.
 * Compares what was read, not what is on disk by now, and by content, so that git's index plays no part.
 * @throws DiagnosticError `git.unreadable` when the repository is there and can't be read
 */
export async function provenanceOf(folder: string, source: SourceFiles): Promise<Provenance> {
  const repository = findRepository(folder)
  if (repository === null) return NO_PROVENANCE
  return reading(async () => {
    const store = new ObjectStore(repository)
    const commit = await store.head()
    if (commit === null) return NO_PROVENANCE
    const committed =
      (await listSources(store, commit, repository, folder))?.found ?? new Map<string, TreeEntry>()
    const dirty =
      committed.size !== source.bytes.size ||
      [...source.bytes].some(([path, bytes]) => {
        const entry = committed.get(path)
        return entry === undefined || !isBlob(entry.oid, bytes)
      })
    return { commit, dirty }
  })
}

/**
 * Reads the IAM folder as a commit holds it: the same files by the same rules as `readDirectory`.
 * @param ref a branch, a tag, a full or shortened commit, `HEAD`, each with `~N` or `^` after it
 * @throws DiagnosticError `git.no-repository`, `git.unknown-ref`, `git.ambiguous-ref`, `git.folder-not-in-commit`, `git.unreadable`
 */
export async function readCommit(
  folder: string,
  ref: string,
): Promise<{ readonly commit: string; readonly source: SourceFiles }> {
  const repository = findRepository(folder)
  if (repository === null)
    throw new DiagnosticError(
      errorOf({
        code: 'git.no-repository',
        message: `\`${folder}\` is not in a git repository`,
        help: 'leave the ref out to read the working tree, or run `git init` and commit the folder',
      }),
    )
  return reading(async () => {
    const store = new ObjectStore(repository)
    const commit = await store.resolve(ref)
    const listing = await listSources(store, commit, repository, folder)
    if (listing === null)
      throw new DiagnosticError(
        errorOf({
          code: 'git.folder-not-in-commit',
          message: `the folder \`${folderIn(repository, folder)}\` is not in the commit ${commit.slice(0, 12)} (\`${ref}\`)`,
          help: 'name a commit that has it',
        }),
      )
    const collector = new SourceCollector()
    const { found, problems } = listing
    for (const [path, problem] of problems) collector.refuse(path, problem)
    for (const [path, { oid }] of found) {
      const badName = unprintableName(path)
      if (badName !== null) {
        collector.refuse(path, badName)
        continue
      }
      const bytes = await store.blob(oid)
      const large = tooLarge(path, bytes.byteLength)
      if (large === null) collector.add(path, bytes)
      else collector.refuse(path, large)
    }
    return { commit, source: collector.result() }
  })
}

interface Listing {
  readonly found: ReadonlyMap<string, TreeEntry>
  readonly problems: ReadonlyMap<string, Diagnostic>
}

/**
 * The source files of an IAM folder in a commit, links resolved.
 * @returns null when the commit has no such folder
 */
async function listSources(
  store: ObjectStore,
  commit: string,
  repository: Repository,
  folder: string,
): Promise<Listing | null> {
  const found = new Map<string, TreeEntry>()
  const problems = new Map<string, Diagnostic>()
  const inside = folderIn(repository, folder)
  const rootTree = await store.rootTree(commit)
  const start = await store.entryAt(rootTree, inside)
  if (start?.type !== 'tree') return null

  const walk = async (oid: string, at: string, outer: IgnoreRules, ancestors: readonly string[]) => {
    const entries = await store.tree(oid)
    const rules = await withGitignore(store, entries, outer, joined(inside, at))
    for (const entry of entries) {
      if (isSkippedName(entry.path)) continue
      const path = joined(at, entry.path)
      const inRepository = joined(inside, path)
      if (entry.type === 'link' && rules.ignores(inRepository, 'file')) continue
      const target = entry.type === 'link' ? await follow(store, rootTree, inRepository, entry) : entry
      if (target === 'outside') problems.set(path, linkOutside(path))
      else if (target?.type === 'tree') {
        if (rules.ignores(inRepository, 'folder') || ancestors.includes(target.oid)) continue
        await walk(target.oid, path, rules, [...ancestors, target.oid])
      } else if (target?.type === 'blob' && isSourceName(entry.path) && !rules.ignores(inRepository, 'file'))
        found.set(path, target)
    }
  }
  await walk(start.oid, '', await rulesAbove(store, rootTree, repository, inside), [start.oid])
  return { found, problems }
}

/** The ignore rules of the folders above the IAM folder, as the commit has them, and this clone's own. */
async function rulesAbove(
  store: ObjectStore,
  rootTree: string,
  repository: Repository,
  inside: string,
): Promise<IgnoreRules> {
  const exclude = textOf(join(repository.commondir, 'info/exclude'))
  let rules = exclude === null ? new IgnoreRules() : new IgnoreRules().with('', exclude)
  const names = inside === '' ? [] : inside.split('/')
  for (let depth = 0; depth < names.length; depth++) {
    const at = names.slice(0, depth).join('/')
    const entry = await store.entryAt(rootTree, at)
    if (entry?.type === 'tree') rules = await withGitignore(store, await store.tree(entry.oid), rules, at)
  }
  return rules
}

async function withGitignore(
  store: ObjectStore,
  entries: readonly TreeEntry[],
  rules: IgnoreRules,
  at: string,
): Promise<IgnoreRules> {
  const gitignore = entries.find(({ path, type }) => path === '.gitignore' && type === 'blob')
  return gitignore === undefined ? rules : rules.with(at, await store.text(gitignore.oid))
}

/** More links in a row than any sane layout has: they go round in a circle. */
const MOST_LINKS = 16

/** What a link leads to: null when that is nothing, or another link too many. */
async function follow(
  store: ObjectStore,
  rootTree: string,
  path: string,
  link: TreeEntry,
): Promise<TreeEntry | 'outside' | null> {
  let at = path
  let entry: TreeEntry | null = link
  for (let links = 0; links < MOST_LINKS; links++) {
    if (entry?.type !== 'link') return entry
    const target = await store.text(entry.oid)
    at = posix.normalize(posix.join(posix.dirname(at), target))
    if (target.startsWith('/') || at === '..' || at.startsWith('../')) return 'outside'
    entry = await store.entryAt(rootTree, at === '.' ? '' : at.replace(/\/$/, ''))
  }
  return null
}

/** Whether git would store these bytes under this id: as they are, or with the line ends of `core.autocrlf`. */
function isBlob(oid: string, bytes: Uint8Array): boolean {
  if (blobId(bytes) === oid) return true
  const text = Buffer.from(bytes).toString('latin1')
  return text.includes('\r\n') && blobId(Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1')) === oid
}

const blobId = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')

const folderIn = (repository: Repository, folder: string): string =>
  relative(realpathSync(repository.root), realpathSync(folder)).split(sep).join('/')

const joined = (folder: string, name: string): string =>
  folder === '' || name === '' ? folder + name : `${folder}/${name}`

/** What isomorphic-git throws about a damaged or unusual repository becomes one coded problem. */
async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof DiagnosticError) throw error
    throw gitUnreadable(error instanceof Error ? error.message : String(error))
  }
}
