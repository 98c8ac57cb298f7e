import type { ObjectStore } from './object-store.ts'
import type { TreeEntry } from './tree-object.ts'
import type { Entry, EntryType, TreeView } from './tree-view.ts'

/** The tree of a commit. */
export class CommitView implements TreeView {
  readonly #store: ObjectStore
  readonly #rootTree: string
  readonly #trees = new Map<string, ReadonlyMap<string, TreeEntry>>()

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
    return entry === null ? '' : this.#store.text(entry.oid)
  }

  async text(path: string): Promise<string | null> {
    const entry = await this.entryAt(path)
    return entry?.type === 'blob' ? this.#store.text(entry.oid) : null
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
    const entries = entry?.type === 'tree' ? await this.#store.tree(entry.oid) : []
    const tree = new Map(entries.map((each) => [each.path, each]))
    this.#trees.set(folder, tree)
    return tree
  }
}

const TYPES = { blob: 'file', tree: 'folder', link: 'link', commit: 'submodule' } as const satisfies Record<
  TreeEntry['type'],
  EntryType
>
