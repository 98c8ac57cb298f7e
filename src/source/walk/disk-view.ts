import { type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join, sep } from 'node:path'
import { relative } from 'node:path/posix'
import type { Diagnostic } from '../../diagnostics/index.ts'
import { type IndexEntry, readIndex } from '../git/git-index.ts'
import type { Repository } from '../git/repository.ts'
import { OddFileError, oddKindOf, readRegularFile } from '../regular-file.ts'
import { BOUNDS } from '../source-files.ts'
import { codeOf, unreadable } from './source-problems.ts'
import type { Entry, EntryType, TreeView } from './tree-view.ts'

/** A working tree as it is on disk; what git knows of it comes from its index. Every answer comes at once. */
export class DiskView implements TreeView {
  readonly #root: string
  readonly #inside: string
  readonly #report: (problem: Diagnostic) => void
  readonly index: readonly IndexEntry[]
  readonly #submodules: ReadonlySet<string>
  readonly #refused = new Set<string>()
  #tracked: ReadonlySet<string> | null = null

  /**
   * @param root absolute: the repository's root, or the IAM folder where there is none
   * @param inside the IAM folder's path in it, from where files are named
   * @param report is told of folders and `.gitignore` files that can't be read
   * @throws DiagnosticError `git.unreadable`
   */
  constructor(
    root: string,
    repository: Repository | null,
    inside: string,
    report: (problem: Diagnostic) => void,
  ) {
    this.#root = root
    this.#inside = inside
    this.#report = report
    this.index = repository === null ? [] : readIndex(repository)
    this.#submodules = new Set(this.index.flatMap(({ type, path }) => (type === 'submodule' ? [path] : [])))
  }

  list(folder: string): readonly Entry[] {
    let entries: readonly Dirent[]
    try {
      entries = readdirSync(join(this.#root, folder), { withFileTypes: true })
    } catch (error) {
      this.#refuse(folder, error)
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
      const size = lstatSync(join(this.#root, path)).size
      if (size > BOUNDS.file) return this.#hideAll(path, `it has more than ${BOUNDS.file / 1024 / 1024} MiB`)
      return readRegularFile(join(this.#root, path), 'refused').toString('utf8')
    } catch (error) {
      // Git doesn't follow a link either, and what isn't there is no matter.
      const isLink = error instanceof OddFileError && ['a link', 'a folder'].includes(error.kind)
      if (isLink || codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null
      return this.#hideAll(path, error)
    }
  }

  /** An unread `.gitignore` could have ignored anything, a file of secrets too: so nothing below is read. */
  #hideAll(path: string, error: unknown): string {
    this.#refuse(path, error)
    return '*'
  }

  /** Says once what can't be read, by its path from the IAM folder. */
  #refuse(path: string, error: unknown): void {
    if (!this.#refused.has(path)) this.#report(unreadable(relative(this.#inside, path), error))
    this.#refused.add(path)
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
