import { replacedBetween } from '../../model/replaced-entries.ts'

type Entries<V> = ReadonlyMap<string, V>

/**
 * Finds the names under which two states don't have the same, by a comparison that hangs on the two values alone. What was found for
 * a state of before is remembered: of a later state after it only what was unlike, or was replaced since, is compared again.
 */
export class UnlikeEntries<V> {
  readonly #isSame: (before: V, after: V) => boolean
  readonly #known = new WeakMap<
    Entries<V>,
    { readonly after: Entries<V>; readonly unlike: ReadonlySet<string> }
  >()

  constructor(isSame: (before: V, after: V) => boolean) {
    this.#isSame = isSame
  }

  /** Those that only one state has are among them. In no particular order. */
  between(before: Entries<V>, after: Entries<V>): ReadonlySet<string> {
    if (before === after) return NONE
    const last = this.#known.get(before)
    const replaced = last === undefined ? null : replacedBetween(last.after, after)
    const names =
      last === undefined || replaced === null
        ? new Set([...after.keys(), ...before.keys()])
        : new Set([...last.unlike, ...replaced])
    const unlike = new Set<string>()
    for (const name of names) {
      const [old, now] = [before.get(name), after.get(name)]
      if (old === undefined || now === undefined || (old !== now && !this.#isSame(old, now))) unlike.add(name)
    }
    this.#known.set(before, { after, unlike })
    return unlike
  }
}

const NONE: ReadonlySet<string> = new Set()

/** Some of a map's values, in its order. */
export function valuesNamed<V>(entries: Entries<V>, names: ReadonlySet<string>): readonly V[] {
  const found: V[] = []
  if (names.size > 0) for (const [name, value] of entries) if (names.has(name)) found.push(value)
  return found
}
