import { describe, expect, it } from 'vitest'
import { declaredState } from '../../src/checks/declared-state.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import { policySize } from '../../src/policy/size.ts'
import { applyPlan } from '../../src/reconcile/apply-plan.ts'
import { policyDocument, respell } from '../arbitraries/policy.ts'
import { type Blueprint, blueprint, blueprintPair, desiredOf, TIGHT_QUOTAS } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { IS_WHOLE, sampleOf } from '../sample-size.ts'
import {
  applyOptions,
  converge,
  failingAt,
  KILLED,
  Killed,
  meaningOf,
  meaningOfDesired,
  planFor,
  refuse,
  stepsText,
  uniteAll,
  type World,
  withWorld,
} from './world.ts'

/** A failure prints its seed, to be put in here. */
const SEED: { readonly seed?: number; readonly path?: string } = {}
/** Each step in the soak, in `npm test` each third. */
const EACH = IS_WHOLE ? 1 : 3

const runs = (numRuns: number) => ({ numRuns: sampleOf(numRuns), ...SEED })

/** Somebody else's versions of policies, up to the limit of five, the default one anywhere among them. */
async function addVersions(world: World, seed: number): Promise<void> {
  let state = seed >>> 0
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  for (const policy of (await world.observe()).entities.policy.values())
    for (let count = below(5); count > 0; count--)
      await world.iam.write('CreatePolicyVersion', {
        PolicyArn: policy.arn,
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: `s3:Get${count}`, Resource: '*' },
        }),
        SetAsDefault: below(2) === 0,
      })
}

describe('a fixed point', () => {
  it('a first apply makes the account what was declared; a second plan is empty', async () => {
    await fc.assert(
      fc.asyncProperty(blueprint(), (goal) =>
        withWorld(async (world) => {
          const desired = desiredOf(goal)
          await converge(world, desired)
          const observed = await world.observe()
          expect(meaningOf(observed)).toEqual(meaningOfDesired(desired))
          const again = planFor(desired, observed, declarationsOf(desired, MANIFEST_KINDS.entities))
          expect(again).toMatchObject({ plan: { changes: [], steps: [] }, diagnostics: [] })
        }),
      ),
      runs(40),
    )
  })

  it('from any state to any other: what was declared is, what no longer is declared is gone', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), fc.nat(), ([start, goal], seed) =>
        withWorld(async (world) => {
          const [before, after] = [desiredOf(start), desiredOf(goal)]
          await converge(world, before)
          await addVersions(world, seed)
          await converge(world, after, declarationsOf(before, MANIFEST_KINDS.entities))
          const observed = await world.observe()
          expect(meaningOf(observed)).toEqual(meaningOfDesired(after))
          const again = planFor(after, observed, uniteAll(before, after))
          expect(again).toMatchObject({ plan: { changes: [], steps: [] }, diagnostics: [] })
        }),
      ),
      runs(60),
    )
  })

  it('a plan against what was declared is that against the account that it was applied to', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), ([start, goal]) =>
        withWorld(async (world) => {
          const [before, after] = [desiredOf(start), desiredOf(goal)]
          await converge(world, before)
          const declared = declarationsOf(before, MANIFEST_KINDS.entities)
          const { plan } = planFor(after, await world.observe(), declared)
          const { changes, steps } = planFor(after, declaredState(before), declared).plan
          expect({ changes, steps }).toEqual({ changes: plan.changes, steps: plan.steps })
        }),
      ),
      runs(20),
    )
  })

  it('in an account that is full, what goes makes room for what comes', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), ([start, goal]) => {
        const most = (kind: 'users' | 'groups' | 'roles' | 'policies') =>
          Math.max(1, Object.keys(start[kind]).length, Object.keys(goal[kind]).length)
        const quotas = {
          ...TIGHT_QUOTAS,
          usersPerAccount: most('users'),
          groupsPerAccount: most('groups'),
          rolesPerAccount: most('roles'),
          customerManagedPoliciesPerAccount: most('policies'),
        }
        const [before, after] = [desiredOf(start), desiredOf(goal)]
        return withWorld(async (world) => {
          await converge(world, before, {}, quotas)
          await converge(world, after, declarationsOf(before, MANIFEST_KINDS.entities), quotas)
          expect(meaningOf(await world.observe())).toEqual(meaningOfDesired(after))
        }, quotas)
      }),
      runs(40),
    )
  })

  it('in an account that is full of policies, one boundary gives way to another', async () => {
    const document = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    } as const
    const bounded = (...names: readonly [string, ...string[]]): Blueprint => ({
      policies: Object.fromEntries(names.map((name) => [name, { path: '/', document }])),
      groups: {},
      roles: {},
      users: { carol: { path: '/', permissionsBoundary: names[0] } },
    })
    const quotas = { ...TIGHT_QUOTAS, customerManagedPoliciesPerAccount: 3 }
    const [before, after] = [desiredOf(bounded('pass', 'read', 'write')), desiredOf(bounded('limit'))]
    await withWorld(async (world) => {
      await converge(world, before, {}, quotas)
      await converge(world, after, declarationsOf(before, MANIFEST_KINDS.entities), quotas)
      expect(meaningOf(await world.observe())).toEqual(meaningOfDesired(after))
    }, quotas)
  })

  it('a respelled document makes no change', async () => {
    await fc.assert(
      fc.asyncProperty(blueprint(), fc.integer(), (goal, seed) =>
        withWorld(async (world) => {
          await converge(world, desiredOf(goal))
          const respelled = desiredOf(goal, (document) => respell(document, seed))
          const { plan } = planFor(
            respelled,
            await world.observe(),
            declarationsOf(respelled, MANIFEST_KINDS.entities),
          )
          expect(plan.changes).toEqual([])
        }),
      ),
      runs(40),
    )
  })

  it('200 random documents in other spellings make no change in one account', async () => {
    const pairs = fc.sample(
      fc.tuple(
        policyDocument('identity').filter((document) => policySize(document) < 6000),
        fc.integer(),
      ),
      { numRuns: sampleOf(200), ...SEED },
    )
    const policies = Object.fromEntries(
      pairs.map(([document], index) => [`p${index}`, { path: '/', document }]),
    )
    const goal = { policies, groups: {}, roles: {}, users: {} }
    await withWorld(async (world) => {
      await converge(world, desiredOf(goal))
      let index = 0
      const respelled = desiredOf(goal, (document) => respell(document, pairs[index++]?.[1] ?? 0))
      const { plan } = planFor(
        respelled,
        await world.observe(),
        declarationsOf(respelled, MANIFEST_KINDS.entities),
      )
      expect(plan.changes).toEqual([])
    })
  })
})

