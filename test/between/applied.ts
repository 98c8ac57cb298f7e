// Plans of random pairs of accounts, applied step by step.
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { DesiredState } from '../../src/manifest/desired.ts'
import type { AccountState, DeclaredChildren } from '../../src/model/index.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { observe } from '../../src/reconcile/observe.ts'
import { allParents } from '../../src/reconcile/observe-children.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { type Blueprint, desiredOf } from '../arbitraries/state.ts'
import { converge, followed, planFor, withWorld } from '../reconcile/world.ts'

interface Applied {
  readonly plan: Plan
  readonly before: AccountState
  /** After each step. */
  readonly states: readonly AccountState[]
}

export const applied = (pair: readonly [Blueprint, Blueprint]): Promise<Applied> => {
  const [start, goal] = pair.map((blueprint) => desiredOf(blueprint))
  if (start === undefined || goal === undefined) throw new Error('no pair')
  return appliedStates(start, goal)
}

/** @param children what is declared under users there, by their names */
export const appliedWith = (
  [start, goal]: readonly [Blueprint, Blueprint],
  ...[first, then]: readonly [DeclaredOf, DeclaredOf]
): Promise<Applied> =>
  appliedStates(withChildren(desiredOf(start), first), withChildren(desiredOf(goal), then), allParents)

type DeclaredOf = Readonly<Record<string, DeclaredChildren>>

const withChildren = (desired: DesiredState, children: DeclaredOf): DesiredState => ({
  ...desired,
  entities: {
    ...desired.entities,
    user: new Map(
      [...desired.entities.user].map(([name, user]) => {
        const own = children[name]
        return [name, own === undefined ? user : { ...user, children: own }]
      }),
    ),
  },
})

const appliedStates = (
  start: DesiredState,
  goal: DesiredState,
  asked?: typeof allParents,
): Promise<Applied> =>
  withWorld(async ({ iam }) => {
    const world = { iam, observe: () => observe(iam, ACCOUNT, OBSERVE_KINDS, asked), close: async () => {} }
    await converge(world, start)
    const declared = declarationsOf(start, MANIFEST_KINDS.entities)
    // Not everything is made as it is to be: AWS makes keys active, and those that are not to be it has not.
    if (asked !== undefined) await followed(planFor(start, await world.observe(), declared).plan, world)
    const before = await world.observe()
    const { plan } = planFor(goal, before, declared)
    const { results, states } = await followed(plan, world)
    const undone = results.filter(({ status }) => status !== 'done')
    if (undone.length > 0) throw new Error(`not done: ${JSON.stringify(undone, null, 1)}`)
    return { plan, before, states }
  })
