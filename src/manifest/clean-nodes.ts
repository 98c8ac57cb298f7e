import type { Located, LocatedMap } from '../diagnostics/index.ts'
import type { EntityKind } from '../model/index.ts'
import type { PolicyUse } from '../policy/parsed.ts'

/**
 * A check whose outcome follows from the content of a node alone: the schema of an entity, the grammar of a document.
 * What a name stands for, quotas and what AWS has don't belong here.
 */
export type ContentCheck = `${EntityKind} entity` | `${DeclaredUse} document`

/** What the documents of manifests are used for. */
export type DeclaredUse = Extract<PolicyUse, 'identity' | 'trust'>

/** One bit each. */
const BITS: Readonly<Record<ContentCheck, number>> = {
  'user entity': 1,
  'group entity': 2,
  'role entity': 4,
  'policy entity': 8,
  'identity document': 16,
  'trust document': 32,
}

/** Which maps of one file have passed which checks without so much as a warning. */
export class CleanNodes {
  readonly #passed = new Map<Located, number>()
  #hasNews = false

  has(node: Located, check: ContentCheck): boolean {
    return (this.passedBy(node) & BITS[check]) !== 0
  }

  add(node: LocatedMap, check: ContentCheck): void {
    this.#passed.set(node, this.passedBy(node) | BITS[check])
    this.#hasNews = true
  }

  /** The checks as bits. */
  passedBy(node: Located): number {
    return this.#passed.get(node) ?? 0
  }

  restore(node: LocatedMap, passed: number): void {
    this.#passed.set(node, passed)
  }

  /** Whether anything was added since this was last asked. */
  takeNews(): boolean {
    const hasNews = this.#hasNews
    this.#hasNews = false
    return hasNews
  }
}
