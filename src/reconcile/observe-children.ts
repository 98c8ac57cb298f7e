import type { DesiredState, Scopes } from '../manifest/desired.ts'
import {
  type AnyDesiredEntity,
  type AnyEntityState,
  byKind,
  CHILD_KINDS,
  CHILDREN,
  type ChildKind,
  type ChildState,
  type ChildStates,
  type CredentialNote,
  type Declarations,
  ENTITY_KINDS,
  type EntityKind,
  type EntityStates,
  isEntityKind,
} from '../model/index.ts'
import { isInScope } from '../plan/removal/ownership.ts'
import type { IamReader } from '../target/ports.ts'
import { orWhenMissing } from './api-values.ts'
import { mapAtOnce } from './map-at-once.ts'
import type { ChildObservation, ObserveKinds } from './observe-kind.ts'

/** By kind of child, the names of those of whom it is read. */
export type AskedParents = { readonly [K in ChildKind]?: readonly string[] }

/** What says of whom all that is named under them is read. */
export interface Claims {
  readonly desired: { readonly entities: DesiredState['entities'] }
  /** What counted as declared before. */
  readonly declaredBefore: Declarations
  readonly scopes: Scopes
  /** Of whom more is read in full, since they are to declare it. Absent: of nobody. */
  readonly inFull?: AskedParents
}

/**
 * Whoever has children that a plan may be about: they are declared, or were, or go with their parent. To ask of everybody would
 * take a call for each user of an account.
 */
export const parentsIn = (entities: EntityStates, claims: Claims): AskedParents => {
  const owners = ownersIn(claims.declaredBefore)
  const { inFull } = claims
  return parentsBy(entities, (parent, state) => {
    const asked = kindsAskedOf(parent, state, claims, owners)
    return inFull === undefined
      ? asked
      : KINDS_OF[parent].filter((kind) => asked.includes(kind) || inFull[kind]?.includes(state.name) === true)
  })
}

/** Everybody. */
export const allParents = (entities: EntityStates): AskedParents =>
  parentsBy(entities, (parent) => KINDS_OF[parent])

/** Whether there is an answer for each of these. */
export const hasAnswers = (children: ChildStates, asked: AskedParents): boolean =>
  CHILD_KINDS.every((kind) => (asked[kind] ?? []).every((name) => children[kind]?.has(name) === true))

/** @throws IamError */
export async function readChildren(
  reader: IamReader,
  kinds: ObserveKinds['children'],
  asked: AskedParents,
): Promise<ChildStates> {
  const read: Partial<Record<ChildKind, ReadonlyMap<string, readonly ChildState[]>>> = {}
  for (const kind of CHILD_KINDS) {
    const names = asked[kind] ?? []
    if (names.length > 0) read[kind] = await readOfAll(reader, kinds[kind], names)
  }
  return read
}

/**
 * With what a journal has notes of and is nobody's: an apply was killed between taking it from whose it was and deleting it.
 * @throws IamError
 */
export async function withFreed(
  reader: IamReader,
  kinds: ObserveKinds['children'],
  children: ChildStates,
  notes: readonly CredentialNote[],
): Promise<ChildStates> {
  if (notes.length === 0) return children
  const all: Partial<Record<ChildKind, ReadonlyMap<string, readonly ChildState[]>>> = { ...children }
  for (const kind of CHILD_KINDS) {
    const { freed } = kinds[kind]
    const known = children[kind]
    const noted = notes.filter((note) => note.kind === kind && known?.has(note.parent) === true)
    if (freed === undefined || known === undefined || noted.length === 0) continue
    const found = await freed(
      reader,
      noted.flatMap(({ id }) => id ?? []),
    )
    const of = (parent: string) =>
      found.filter(({ id }) => noted.some((note) => note.id === id && note.parent === parent))
    all[kind] = new Map([...known].map(([parent, states]) => [parent, [...states, ...of(parent)]]))
  }
  return all
}

/** Calls under way at once. @see IAM publishes no rates: few enough to be let through */
const AT_ONCE = 5

async function readOfAll(
  reader: IamReader,
  { read }: ChildObservation,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly ChildState[]>> {
  const found = await mapAtOnce(
    names,
    AT_ONCE,
    // Whoever is gone has none.
    async (name) => [name, await orWhenMissing(NONE, read(reader, name))] as const,
  )
  return new Map(found)
}

const NONE: readonly ChildState[] = []

/** What may be named under each kind. */
const KINDS_OF = byKind((parent) => CHILD_KINDS.filter((kind) => CHILDREN[kind].parent === parent))

/** @param kindsOf what of one is read: looked at once, since a watcher asks at each save, of thousands */
function parentsBy(
  entities: EntityStates,
  kindsOf: (parent: EntityKind, state: AnyEntityState) => readonly ChildKind[],
): AskedParents {
  const asked: Partial<Record<ChildKind, string[]>> = {}
  for (const parent of ENTITY_KINDS) {
    if (KINDS_OF[parent].length === 0) continue
    const states: ReadonlyMap<string, AnyEntityState> = entities[parent]
    for (const state of states.values())
      for (const kind of kindsOf(parent, state)) {
        const names = asked[kind]
        if (names === undefined) asked[kind] = [state.name]
        else names.push(state.name)
      }
  }
  return asked
}

const NO_KINDS: readonly ChildKind[] = []

function kindsAskedOf(
  parent: EntityKind,
  state: AnyEntityState,
  { desired, declaredBefore, scopes }: Claims,
  owners: Owners,
): readonly ChildKind[] {
  const all: ReadonlyMap<string, AnyDesiredEntity> = desired.entities[parent]
  const declared = all.get(state.name)
  if (declared === undefined)
    return isInScope(state, scopes[parent], declaredBefore) ? KINDS_OF[parent] : NO_KINDS
  const { children, requires, onlyWithMfa } = declared
  if (children === undefined && requires === undefined && owners[parent].size === 0) return NO_KINDS
  const owned = owners[parent].get(state.name)
  return KINDS_OF[parent].filter(
    (kind) =>
      children?.has(kind) === true ||
      requires?.has(kind) === true ||
      (onlyWithMfa !== undefined && CHILDREN[kind].isWithoutMfa === true) ||
      owned?.has(kind) === true,
  )
}

/** By kind, who was declared to have children, and of which kinds. */
type Owners = Readonly<Record<EntityKind, ReadonlyMap<string, ReadonlySet<ChildKind>>>>

/** By what was declared, which isn't modified. */
const known = new WeakMap<Declarations, Owners>()

function ownersIn(declaredBefore: Declarations): Owners {
  const found = known.get(declaredBefore)
  if (found !== undefined) return found
  const owners = byKind(() => new Map<string, ReadonlySet<ChildKind>>())
  for (const [ref, attributes] of Object.entries(declaredBefore)) {
    const slash = ref.indexOf('/')
    const parent = ref.slice(0, slash)
    if (!isEntityKind(parent)) continue
    const kinds = KINDS_OF[parent].filter((kind) => (attributes[CHILDREN[kind].section] ?? []).length > 0)
    if (kinds.length > 0) owners[parent].set(ref.slice(slash + 1), new Set(kinds))
  }
  known.set(declaredBefore, owners)
  return owners
}
