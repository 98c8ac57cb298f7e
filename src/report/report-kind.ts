import type { Kind } from '../model/index.ts'
import { type KindFacts, severalOf } from '../model/kind-facts.ts'
import { counted } from './layout/paint.ts'

/** What reports have to know of a kind. */
export interface ReportKind {
  readonly facts: KindFacts
  /** Whether its changes are told apart by a name. */
  readonly isNamed: boolean
  /** Fields of a call's input that say which one it is about. */
  readonly namedIn: readonly string[]
  /** Whether it is worth no word where there is none of it; absent: that there is none is said. */
  readonly isRare?: true
  /** What ends when one is deleted and created again, besides; null: nothing. */
  readonly replacementNote: string | null
}

/** Of every kind, in the order in which they are counted. */
export type ReportKinds = { readonly [K in Kind]: ReportKind }

/** What several of a kind are called. */
export function pluralOf(facts: KindFacts): string {
  switch (facts.family) {
    case 'entity':
      return severalOf(facts)
    case 'child':
      return facts.plural
    case 'setting':
      return `${facts.label}s`
  }
}

/** `1 user`, `3 policies`. */
export const countedKind = (count: number, { facts }: ReportKind): string =>
  counted(count, facts.label, pluralOf(facts))
