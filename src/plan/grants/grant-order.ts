import type { Effect } from '../../model/effect.ts'
import { RANK, type StepDraft, token } from '../steps/step-drafts.ts'
import type { Grants } from './grant-change.ts'

/** Where a step stands among the others. */
export interface StepPlace {
  readonly rank: number
  readonly requires: readonly string[]
  readonly provides: readonly string[]
}

/**
 * `settling`: what is gained still loses something itself (a group), which must be over by then.
 * `waiting`: it can only come once something else has gone, so that nothing of the entity may wait for it in turn.
 */
type GainState = 'ready' | 'settling' | 'waiting'

/** Where the steps stand that give an entity something or take it away. */
export interface GrantOrder {
  gain(effect: Effect, state?: GainState): StepPlace
  /** @param isChanging what is lost changes itself in this plan, and is not meant for who loses it */
  loss(effect: Effect, isChanging: boolean): StepPlace
  /** Of an inline policy that is there and changes. */
  rewrite(): StepPlace
}

/**
 * The order in which nobody may do more in between than before or after. What denies comes first and goes last. Where
 * the boundary or the trust changes, what is lost goes before that, and what is gained comes after. Otherwise gains go
 * first, so that nothing that stays allowed is interrupted, but for what is changed by this very plan.
 */
export function grantOrder(
  { arn, observed, boundary }: Grants,
  { trustChanges, boundaryChanges }: { readonly trustChanges: boolean; readonly boundaryChanges: boolean },
): GrantOrder {
  const isNew = observed === null
  const narrowFirst = !isNew && (trustChanges || boundary.before !== boundary.after)
  const narrowed = narrowFirst ? [token.narrowed(arn)] : []
  const bounded = narrowFirst ? [token.bounded(arn)] : []
  const exists = [token.exists(arn)]
  const gain = (effect: Effect, state: GainState = 'ready'): StepPlace =>
    effect === 'denies'
      ? {
          rank: isNew ? RANK.add : RANK.tighten,
          requires: exists,
          provides: [token.denied(arn), ...(state === 'waiting' ? [] : narrowed)],
        }
      : {
          rank: (state === 'settling' ? RANK.join : RANK.add) + (effect === 'both' ? 1 : 2),
          requires: [...exists, ...bounded],
          provides: [],
        }
  // A changed inline policy takes its place before the boundary goes: the old one was never meant to be without one.
  const rewriteFirst = boundary.before !== null && boundary.after === null
  const unbounded: StepPlace = { rank: RANK.add, requires: exists, provides: narrowed }
  return {
    gain,
    loss: (effect, isChanging) => lossPlace(arn, effect, isChanging || boundaryChanges, narrowed),
    rewrite: () => (rewriteFirst ? unbounded : gain('allows')),
  }
}

/** Of an entity that is deleted: everything that it has is lost. */
export const removalOrder =
  (arn: string, boundaryChanges: boolean) =>
  (effect: Effect, isChanging: boolean): StepPlace =>
    lossPlace(arn, effect, isChanging || boundaryChanges, [])

/** What denies goes only once what allows is gone: if that fails, it stays. */
function lossPlace(arn: string, effect: Effect, isEarly: boolean, narrowed: readonly string[]): StepPlace {
  if (effect === 'denies') return { rank: RANK.remove + 2, requires: [token.lost(arn)], provides: [] }
  return {
    rank: (isEarly ? RANK.removeEarly : RANK.remove) + (effect === 'both' ? 1 : 0),
    requires: [],
    provides: [token.lost(arn), ...narrowed],
  }
}

/** In the order of their ranks, since what requires several steps pulls them up as they were added. */
export const stepsByRank = (steps: readonly StepDraft[]): readonly StepDraft[] =>
  steps.toSorted((a, b) => a.rank - b.rank)
