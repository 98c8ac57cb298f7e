/** Of a commit what its history is made of. */
export interface CommitLinks {
  readonly parents: readonly string[]
  /** When it was made, in seconds. */
  readonly time: number
}

const ONE = 1
const OTHER = 2
/** Behind a commit that both have. */
const STALE = 4

/**
 * The commit from which two went apart: both have it in their history, and none that follows it. As git does, newest first, painting
 * what each has: so no more of history is read than it takes.
 * @param read null: the commit isn't in this clone
 * @returns null: there is none, or it can't be told in this clone
 * @see git, `commit-reach.c`: paint_down_to_common
 */
export async function mergeBaseOf(
  one: string,
  other: string,
  read: (oid: string) => Promise<CommitLinks | null>,
): Promise<string | null> {
  const flags = new Map<string, number>()
  const links = new Map<string, CommitLinks>()
  const open = new Set<string>()
  const paint = async (oid: string, colours: number): Promise<boolean> => {
    const before = flags.get(oid) ?? 0
    if ((before & colours) === colours) return true
    flags.set(oid, before | colours)
    open.add(oid)
    if (links.has(oid)) return true
    const found = await read(oid)
    if (found !== null) links.set(oid, found)
    return found !== null
  }
  const timeOf = (oid: string): number => links.get(oid)?.time ?? 0
  const isStale = (oid: string): boolean => ((flags.get(oid) ?? 0) & STALE) !== 0
  const common: string[] = []
  // What is as new as a commit that was found may lead to it, and say that another one follows it.
  const isOpen = () =>
    [...open].some((oid) => !isStale(oid) || common.some((each) => timeOf(oid) >= timeOf(each)))

  if (!(await paint(one, ONE)) || !(await paint(other, OTHER))) return null
  while (isOpen()) {
    const newest = [...open].reduce((a, b) => (timeOf(b) > timeOf(a) ? b : a))
    open.delete(newest)
    let colours = flags.get(newest) ?? 0
    if ((colours & (ONE | OTHER)) === (ONE | OTHER)) {
      if ((colours & STALE) === 0) common.push(newest)
      colours |= STALE
    }
    // What isn't here may be what they have in common.
    for (const parent of links.get(newest)?.parents ?? [])
      if (!(await paint(parent, colours)) && (colours & STALE) === 0) return null
  }
  return common.find((oid) => !isStale(oid)) ?? null
}
