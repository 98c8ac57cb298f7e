import type { AccountDraft } from '../steps/carry-out.ts'
import type { Situation } from './situation.ts'
import { denying } from './situation.ts'
import type { Walk } from './walk.ts'

/** Steps whose order is open, by numbers of their drafts. */
export interface OpenSteps {
  /** In the order that is best if it will do. */
  readonly steps: readonly number[]
  /** What must be done before a step, of these. */
  readonly needs: ReadonlyMap<number, ReadonlySet<number>>
  readonly concernedBy: ReadonlyMap<number, readonly string[]>
}

/** Which of the steps that can come next is tried first. `kept`: as they stand; `narrowing`: what only takes away. */
export type Preference = 'kept' | 'narrowing'

/**
 * An order in which nobody may do more in between than before or after. Depth first over the sets of steps that are done:
 * what they leave doesn't depend on their order, so that a set is tried once.
 * @param most sets that may be tried
 * @returns null when there is none, or none was found
 */
export function findOrder(
  { steps, needs, concernedBy }: OpenSteps,
  start: AccountDraft,
  walk: Walk,
  preference: Preference,
  most: number,
): readonly number[] | null {
  const tried = new Set<string>()
  const done = new Set<number>()
  const order: number[] = []
  let left = most
  const visit = (view: AccountDraft): boolean => {
    if (order.length === steps.length) return true
    const key = steps.map((step) => (done.has(step) ? 1 : 0)).join('')
    if (tried.has(key) || left-- <= 0) return false
    tried.add(key)
    const ready = steps.filter(
      (step) => !done.has(step) && [...(needs.get(step) ?? [])].every((needed) => done.has(needed)),
    )
    const next = ready.map((step) => ({ step, view: walk.after(view, step) }))
    const keysOf = (step: number) => concernedBy.get(step) ?? []
    const classOf = (step: number, then: AccountDraft) =>
      Math.max(
        0,
        ...keysOf(step).map((each) => turn(walk.situationOf(each, view), walk.situationOf(each, then))),
      )
    const sorted =
      preference === 'kept'
        ? next
        : next
            .map((each) => ({ ...each, turn: classOf(each.step, each.view) }))
            .sort((a, b) => a.turn - b.turn)
    for (const each of sorted) {
      if (walk.wrongIn(each.view, keysOf(each.step)) !== null) continue
      done.add(each.step)
      order.push(each.step)
      if (visit(each.view)) return true
      done.delete(each.step)
      order.pop()
    }
    return false
  }
  return visit(start) ? order : null
}

/** 0: only takes away; 1: takes and gives; 2: only gives. */
function turn(now: Situation, then: Situation): 0 | 1 | 2 {
  if (isNarrower(then, now)) return 0
  return isNarrower(now, then) ? 2 : 1
}

function isNarrower(a: Situation, b: Situation): boolean {
  const denies = new Set(denying(a))
  return (
    a.identity.every((rule) => !rule.allows || b.identity.includes(rule)) &&
    denying(b).every((rule) => denies.has(rule)) &&
    (b.boundary === null ||
      (a.boundary?.every((rule) => !rule.allows || b.boundary?.includes(rule)) ?? false))
  )
}
