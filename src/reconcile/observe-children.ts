import type { DesiredState, Scopes } from '../manifest/desired.ts'
import {
  type AnyDesiredEntity,
  type AnyEntityState,
  CHILD_KINDS,
  CHILDREN,
  type ChildKind,
  type ChildState,
  type ChildStates,
  type Declarations,
  type EntityKind,
  type EntityStates,
  entityRef,
  keysOf,
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
}

/**
 * Whoever has children that a plan may be about: they are declared, or were, or go with their parent. To ask of everybody would
 * take a call for each user of an account.
 */
export const parentsIn = (entities: EntityStates, claims: Claims): AskedParents =>
  parentsBy(entities, (kind, parent, state) => isAsked(kind, parent, state, claims))

/** Everybody. */
export const allParents = (entities: EntityStates): AskedParents => parentsBy(entities, () => true)

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

function parentsBy(
  entities: EntityStates,
  isTaken: (kind: ChildKind, parent: EntityKind, state: AnyEntityState) => boolean,
): AskedParents {
  const asked: Partial<Record<ChildKind, readonly string[]>> = {}
  for (const kind of CHILD_KINDS)
    for (const parent of keysOf(entities)) {
      if (CHILDREN[kind].parent !== parent) continue
      const states: ReadonlyMap<string, AnyEntityState> = entities[parent]
      const names = [...states.values()].flatMap((state) =>
        isTaken(kind, parent, state) ? [state.name] : [],
      )
      if (names.length > 0) asked[kind] = names
    }
  return asked
}

function isAsked(
  kind: ChildKind,
  parent: EntityKind,
  state: AnyEntityState,
  { desired, declaredBefore, scopes }: Claims,
): boolean {
  const declared: ReadonlyMap<string, AnyDesiredEntity> = desired.entities[parent]
  const of = declared.get(state.name)
  if (of === undefined) return isInScope(state, scopes[parent], declaredBefore)
  if (of.children?.has(kind) === true || of.requires?.has(kind) === true) return true
  return (declaredBefore[entityRef(parent, state.name)]?.[CHILDREN[kind].section] ?? []).length > 0
}
