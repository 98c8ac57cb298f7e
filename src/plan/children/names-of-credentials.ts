import type { ChildKind, ChildState, CredentialNote, DesiredChild } from '../../model/index.ts'
import type { ChildChanges } from './child-changes.ts'

/** A credential, and what is known of the name that it has. */
export interface HeldCredential {
  readonly state: ChildState
  /** null: no name of those that were asked for. */
  readonly name: string | null
  /**
   * Why it has the name: the journal says so, or it is the oldest that has none. `lost`: a call has made it, and nobody was told
   * its secret.
   */
  readonly by: 'journal' | 'age' | 'lost' | null
  /** When somebody was given its secret, in milliseconds; null: nobody here did that. */
  readonly delivered: number | null
}

/**
 * Which credential of an entity has which name. The journal says it; of those that it doesn't know, the oldest has the first of
 * the names that are free, of those with its own status if there are any: one that is in use isn't taken for what is to be out of use, and
 * one that is out of use never for what is to be in use.
 * INVARIANT: one that was used is not lost, since somebody has its secret; one that nobody knows of and that is used is not of
 * a call whose answer was lost. Nor is one that was made at another time than the call, nor one of several: somebody may have made it by hand.
 * @param names those that are declared, in the order of the declaration
 * @returns oldest first
 */
export function heldUnderNames<K extends ChildKind>(
  { planning: { credentials = [], at }, kind, parent, observed }: ChildChanges<K>,
  names: readonly DeclaredName[],
): readonly HeldCredential[] {
  const notes = credentials.filter((note) => note.kind === kind && note.parent === parent.name)
  const known = observed.toSorted(oldestFirst).map((state) => fromJournal(state, notes, observed, names))
  const taken = new Set(known.flatMap(({ by, name }) => (by === 'journal' ? [name] : [])))
  const free = new Set(names.filter(({ name }) => !taken.has(name)))
  const byAge = new Map<ChildState, string>()
  const nameUnknown = (isLike: (state: ChildState, of: DeclaredName) => boolean) => {
    for (const { state, by } of known) {
      if (by !== null || byAge.has(state) || hasEnded(state, at)) continue
      const found = [...free].find((each) => each.variety === state.variety && isLike(state, each))
      if (found === undefined) continue
      free.delete(found)
      byAge.set(state, found.name)
    }
  }
  nameUnknown((state, { status }) => status === state.status)
  // What is out of use may be so since it leaked: nothing that nobody has named puts it back.
  nameUnknown((state, { status }) => status !== 'active' || state.status === 'active')
  return known.map((held): HeldCredential => {
    const name = byAge.get(held.state)
    return name === undefined ? held : { ...held, name, by: 'age' }
  })
}

/** @property status absent: it isn't declared any more */
type DeclaredName = Pick<DesiredChild, 'name'> & Partial<Pick<DesiredChild, 'status' | 'variety'>>

/** Whether nobody can use it any more, and nothing makes it active again. */
export const hasEnded = (
  { isExpired, expires }: Pick<ChildState, 'isExpired' | 'expires'>,
  at: number | undefined,
): boolean => isExpired === true || (expires !== undefined && at !== undefined && expires <= at)

/** The name that the journal has of it; null: none. */
export const nameOf = (held: readonly HeldCredential[], state: ChildState): string | null =>
  held.find((each) => each.state === state && each.by !== 'age')?.name ?? null

const oldestFirst = (a: ChildState, b: ChildState): number =>
  (a.created ?? 0) - (b.created ?? 0) || (a.id < b.id ? -1 : 1)

function fromJournal(
  state: ChildState,
  notes: readonly CredentialNote[],
  observed: readonly ChildState[],
  names: readonly DeclaredName[],
): HeldCredential {
  const isUsed = isUsedOnce(state)
  const note = notes.find(({ id }) => id === state.id)
  if (note !== undefined) {
    const { name, delivered } = note
    if (delivered === null && !isUsed) return { state, name, by: 'lost', delivered }
    return { state, name, by: 'journal', delivered: delivered ?? state.created ?? null }
  }
  const ids = new Set(notes.map(({ id }) => id))
  const begun = notes.find((each) => {
    const declared = names.find(({ name, status }) => name === each.name && status !== undefined)
    const [made, ...more] = observed.filter(
      (one) =>
        !ids.has(one.id) &&
        mayBeOf(each, one) &&
        (declared === undefined || declared.variety === one.variety),
    )
    return made === state && more.length === 0
  })
  return { state, name: begun?.name ?? null, by: begun === undefined ? null : 'lost', delivered: null }
}

const isUsedOnce = ({ lastUsed }: ChildState): boolean => lastUsed !== undefined && lastUsed !== null

/** How far AWS's clock may be from this one (more it refuses), and how long a call takes with all its attempts. */
const AROUND_A_CALL = 900_000

/** Whether the call that was begun may have made this one. */
const mayBeOf = ({ id, others, begun }: CredentialNote, state: ChildState): boolean =>
  id === null &&
  !others.includes(state.id) &&
  !isUsedOnce(state) &&
  (begun === null || state.created === undefined || Math.abs(state.created - begun) <= AROUND_A_CALL)
