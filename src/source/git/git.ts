import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type Diagnostic, DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { PROJECT_FILE } from '../../model/project-file.ts'
import {
  bytesOf,
  isDocumentName,
  manifestsFirst,
  SourceCollector,
  type SourceFiles,
} from '../source-files.ts'
import { answerLater } from '../walk/asking.ts'
import { joined, SourceWalk } from '../walk/source-walk.ts'
import { CommitView } from './commit-view.ts'
import { gitFailureText, gitUnreadable } from './git-problems.ts'
import { mergeBaseOf } from './merge-base.ts'
import { ObjectStore } from './object-store.ts'
import { refuseLongRef } from './ref-length.ts'
import { blobText, findRepository, type Repository } from './repository.ts'
import { manifestInSubmodule, unknownSubmodule } from './submodule-problems.ts'
import { sourcesOfSubmodule } from './submodules.ts'
import type { TreeEntry } from './tree-object.ts'

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
      committed.size !== source.files.size ||
      [...source.files].some(([path, text]) => {
        const entry = committed.get(path)
        return entry === undefined || !isBlob(entry.oid, bytesOf(source, path, text))
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
  const repository = repositoryOf(folder, ref)
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
    const { found, problems, hasProjectFile } = listing
    for (const { path, problem } of problems) collector.refuse(path, problem)
    for (const [path, { oid }] of manifestsFirst(found))
      if (collector.admits(path, store.sizeOf(oid))) collector.add(path, await store.blob(oid))
    return { commit, source: collector.result(hasProjectFile) }
  })
}

/**
 * The last commit that `HEAD` has in common with another one: what a branch went out from.
 * @returns null: there is none, or it isn't in this clone
 * @throws DiagnosticError `git.ambiguous-ref`, `git.unreadable`
 */
export async function lastCommonCommit(folder: string, ref: string): Promise<string | null> {
  refuseLongRef(ref)
  const repository = findRepository(folder)
  if (repository === null) return null
  return reading(async () => {
    const store = new ObjectStore(repository)
    const head = await store.head()
    if (head === null) return null
    try {
      return await mergeBaseOf(head, await store.resolve(ref), (oid) => store.linksOf(oid))
    } catch (error) {
      const isMissing =
        error instanceof DiagnosticError &&
        error.diagnostics.every(({ code }) => code === 'git.unknown-ref' || code === 'git.shallow')
      if (isMissing) return null
      throw error
    }
  })
}

/**
 * Whether a commit has the project file of an IAM folder, or anything in its place.
 * @throws DiagnosticError as `readCommit`
 */
export async function findProjectFile(
  folder: string,
  ref: string,
): Promise<{ readonly commit: string; readonly isThere: boolean }> {
  const repository = repositoryOf(folder, ref)
  return reading(async () => {
    const store = new ObjectStore(repository)
    const commit = await store.resolve(ref)
    const view = new CommitView(store, await store.rootTree(commit))
    const inside = folderIn(repository, folder)
    if ((await view.typeOf(inside)) !== 'folder') return { commit, isThere: false }
    return { commit, isThere: (await view.typeOf(joined(inside, PROJECT_FILE))) !== null }
  })
}

/** @throws DiagnosticError */
function repositoryOf(folder: string, ref: string): Repository {
  refuseLongRef(ref)
  const repository = findRepository(folder)
  if (repository !== null) return repository
  throw new DiagnosticError(
    errorOf({
      code: 'git.no-repository',
      message: `\`${folder}\` is not in a git repository`,
      help: 'leave the ref out to read the working tree, or run `git init` and commit the folder',
    }),
  )
}

interface Listing {
  readonly found: ReadonlyMap<string, TreeEntry>
  readonly problems: readonly { readonly path: string; readonly problem: Diagnostic }[]
  readonly hasProjectFile: boolean
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
  const inside = folderIn(repository, folder)
  const view = new CommitView(store, await store.rootTree(commit))
  if ((await view.typeOf(inside)) !== 'folder') return null
  const walk = new SourceWalk(inside, blobText(join(repository.commondir, 'info/exclude')))
  const { files, problems, submodules } = await answerLater(walk.run(), view)
  const found = new Map<string, TreeEntry>()
  for (const [shown, path] of files) {
    const entry = await view.entryAt(path)
    if (entry !== null) found.set(shown, entry)
  }
  const all = [...problems]
  for (const [shown, path] of submodules)
    for (const problem of await submoduleProblems(repository, view, walk, { shown, path })) all.push(problem)
  const projectFile = await view.typeOf(joined(inside, PROJECT_FILE))
  return { found, problems: all, hasProjectFile: projectFile !== null && projectFile !== 'folder' }
}

/** A submodule is another repository's business, as long as it holds none of the manifests. */
async function submoduleProblems(
  repository: Repository,
  view: CommitView,
  walk: SourceWalk,
  { shown, path }: { readonly shown: string; readonly path: string },
): Promise<Listing['problems']> {
  const entry = await view.entryAt(path)
  const files = entry === null ? null : await sourcesOfSubmodule(join(repository.root, path), entry.oid)
  if (files === null) return [{ path: shown, problem: unknownSubmodule(shown) }]
  const problems: { readonly path: string; readonly problem: Diagnostic }[] = []
  for (const file of files) {
    if (!(await answerLater(walk.isRead(`${path}/${file}`, 'file'), view))) continue
    if (isDocumentName(file))
      problems.push({ path: `${shown}/${file}`, problem: manifestInSubmodule(shown, file) })
    else if (!problems.some((each) => each.path === shown))
      problems.push({ path: shown, problem: manifestInSubmodule(shown, file) })
  }
  return problems
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

/** What isomorphic-git throws about a damaged or unusual repository becomes one coded problem, in our own words. */
async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof DiagnosticError) throw error
    throw gitUnreadable(gitFailureText(error))
  }
}
