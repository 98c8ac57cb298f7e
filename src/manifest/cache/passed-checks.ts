import type { Located, LocatedMap } from '../../diagnostics/index.ts'
import type { EntityKind } from '../../model/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'

/**
 * A check whose outcome follows from the content of a node alone: the schema of an entity, the grammar of a document.
 * What a name stands for, quotas and what AWS has don't belong here. One bit each.
 * INVARIANT: what is kept of a file is read with the list of kinds that it was written with, so that a bit stays the
 * same check: the list belongs to the code, and the code is part of what a file is kept under.
 */
export type ContentCheck = number

/** What the documents of manifests are used for. */
export type DeclaredUse = Extract<PolicyUse, 'identity' | 'trust'>

export const DOCUMENT_CHECKS: Readonly<Record<DeclaredUse, ContentCheck>> = { identity: 1, trust: 2 }

/** The schema of a kind. @param kinds all that there are, fewer than thirty */
export const entityCheck = (kinds: readonly EntityKind[], kind: EntityKind): ContentCheck =>
  4 << kinds.indexOf(kind)

/** Which maps of one file have passed which checks without so much as a warning. */
export class CleanNodes {
  readonly #passed = new Map<Located, number>()
  #hasNews = false

  has(node: Located, check: ContentCheck): boolean {
    return (this.passedBy(node) & check) !== 0
  }

  add(node: LocatedMap, check: ContentCheck): void {
    this.#passed.set(node, this.passedBy(node) | check)
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
