import type { Located } from '../../diagnostics/index.ts'

interface FileSize {
  /** Or, until it matters, more than that: a node takes a character at least. */
  nodes: number
  readonly roots: readonly Located[]
  isCounted: boolean
}

/** How many nodes the files of a project have together. Counted only where the length of their texts doesn't rule it out. */
export class ProjectSize {
  readonly #files = new Map<string, FileSize>()
  readonly #most: number
  #nodes = 0

  /** @param most how many there may be */
  constructor(most: number) {
    this.#most = most
  }

  /** @returns whether the project may still have this file, in place of what it had of that name */
  add(file: string, text: string, roots: readonly Located[]): boolean {
    this.remove(file)
    this.#files.set(file, { nodes: text.length, roots, isCounted: false })
    this.#nodes += text.length
    if (this.#nodes > this.#most) this.#count()
    if (this.#nodes <= this.#most) return true
    this.remove(file)
    return false
  }

  remove(file: string): void {
    this.#nodes -= this.#files.get(file)?.nodes ?? 0
    this.#files.delete(file)
  }

  #count(): void {
    for (const size of this.#files.values()) {
      if (size.isCounted) continue
      const nodes = nodesOf(size.roots)
      this.#nodes += nodes - size.nodes
      size.nodes = nodes
      size.isCounted = true
    }
  }
}

/** How many values and keys trees have; what several aliases share, once. */
export function nodesOf(roots: readonly Located[]): number {
  const seen = new Set<Located>()
  const open = [...roots]
  let nodes = 0
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind !== 'scalar') {
      if (seen.has(node)) continue
      seen.add(node)
    }
    nodes++
    if (node.kind === 'list') for (const item of node.items) open.push(item)
    else if (node.kind === 'map')
      for (const { value } of node.entries) {
        nodes++
        open.push(value)
      }
  }
  return nodes
}
