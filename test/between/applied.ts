// Plans of random pairs of accounts, applied step by step.
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { AccountState } from '../../src/model/index.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { type Blueprint, desiredOf } from '../arbitraries/state.ts'
import { converge, followed, planFor, withWorld } from '../reconcile/world.ts'

interface Applied {
  readonly plan: Plan
  readonly before: AccountState
  /** After each step. */
  readonly states: readonly AccountState[]
}

export const applied = ([start, goal]: readonly [Blueprint, Blueprint]): Promise<Applied> =>
  withWorld(async (world) => {
    await converge(world, desiredOf(start))
    const before = await world.observe()
    const { plan } = planFor(
      desiredOf(goal),
      before,
      declarationsOf(desiredOf(start), MANIFEST_KINDS.entities),
    )
    const { results, states } = await followed(plan, world)
    const undone = results.filter(({ status }) => status !== 'done')
    if (undone.length > 0) throw new Error(`not done: ${JSON.stringify(undone, null, 1)}`)
    return { plan, before, states }
  })
