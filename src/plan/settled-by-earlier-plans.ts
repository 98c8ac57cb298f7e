import type { AccountState, AnyDesiredEntity, AnyEntityState, Declarations } from '../model/index.ts'
import { inNameOrder } from './name-order.ts'
import type { PlanInput } from './plan-input.ts'

/** By what is observed, the declaration that it was found to be as: comparing the two again would find nothing to do or to say. */
export type Settled = Map<AnyEntityState, AnyDesiredEntity>

/**
 * What earlier plans of the same observed state have settled. A watcher plans again and again against one state, with
 * nearly all declarations unchanged. Neither is ever modified, so that who remembers them finds what a comparison would.
 */
export function settledIn({ observed, declaredBefore }: PlanInput): Settled {
  const known = remembered.get(observed)
  if (known?.declaredBefore === declaredBefore) return known.settled
  const settled: Settled = new Map()
  remembered.set(observed, { declaredBefore, settled })
  return settled
}

const remembered = new WeakMap<
  AccountState,
  { readonly declaredBefore: Declarations; readonly settled: Settled }
>()

/** What may need a change, in the order of names. */
export const unsettled = <D extends AnyDesiredEntity>(
  settled: Settled,
  desired: ReadonlyMap<string, D>,
  observed: ReadonlyMap<string, AnyEntityState>,
): readonly D[] =>
  inNameOrder(
    [...desired.values()].filter((entity) => {
      const state = observed.get(entity.name)
      return state === undefined || settled.get(state) !== entity
    }),
  )
