import type { ListedBy } from '../../model/index.ts'

/** What happens to the members of a list or map attribute. */
export interface MemberChange {
  /** In the author's order. */
  readonly added: readonly string[]
  /** Sorted. */
  readonly removed: readonly string[]
  /** What is there and stays, though nobody here declares it. Sorted. */
  readonly unmanaged: readonly string[]
}

/**
 * Promise P5 for one attribute: declared = exactly this; absent = not managed here, but what the last apply
 * declared there is removed.
 * @param before the members that the last apply declared
 */
export function memberChange(
  observed: Iterable<string>,
  desired: Iterable<string> | undefined,
  before: readonly string[] | undefined,
): MemberChange {
  const listed = listOf(observed)
  const asked = desired === undefined ? null : listOf(desired)
  if (asked === null ? listed.length === 0 : sameFew(listed, asked)) return NO_CHANGE
  const present = new Set(listed)
  if (asked !== null) {
    const wanted = new Set(asked)
    return {
      added: [...wanted].filter((member) => !present.has(member)),
      removed: [...present].filter((member) => !wanted.has(member)).sort(),
      unmanaged: [],
    }
  }
  const owned = new Set(before)
  const sorted = [...present].sort()
  return {
    added: [],
    removed: sorted.filter((member) => owned.has(member)),
    unmanaged: sorted.filter((member) => !owned.has(member)),
  }
}

/**
 * The same where others say who is in them: of these exactly what they say, and all else as where nothing is declared.
 * @param before the members that the last apply declared
 */
export function listedChange(
  observed: readonly string[],
  { in: wanted, by }: ListedBy,
  before: readonly string[] | undefined,
): MemberChange {
  const present = new Set(observed)
  const added = wanted.filter((member) => !present.has(member))
  const others = [...present].filter((member) => !wanted.includes(member)).sort()
  if (added.length + others.length === 0) return NO_CHANGE
  const goes = (member: string): boolean => by.has(member) || before?.includes(member) === true
  return { added, removed: others.filter(goes), unmanaged: others.filter((member) => !goes(member)) }
}

/** The same list where it is one already: plans compare tens of thousands, and read each once. */
const listOf = (members: Iterable<string>): readonly string[] =>
  Array.isArray(members) ? members : [...members]

/** Of nearly everything, and so one object for all of it. */
export const NO_CHANGE: MemberChange = { added: [], removed: [], unmanaged: [] }

/** Whether two short lists have the same members; a long one is not worth the search. Nearly always so, and no sets are made. */
const sameFew = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length &&
  a.length <= 10 &&
  a.every((member) => b.includes(member)) &&
  b.every((member) => a.includes(member))
