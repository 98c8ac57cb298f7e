import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { AccountState, RoleState, UserState } from '../../src/model/index.ts'
import { canonicalPolicy } from '../../src/policy/canonical.ts'
import { applyPlan } from '../../src/reconcile/apply-plan.ts'
import type { IamWriter } from '../../src/target/ports.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { blueprintPair, desiredOf } from '../arbitraries/state.ts'
import { applyOptions, converge, planFor, stepsText, withWorld } from './world.ts'

const SEED: { readonly seed?: number; readonly path?: string } = {}
const DENY_ALL = 'arn:aws:iam::aws:policy/AWSDenyAll'

type Bounded = UserState | RoleState

/** Everything that lets a user or role do something. */
function grantsOf(entity: Bounded | undefined): ReadonlySet<string> {
  if (entity === undefined) return new Set()
  return new Set([
    ...entity.managedPolicies,
    ...[...entity.inlinePolicies].map(
      ([name, { json }]) => `inline ${name} ${canonicalPolicy(json, ACCOUNT)}`,
    ),
    ...('groups' in entity ? entity.groups.map((name) => `group ${name}`) : []),
  ])
}

const isWithin = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean =>
  [...some].every((each) => all.has(each))

/** @returns what is wrong with one entity in the middle of an apply, or null */
function wrongInBetween(
  before: Bounded | undefined,
  now: Bounded | undefined,
  after: Bounded | undefined,
): string | null {
  if (now === undefined) return null
  const [granted, grants, willGrant] = [grantsOf(before), grantsOf(now), grantsOf(after)]
  if (!isWithin(grants, new Set([...granted, ...willGrant]))) return 'a grant of neither before nor after'
  const [had, has, willHave] = [before, now, after].map((each) => each?.permissionsBoundary ?? null)
  if (has !== had && has !== willHave && has !== DENY_ALL && !(has === null && grants.size === 0))
    return 'a boundary of neither before nor after'
  // Without a boundary, it may do only what it may without one before or after.
  if (has === null && had !== null && !isWithin(grants, willGrant)) return 'the boundary goes before a grant'
  if (has === null && willHave !== null && !isWithin(grants, granted))
    return 'a grant comes before the boundary'
  return null
}

describe('in between two steps', () => {
  it('nobody has a grant of neither before nor after, or lacks the boundary of a grant', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), ([start, goal]) =>
        withWorld(async (world) => {
          await converge(world, desiredOf(start))
          const before = await world.observe()
          const { plan } = planFor(desiredOf(goal), before, declarationsOf(desiredOf(start)))
          const states: AccountState[] = []
          const writer: IamWriter = {
            async write(operation, input) {
              const answer = await world.iam.write(operation, input)
              states.push(await world.observe())
              return answer
            },
          }
          await applyPlan(plan, writer, applyOptions())
          const after = states.at(-1)
          if (after === undefined) return
          for (const [step, now] of states.entries())
            for (const kind of ['users', 'roles'] as const)
              for (const name of now[kind].keys())
                expect(
                  wrongInBetween(before[kind].get(name), now[kind].get(name), after[kind].get(name)),
                  `${kind} ${name} after step ${step} of\n${stepsText(plan)}`,
                ).toBeNull()
        }),
      ),
      { numRuns: 40, ...SEED },
    )
  })
})
