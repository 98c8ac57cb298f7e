// Whether some order of a plan's steps lets nobody do more in between, by trying all of them on the embedded IAM.
import { IamError } from '../../src/iam/service-error.ts'
import type { AccountState } from '../../src/model/index.ts'
import type { Step } from '../../src/model/step.ts'
import { type Blueprint, desiredOf } from '../arbitraries/state.ts'
import { converge, withWorld } from '../reconcile/world.ts'
import type { InBetween, requestsOf } from './in-between-requests.ts'

/** What a step is about: of two that write the same document or boundary the last counts, and the first is an interim one. */
function targetOf({ operation, input }: Step): string | null {
  if (!/^(?:CreatePolicyVersion|Put\w+)$/.test(operation)) return null
  const { PolicyArn, UserName, RoleName, GroupName, PolicyName } = input as Record<string, string>
  return JSON.stringify([operation, PolicyArn, UserName, RoleName, GroupName, PolicyName])
}

/** A plan's steps but for those that only come in between. */
export function stepsThatStay(steps: readonly Step[]): readonly Step[] {
  const last = new Map(steps.map((step, number) => [targetOf(step), number]))
  return steps.filter((step, number) => targetOf(step) === null || last.get(targetOf(step)) === number)
}

/** The state after some steps; null: the IAM refuses one of them. */
const stateAfter = (start: Blueprint, steps: readonly Step[]): Promise<AccountState | null> =>
  withWorld(async (world) => {
    await converge(world, desiredOf(start))
    for (const { operation, input } of steps)
      try {
        await world.iam.write(operation, input as never)
      } catch (error) {
        if (error instanceof IamError) return null
        throw error
      }
    return world.observe()
  })

/** Sets of steps that are done are tried once each: what they leave doesn't depend on their order. */
export async function someOrderIsNarrow(
  start: Blueprint,
  steps: readonly Step[],
  between: InBetween,
  {
    before,
    after,
    requests,
  }: { before: AccountState; after: AccountState; requests: ReturnType<typeof requestsOf> },
): Promise<boolean> {
  const tried = new Set<string>()
  const visit = async (done: readonly number[]): Promise<boolean> => {
    if (done.length === steps.length) return true
    const key = [...done].sort((a, b) => a - b).join(',')
    if (tried.has(key)) return false
    tried.add(key)
    for (const next of steps.keys()) {
      if (done.includes(next)) continue
      const list = [...done, next]
      const state = await stateAfter(
        start,
        list.flatMap((number) => steps[number] ?? []),
      )
      if (state === null || between.widerIn(before, state, after, requests) !== null) continue
      if (await visit(list)) return true
    }
    return false
  }
  return visit([])
}
