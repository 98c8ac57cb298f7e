import { isDeepStrictEqual } from 'node:util'
import type { DesiredState } from '../manifest/desired.ts'
import type { AccountState, AnyDesiredEntity, AnyEntityState } from '../model/index.ts'
import type { Plan } from './plan.ts'
import { renameTrusted } from './renamed-principals.ts'
import { type AccountDraft, carryOut } from './step-effects.ts'
import { trustsTheDeleted } from './trust-change.ts'

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
  const draft: AccountDraft = {
    desired,
    account: observed.account,
    entities: {
      policy: new Map(observed.entities.policy),
      group: new Map(observed.entities.group),
      user: new Map(observed.entities.user),
      role: new Map(observed.entities.role),
    },
    children: observed.children,
    settings: { ...observed.settings },
  }
  for (const step of steps) carryOut(step, draft)
  if (steps.length > 0) renameTrusted(draft, observed)
  const { entities } = draft
  settle(entities.policy, observed.entities.policy, desired.entities.policy)
  settle(entities.group, observed.entities.group, desired.entities.group)
  settle(entities.user, observed.entities.user, desired.entities.user)
  settle(entities.role, observed.entities.role, desired.entities.role)
  const { desired: _, ...state } = draft
  return state
}

/** Puts the declared documents in place, and in place of what is equal to what was found before, that. */
function settle<S extends AnyEntityState>(
  entities: Map<string, S>,
  observed: ReadonlyMap<string, S>,
  desired: ReadonlyMap<string, AnyDesiredEntity>,
): void {
  for (const declared of desired.values()) {
    const entity = entities.get(declared.name)
    if (entity === undefined) continue
    const before = observed.get(declared.name)
    if (entity === before) {
      const known = unchanged.get(entity)
      if (known?.declared === declared) {
        entities.set(declared.name, known.placed as S)
        continue
      }
    }
    const placed = recalled(before ?? declared, withPlaces(entity, declared) as S)
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

function recalled<S extends AnyEntityState>(key: object, entity: S): S {
  const last = results.get(key)
  if (last !== undefined && isDeepStrictEqual(last, entity)) return last as S
  results.set(key, entity)
  return entity
}

/** The entity with the declared documents, which mean the same as those that it has. */
function withPlaces(entity: AnyEntityState, declared: AnyDesiredEntity): AnyEntityState {
  if (entity.kind === 'policy')
    return declared.kind === 'policy' ? { ...entity, document: declared.document } : entity
  if (declared.kind === 'policy') return entity
  const inlinePolicies = declared.inlinePolicies ?? entity.inlinePolicies
  if (entity.kind === 'role' && declared.kind === 'role')
    return {
      ...entity,
      trustPolicy: trustsTheDeleted(entity, declared) ? entity.trustPolicy : declared.trustPolicy,
      inlinePolicies,
    }
  return inlinePolicies === entity.inlinePolicies || inlinePolicies.size === 0
    ? entity
    : { ...entity, inlinePolicies }
}
