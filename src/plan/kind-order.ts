import { keysOf } from '../model/index.ts'
import { RANK } from './steps/step-drafts.ts'

/** What the order of kinds hangs on. */
type Ordered = Readonly<Record<string, { readonly facts: { readonly after: readonly string[] } }>>

/** Where the steps of a kind stand among others that don't depend on them. */
interface KindRanks {
  readonly create: number
  /** Of what others hold: where it would be created. */
  readonly rewrite: number
  readonly delete: number
}

/** The same kinds, each after those that must exist before it; else as they are listed. */
export function inOrderOfCreation<Kinds extends Ordered>(kinds: Kinds): Kinds {
  const known = ordered.get(kinds)
  if (known !== undefined) return known as Kinds
  const placed = new Set<string>()
  const place = (kind: string, below: readonly string[]): void => {
    if (placed.has(kind)) return
    if (below.includes(kind)) throw new Error(`kinds wait for each other: ${[...below, kind].join(', ')}`)
    for (const earlier of kinds[kind]?.facts.after ?? []) place(earlier, [...below, kind])
    placed.add(kind)
  }
  for (const kind of keysOf(kinds)) place(kind, [])
  // The same keys with the same values.
  const inOrder = Object.fromEntries([...placed].map((kind) => [kind, kinds[kind]])) as Kinds
  ordered.set(kinds, inOrder)
  ordered.set(inOrder, inOrder)
  return inOrder
}

/** A plan after the other asks for the order of the same kinds. */
const ordered = new WeakMap<Ordered, Ordered>()

/** What is created later is deleted earlier. @param kinds in order of creation */
export function rankOf(kinds: Ordered, kind: string): KindRanks {
  const all = keysOf(kinds)
  // As small as it takes for all kinds to stand before the next rank.
  const place = all.indexOf(kind) / all.length
  return {
    create: RANK.create + place,
    rewrite: RANK.create + place + 0.5 / all.length,
    delete: RANK.delete + 1 - place,
  }
}
