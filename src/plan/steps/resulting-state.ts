import { isDeepStrictEqual } from 'node:util'
import type { DesiredState } from '../../manifest/desired.ts'
import { type AccountState, type AnyDesiredEntity, type AnyEntityState, keysOf } from '../../model/index.ts'
import type { Plan } from '../plan.ts'
import { renameTrusted } from '../principals/renamed-principals.ts'
import { trustsTheDeleted } from '../principals/trust-change.ts'
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
  for (const kind of keysOf(observed.entities))
    settle(draft.entities[kind], observed.entities[kind], desired.entities[kind])
  return { account: observed.account, children: observed.children, ...draft }
}

/** Puts the declared documents in place, and in place of what is equal to what was found before, that. */
function settle(
  entities: Map<string, AnyEntityState>,
  observed: ReadonlyMap<string, AnyEntityState>,
  desired: ReadonlyMap<string, AnyDesiredEntity>,
): void {
  for (const declared of desired.values()) {
    const entity = entities.get(declared.name)
    if (entity === undefined) continue
    const before = observed.get(declared.name)
    if (entity === before) {
      const known = unchanged.get(entity)
      if (known?.declared === declared) {
        entities.set(declared.name, known.placed)
        continue
      }
    }
    const placed = recalled(before ?? declared, withPlaces(entity, declared))
    entities.set(declared.name, placed)
    if (entity === before) unchanged.set(entity, { declared, placed })
  }
  for (const [name, before] of observed) {
    const entity = entities.get(name)
    if (entity !== undefined && entity !== before && !desired.has(name))
      entities.set(name, recalled(before, entity))
  }
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
  const inlinePolicies = 'inlinePolicies' in declared ? declared.inlinePolicies : undefined
  const inline = inlinePolicies === undefined || inlinePolicies.size === 0 ? null : { inlinePolicies }
  if ('trustPolicy' in entity && 'trustPolicy' in declared)
    return {
      ...entity,
      trustPolicy: trustsTheDeleted(entity, declared) ? entity.trustPolicy : declared.trustPolicy,
      ...inline,
    }
  return inline === null ? entity : { ...entity, ...inline }
}