describe('an apply that does not come to its end', () => {
  it('killed at each step in turn, a run again ends in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), async ([start, goal]) => {
        const [before, after] = [desiredOf(start), desiredOf(goal)]
        for (let at = 0, steps = 1; at < steps; at += EACH)
          await withWorld(async (world) => {
            await converge(world, before)
            const { plan } = planFor(
              after,
              await world.observe(),
              declarationsOf(before, MANIFEST_KINDS.entities),
            )
            steps = plan.steps.length
            if (at >= steps) return
            const writer = failingAt(world.iam, at, () => new Killed())
            await expect(applyPlan(plan, writer, applyOptions())).rejects.toMatchObject(KILLED)
            await converge(world, after, uniteAll(before, after))
            expect(meaningOf(await world.observe()), `killed at ${at} of\n${stepsText(plan)}`).toEqual(
              meaningOfDesired(after),
            )
          })
      }),
      runs(3),
    )
  })

  it('killed at any step, a run again ends in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), fc.double({ min: 0, max: 1, noNaN: true }), ([start, goal], where) =>
        withWorld(async (world) => {
          const [before, after] = [desiredOf(start), desiredOf(goal)]
          await converge(world, before)
          const { plan } = planFor(
            after,
            await world.observe(),
            declarationsOf(before, MANIFEST_KINDS.entities),
          )
          const at = Math.floor(where * plan.steps.length)
          const killed = applyPlan(
            plan,
            failingAt(world.iam, at, () => new Killed()),
            applyOptions(),
          )
          if (at < plan.steps.length) await expect(killed).rejects.toMatchObject(KILLED)
          await killed.catch(() => undefined)
          await converge(world, after, uniteAll(before, after))
          expect(meaningOf(await world.observe()), `killed at ${at} of\n${stepsText(plan)}`).toEqual(
            meaningOfDesired(after),
          )
        }),
      ),
      runs(60),
    )
  })

  it('when one step is refused, only what needs it is skipped, nothing else fails, and a run again mends it', async () => {
    await fc.assert(
      fc.asyncProperty(blueprintPair(), fc.double({ min: 0, max: 1, noNaN: true }), ([start, goal], where) =>
        withWorld(async (world) => {
          const [before, after] = [desiredOf(start), desiredOf(goal)]
          await converge(world, before)
          const { plan } = planFor(
            after,
            await world.observe(),
            declarationsOf(before, MANIFEST_KINDS.entities),
          )
          const at = Math.floor(where * plan.steps.length)
          const { results } = await applyPlan(plan, failingAt(world.iam, at, refuse), applyOptions())
          const failed = results.flatMap(({ status, error }, number) =>
            status === 'failed' ? [{ number, error }] : [],
          )
          expect(failed, stepsText(plan)).toEqual(
            at < plan.steps.length
              ? [{ number: at, error: { code: 'ServiceFailure', message: 'a fault that was put in' } }]
              : [],
          )
          await converge(world, after, uniteAll(before, after))
          expect(meaningOf(await world.observe())).toEqual(meaningOfDesired(after))
        }),
      ),
      runs(60),
    )
  })
})
