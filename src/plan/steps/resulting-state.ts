import { isDeepStrictEqual } from 'node:util'
import type { DesiredState } from '../../manifest/desired.ts'
import {
  type AccountState,
  type AnyDesiredEntity,
  type AnyEntityState,
  keysOf,
  type StateDocument,
  tableOf,
} from '../../model/index.ts'
import { replacedBetween, withReplaced } from '../../model/replaced-entries.ts'
import type { Plan } from '../plan.ts'
import { renameTrusted } from '../principals/renamed-principals.ts'
import { isIncomplete, trustsTheDeleted } from '../principals/trust-change.ts'
import { carryOut, copyOf } from './carry-out.ts'

/**
 * The account as it is once all steps of a plan are done: what observing it then would find, but for the versions of
 * policies, and for the ids under which trust policies show principals that are gone (their ARNs stand there instead,
 * which then name nobody).
 *
 * Documents that are declared are the declared ones, which know their place, also where nothing changes. What neither
 * changes nor is declared with a document is the same object as in `observed`. As long as `observed` and the declared
 * entities are the same objects, so is everything that is found here: a watcher's every plan can be compared by identity.
 * @param plan of `desired` against `observed`
 */
export function resultingState(
  { desired, observed }: { readonly desired: DesiredState; readonly observed: AccountState },
  { steps }: Pick<Plan, 'steps'>,
): AccountState {
  const draft = copyOf(observed)
  for (const { effects } of steps) carryOut(effects, draft)
  if (steps.length > 0) renameTrusted(draft, observed)
  // Each kind's states stay states of that kind.
  const entities = tableOf(keysOf(observed.entities), (kind) =>
    settled(draft.entities[kind], observed.entities[kind], desired.entities[kind]),
  ) as AccountState['entities']
  return { account: observed.account, children: observed.children, ...draft, entities }
}

type States = ReadonlyMap<string, AnyEntityState>
type Declared = ReadonlyMap<string, AnyDesiredEntity>

/** What is left of a kind, with the declared documents in place, and in place of what is equal to what was found before, that. */
function settled(left: States, observed: States, desired: Declared): States {
  const changed = replacedBetween(observed, left)
  const placedIn = (name: string, entity: AnyEntityState): AnyEntityState => {
    const before = observed.get(name)
    const declared = desired.get(name)
    if (entity === before) return declared === undefined ? entity : unchangedPlaced(entity, declared)
    if (declared !== undefined) return recalled(before ?? declared, withPlaces(entity, declared))
    return before === undefined ? entity : recalled(before, entity)
  }
  if (changed === null) return new Map([...left].map(([name, entity]) => [name, placedIn(name, entity)]))
  return withReplaced(
    unchangedIn(observed, desired),
    changed.flatMap((name) => {
      const entity = left.get(name)
      return entity === undefined ? [] : [[name, placedIn(name, entity)] as const]
    }),
  )
}

/** By what is observed of a kind, all of it with the documents that were declared last. */
const placedLast = new WeakMap<States, { readonly desired: Declared; readonly placed: States }>()

/** A kind of which nothing changes; what was declared anew since the last time alone is looked at. */
function unchangedIn(observed: States, desired: Declared): States {
  const last = placedLast.get(observed)
  const replaced = last === undefined ? null : replacedBetween(last.desired, desired)
  const placedOf = (name: string): readonly (readonly [string, AnyEntityState])[] => {
    const [entity, declared] = [observed.get(name), desired.get(name)]
    if (entity === undefined) return []
    return [[name, declared === undefined ? entity : unchangedPlaced(entity, declared)]]
  }
  const placed =
    last === undefined || replaced === null
      ? new Map([...observed.keys()].flatMap(placedOf))
      : withReplaced(last.placed, replaced.flatMap(placedOf))
  placedLast.set(observed, { desired, placed })
  return placed
}

function unchangedPlaced(entity: AnyEntityState, declared: AnyDesiredEntity): AnyEntityState {
  const known = unchanged.get(entity)
  if (known?.declared === declared) return known.placed
  const placed = recalled(entity, withPlaces(entity, declared))
  unchanged.set(entity, { declared, placed })
  return placed
}

/** By what is observed and doesn't change. */
const unchanged = new WeakMap<
  AnyEntityState,
  { readonly declared: AnyDesiredEntity; readonly placed: AnyEntityState }
>()

/** What was found last, by what is observed of it, or else by its declaration. */
const results = new WeakMap<object, AnyEntityState>()

function recalled(key: object, entity: AnyEntityState): AnyEntityState {
  const last = results.get(key)
  if (last !== undefined && isDeepStrictEqual(last, entity)) return last
  results.set(key, entity)
  return entity
}

/** The entity with the declared documents, which mean the same as those that it has. */
function withPlaces(entity: AnyEntityState, declared: AnyDesiredEntity): AnyEntityState {
  if ('document' in entity)
    return 'document' in declared ? { ...entity, document: declared.document } : entity
  const inline = inlineWithPlaces(entity, declared)
  if ('trustPolicy' in entity && 'trustPolicy' in declared)
    return {
      ...entity,
      trustPolicy:
        trustsTheDeleted(entity, declared) || isIncomplete(entity, declared)
          ? entity.trustPolicy
          : declared.trustPolicy,
      ...inline,
    }
  return inline === null ? entity : { ...entity, ...inline }
}

/** Those that are generated, or that are ignored, stay beside those that are declared. null: none is declared. */
function inlineWithPlaces(
  entity: AnyEntityState,
  declared: AnyDesiredEntity,
): { readonly inlinePolicies: ReadonlyMap<string, StateDocument> } | null {
  const placed = 'inlinePolicies' in declared ? declared.inlinePolicies : undefined
  if (placed === undefined || placed.size === 0 || !('inlinePolicies' in entity)) return null
  return {
    inlinePolicies: new Map(
      [...entity.inlinePolicies].map(([name, document]) => [name, placed.get(name) ?? document]),
    ),
  }
}
