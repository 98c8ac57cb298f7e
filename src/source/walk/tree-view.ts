import type { OddKind } from '../regular-file.ts'

/** What a FIFO, a socket or a device is called stands for itself. */
export type EntryType = 'file' | 'folder' | 'link' | 'submodule' | Exclude<OddKind, 'a link' | 'a folder'>

export interface Entry {
  readonly name: string
  readonly type: EntryType
}

type Soon<T> = T | Promise<T>

/**
 * A tree of files: a working tree as it is on disk, or that of a commit. Paths are relative to its root, with `/`, `''` is the
 * root; no link is followed, neither at the end of a path nor on the way.
 */
export interface TreeView {
  /** What a folder holds; nothing, when it can't be listed: that is reported. */
  list(folder: string): Soon<readonly Entry[]>
  /** null: there is nothing. */
  typeOf(path: string): Soon<EntryType | null>
  /** Where a link leads, as it is written. */
  linkText(path: string): Soon<string>
  /** The text of a file; null: there is none, or no file. */
  text(path: string): Soon<string | null>
  /** Whether git knows of a path, or of one below it. */
  isTracked(path: string): Soon<boolean>
}
