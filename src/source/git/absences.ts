import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'
import { isDocumentName, isManifestName, isSkippedName, isSourceName } from '../source-files.ts'
import { answerNow } from '../walk/asking.ts'
import type { DiskView } from '../walk/disk-view.ts'
import { type FoundSources, joined, type SourceWalk } from '../walk/source-walk.ts'
import type { IndexEntry } from './git-index.ts'
import { findRepository, settingOf } from './repository.ts'
import { manifestInSubmodule, unknownSubmodule } from './submodule-problems.ts'

interface Absence {
  /** Relative to the IAM folder: the document that is concerned, or the submodule. */
  readonly path: string
  readonly problem: Diagnostic
}

/**
 * What git knows of an IAM folder, and the folder on disk lacks without anybody having deleted it: files that git left out on
 * purpose, and submodules. Such things are no deletions.
 * @param root the working tree's, absolute
 */
export function absencesOf(
  root: string,
  view: DiskView,
  walk: SourceWalk,
  { folders, submodules }: FoundSources,
  inside: string,
): readonly Absence[] {
  const isRead = (path: string, kind: 'file' | 'folder'): boolean => answerNow(walk.isRead(path, kind), view)
  // The IAM folder, and where links to folders lead.
  const places = [...folders].filter(([shown, real]) => shown === '' || joined(inside, shown) !== real)
  const shownAs = (path: string): string | null => {
    for (const [shown, real] of places)
      if (real === '' || path.startsWith(`${real}/`))
        return joined(shown, real === '' ? path : path.slice(real.length + 1))
    return null
  }
  const modules = new Map(submodules)
  const missing: { readonly shown: string; readonly entry: IndexEntry }[] = []
  for (const entry of view.index) {
    const { path, type, absence } = entry
    const isModule = type === 'submodule'
    if (!isModule && (absence === 'noticed' || !mayHoldSource(entry))) continue
    const shown = shownAs(path)
    if (shown === null || !isRead(path, isModule || type === 'folder' ? 'folder' : 'file')) continue
    if (isModule) modules.set(shown, path)
    else if (lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined)
      missing.push({ shown, entry })
  }
  return [
    ...[...modules].flatMap(([shown, path]) => submoduleProblems(root, shown, path, isRead)),
    ...leftOut(missing, root),
  ]
}

/** A link without an ending may lead to a folder of manifests. */
const mayHoldSource = ({ path, type }: IndexEntry): boolean =>
  type === 'folder' || isSourceName(nameOf(path)) || (type === 'link' && !nameOf(path).includes('.'))

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function submoduleProblems(
  root: string,
  shown: string,
  path: string,
  isRead: (path: string, kind: 'file') => boolean,
): readonly Absence[] {
  const files = namesBelow(join(root, path))
  if (files === null) return [{ path: shown, problem: unknownSubmodule(shown) }]
  const read = files.filter((file) => isRead(joined(path, file), 'file'))
  const manifest = read.find((file) => isManifestName(nameOf(file)))
  const documents = read.filter((file) => isDocumentName(nameOf(file)))
  return [
    ...(manifest === undefined ? [] : [{ path: shown, problem: manifestInSubmodule(shown, manifest) }]),
    ...documents.map((file) => ({ path: joined(shown, file), problem: manifestInSubmodule(shown, file) })),
  ]
}

/** @returns paths of the source files below a folder; null: nothing is checked out there */
function namesBelow(folder: string): readonly string[] | null {
  const found: string[] = []
  let isEmpty = true
  const look = (at: string): void => {
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      isEmpty = false
      if (isSkippedName(entry.name)) continue
      const path = joined(at, entry.name)
      if (entry.isDirectory()) look(path)
      else if (isSourceName(entry.name)) found.push(path)
    }
  }
  try {
    look('')
  } catch {
    return null
  }
  return isEmpty ? null : found.sort()
}

/** How many names a message lists. */
const MOST_NAMES = 3

function leftOut(
  missing: readonly { readonly shown: string; readonly entry: IndexEntry }[],
  root: string,
): readonly Absence[] {
  const documents = missing.filter(({ shown, entry }) => entry.type === 'file' && isDocumentName(shown))
  const manifests = missing.filter((each) => !documents.includes(each))
  return [
    ...documents.map((each) => ({ path: each.shown, problem: sparse([each], root) })),
    ...(manifests.length === 0 ? [] : [{ path: '', problem: sparse(manifests, root) }]),
  ]
}

function sparse(
  missing: readonly { readonly shown: string; readonly entry: IndexEntry }[],
  root: string,
): Diagnostic {
  const [first] = missing
  const names = missing
    .slice(0, MOST_NAMES)
    .map(({ shown, entry }) => `\`${shown}${entry.type === 'folder' ? '/' : ''}\``)
    .join(', ')
  const more = missing.length > MOST_NAMES ? ` and ${missing.length - MOST_NAMES} more` : ''
  const what = missing.some(({ entry }) => entry.type === 'folder') ? 'path' : 'manifest'
  const count = `${missing.length} ${what}${missing.length === 1 ? '' : 's'}`
  const path = first?.entry.path ?? ''
  const folder = first?.entry.type === 'folder' ? path : path.slice(0, Math.max(path.lastIndexOf('/'), 0))
  const isAssumed = first?.entry.absence === 'assumed-unchanged'
  const repository = findRepository(root)
  const isSparse = repository !== null && settingOf(repository, 'core', 'sparsecheckout') === 'true'
  return errorOf({
    code: 'source.sparse',
    message: `git leaves out ${count} of this folder (${isAssumed ? 'assumed unchanged' : isSparse ? 'sparse checkout' : 'skip-worktree'}): ${names}${more}`,
    help: isAssumed
      ? `\`git update-index --no-assume-unchanged ${path}\` and \`git checkout -- ${path}\` bring it`
      : isSparse
        ? `\`git sparse-checkout disable\` brings everything${folder === '' ? '' : `, \`git sparse-checkout add ${folder}\` this folder`}`
        : `\`git update-index --no-skip-worktree ${path}\` and \`git checkout -- ${path}\` bring it`,
  })
}
