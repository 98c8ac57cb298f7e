import {
  type AccountState,
  type AnyDesiredEntity,
  type Declarations,
  type EntityKind,
  keysOf,
  tableOf,
} from '../model/index.ts'
import { replacedBetween } from '../model/replaced-entries.ts'
import { inNameOrder, sortedByName } from './name-order.ts'
import type { Settled, ToLookAt } from './plan-input.ts'
import { desiredOf, entitiesOf, type PlanRequest } from './planning.ts'

interface Remembered {
  readonly declaredBefore: Declarations
  readonly settled: Settled
  readonly looked: Map<EntityKind, LookedAt>
}

interface LookedAt extends ToLookAt {
  /** What was declared of the kind. */
  readonly of: ReadonlyMap<string, AnyDesiredEntity>
}

/**
 * What earlier plans of the same observed state have settled. A watcher plans again and again against one state, with
 * nearly all declarations unchanged. Neither is ever modified, so that who remembers them finds what a comparison would.
 */
export const settledIn = (request: PlanRequest): Settled => rememberedOf(request).settled

const remembered = new WeakMap<AccountState, Remembered>()

function rememberedOf({ observed, declaredBefore }: PlanRequest): Remembered {
  const known = remembered.get(observed)
  if (known?.declaredBefore === declaredBefore) return known
  const anew: Remembered = { declaredBefore, settled: new Map(), looked: new Map() }
  remembered.set(observed, anew)
  return anew
}

/** What may need a change, and what nobody declares, by kind: of what the last plan had to look at, and what was declared anew since. */
export function toLookAt(request: PlanRequest): Readonly<Record<EntityKind, ToLookAt>> {
  const { settled, looked } = rememberedOf(request)
  return tableOf(keysOf(request.kinds), (kind) => {
    const desired = desiredOf(request.desired, kind)
    const observed = entitiesOf(request.observed, kind)
    const last = looked.get(kind)
    const replaced = last === undefined ? null : replacedBetween(last.of, desired)
    const isUnsettled = (entity: AnyDesiredEntity): boolean => {
      const state = observed.get(entity.name)
      return state === undefined || settled.get(state) !== entity
    }
    const candidates =
      last === undefined || replaced === null
        ? [...desired.values()]
        : [...new Set([...last.unsettled.map(({ name }) => name), ...replaced])].flatMap(
            (name) => desired.get(name) ?? [],
          )
    const now = {
      of: desired,
      unsettled: inNameOrder(candidates.filter(isUnsettled)),
      undeclared:
        last === undefined || replaced === null
          ? sortedByName(observed).filter(({ name }) => !desired.has(name))
          : last.undeclared,
    }
    looked.set(kind, now)
    return now
  })
}
