import { type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { Diagnostic } from '../diagnostics/index.ts'
import { type IndexEntry, readIndex } from './git-index.ts'
import { OddFileError, oddKindOf, readRegularFile } from './regular-file.ts'
import type { Repository } from './repository.ts'
import { codeOf, unreadable } from './source-problems.ts'
import type { Entry, EntryType, TreeView } from './tree-view.ts'

/** A working tree as it is on disk; what git knows of it comes from its index. Every answer comes at once. */
export class DiskView implements TreeView {
  readonly #root: string
  readonly #report: (problem: Diagnostic, path: string) => void
  readonly index: readonly IndexEntry[]
  readonly #submodules: ReadonlySet<string>
  #tracked: ReadonlySet<string> | null = null

  /**
   * @param root absolute: the repository's root, or the IAM folder where there is none
   * @param report is told of folders and `.gitignore` files that can't be read, by their path from the root
   * @throws DiagnosticError `git.unreadable`
   */
  constructor(
    root: string,
    repository: Repository | null,
    report: (problem: Diagnostic, path: string) => void,
  ) {
    this.#root = root
    this.#report = report
    this.index = repository === null ? [] : readIndex(repository)
    this.#submodules = new Set(this.index.flatMap(({ type, path }) => (type === 'submodule' ? [path] : [])))
  }

  list(folder: string): readonly Entry[] {
    let entries: readonly Dirent[]
    try {
      entries = readdirSync(join(this.#root, folder), { withFileTypes: true })
    } catch (error) {
      this.#report(unreadable(folder, error), folder)
      return []
    }
    return entries.map((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      return { name: entry.name, type: this.#submodules.has(path) ? 'submodule' : entryTypeOf(entry) }
    })
  }

  typeOf(path: string): EntryType | null {
    if (this.#submodules.has(path)) return 'submodule'
    try {
      const stats = lstatSync(join(this.#root, path), { throwIfNoEntry: false })
      return stats === undefined ? null : entryTypeOf(stats)
    } catch {
      return null
    }
  }

  linkText(path: string): string {
    const text = readlinkSync(join(this.#root, path))
    return sep === '/' ? text : text.replaceAll(sep, '/')
  }

  text(path: string): string | null {
    try {
      return readRegularFile(join(this.#root, path), 'refused').toString('utf8')
    } catch (error) {
      // Git doesn't follow a link either, and what isn't there is no matter.
      const isLink = error instanceof OddFileError && ['a link', 'a folder'].includes(error.kind)
      if (!isLink && codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR')
        this.#report(unreadable(path, error), path)
      return null
    }
  }

  isTracked(path: string): boolean {
    if (this.#tracked === null) {
      const tracked = new Set<string>()
      for (const { path } of this.index)
        for (let at = path; at !== '' && !tracked.has(at); at = at.slice(0, Math.max(at.lastIndexOf('/'), 0)))
          tracked.add(at)
      this.#tracked = tracked
    }
    return this.#tracked.has(path)
  }
}

function entryTypeOf(stats: Parameters<typeof oddKindOf>[0]): EntryType {
  const kind = oddKindOf(stats)
  return kind === null ? 'file' : kind === 'a folder' ? 'folder' : kind === 'a link' ? 'link' : kind
}
