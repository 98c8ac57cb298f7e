import type { Entry, EntryType, TreeView } from '../walk/tree-view.ts'
import type { ObjectStore } from './object-store.ts'
import type { TreeEntry } from './tree-object.ts'

/** The tree of a commit. */
export class CommitView implements TreeView {
  readonly #store: ObjectStore
  readonly #rootTree: string
  /** By path. */
  readonly #trees = new Map<string, ReadonlyMap<string, TreeEntry>>()
  /** By id: a few objects can stand for any number of paths. */
  readonly #treesById = new Map<string, ReadonlyMap<string, TreeEntry>>()
  readonly #texts = new Map<string, string>()

  constructor(store: ObjectStore, rootTree: string) {
    this.#store = store
    this.#rootTree = rootTree
  }

  async list(folder: string): Promise<readonly Entry[]> {
    const entries = [...(await this.#tree(folder)).values()]
    return entries.map(({ path, type }) => ({ name: path, type: TYPES[type] }))
  }

  async typeOf(path: string): Promise<EntryType | null> {
    const entry = await this.entryAt(path)
    return entry === null ? null : TYPES[entry.type]
  }

  async linkText(path: string): Promise<string> {
    const entry = await this.entryAt(path)
    return entry === null ? '' : this.#textOf(entry.oid)
  }

  async text(path: string): Promise<string | null> {
    const entry = await this.entryAt(path)
    return entry?.type === 'blob' ? this.#textOf(entry.oid) : null
  }

  async isTracked(path: string): Promise<boolean> {
    return (await this.entryAt(path)) !== null
  }

  /** null: there is nothing. Links on the way are not followed. */
  async entryAt(path: string): Promise<TreeEntry | null> {
    if (path === '') return { path: '', oid: this.#rootTree, type: 'tree' }
    const slash = path.lastIndexOf('/')
    const tree = await this.#tree(slash === -1 ? '' : path.slice(0, slash))
    return tree.get(path.slice(slash + 1)) ?? null
  }

  async #tree(folder: string): Promise<ReadonlyMap<string, TreeEntry>> {
    const known = this.#trees.get(folder)
    if (known !== undefined) return known
    const entry = await this.entryAt(folder)
    const tree = entry?.type === 'tree' ? await this.#treeById(entry.oid) : NO_TREE
    this.#trees.set(folder, tree)
    return tree
  }

  async #treeById(oid: string): Promise<ReadonlyMap<string, TreeEntry>> {
    const known = this.#treesById.get(oid)
    if (known !== undefined) return known
    const tree = new Map((await this.#store.tree(oid)).map((each) => [each.path, each]))
    this.#treesById.set(oid, tree)
    return tree
  }

  async #textOf(oid: string): Promise<string> {
    const known = this.#texts.get(oid)
    if (known !== undefined) return known
    const text = await this.#store.text(oid)
    this.#texts.set(oid, text)
    return text
  }
}

const NO_TREE: ReadonlyMap<string, TreeEntry> = new Map()

const TYPES = { blob: 'file', tree: 'folder', link: 'link', commit: 'submodule' } as const satisfies Record<
  TreeEntry['type'],
  EntryType
>
