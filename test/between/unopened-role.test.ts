// A role whose policies deny what the others allow is in no order narrow while it gets them one by one.
import { describe, expect, it } from 'vitest'
import { PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { PolicyDocument } from '../../src/model/index.ts'
import { applyPlan } from '../../src/reconcile/apply-plan.ts'
import { type Blueprint, desiredOf } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { planOf } from '../plan/plan-of.ts'
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
  uniteAll,
  withWorld,
} from '../reconcile/world.ts'
import { applied } from './applied.ts'
import { expectNeverWider } from './never-wider.ts'
import { madeRole } from './small-pairs.ts'

const document = (allowed: string, denied: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: allowed, Resource: '*' },
    { Effect: 'Deny', Action: denied, Resource: '*' },
  ],
})
const READING = document('s3:GetObject', 's3:PutObject')
const WRITING = document('s3:PutObject', 's3:GetObject')

const EMPTY: Blueprint = { policies: {}, groups: {}, roles: {}, users: {} }
const managed = (path = '/'): Blueprint => ({
  ...EMPTY,
  policies: { one: { path: '/', document: READING }, two: { path: '/', document: WRITING } },
  roles: { deploy: { path, trusts: [], managedPolicies: ['one', 'two'] } },
})
const inline = (path = '/'): Blueprint => ({
  ...EMPTY,
  roles: { deploy: { path, trusts: [], inlinePolicies: { one: READING, two: WRITING } } },
})
/** Each trusts the other and so is completed late anyway; the second trusts nobody who is there. */
const trusting = (): Blueprint => ({
  ...managed(),
  roles: {
    build: { path: '/', trusts: ['role/deploy', 'lambda.amazonaws.com'], managedPolicies: ['one', 'two'] },
    deploy: { path: '/', trusts: ['role/build'], inlinePolicies: { one: READING, two: WRITING } },
  },
})
/** Has policies that say nothing of each other, so that it goes narrowly. */
const plain = (): Blueprint => ({ ...EMPTY, roles: { deploy: { path: '/', trusts: [] } } })

const cases: readonly (readonly [string, readonly [Blueprint, Blueprint]])[] = [
  ['managed policies', [EMPTY, managed()]],
  ['inline policies', [EMPTY, inline()]],
  ['roles that trust each other', [EMPTY, trusting()]],
  ['managed policies of a role that is replaced', [plain(), managed('/ci/')]],
  ['inline policies of a role that is replaced', [plain(), inline('/ci/')]],
]

describe('a role that is made with policies that deny what the others allow', () => {
  for (const [name, pair] of cases) {
    it(`lets nobody in before it has all of them: ${name}`, async () => {
      const { plan, before, states } = await applied(pair)
      expect(plan.changes.map(({ brieflyWider }) => brieflyWider)).toEqual(plan.changes.map(() => null))
      expect(plan.refusals).toEqual([])
      const operations = plan.steps.map(({ operation }) => operation)
      expect(operations.filter((each) => each === 'UpdateAssumeRolePolicy')).toHaveLength(
        Object.keys(pair[1].roles).length,
      )
      expect(operations.at(-1)).toBe('UpdateAssumeRolePolicy')
      const created = plan.steps.find(({ operation }) => operation === 'CreateRole')
      expect(created?.input).toMatchObject({
        AssumeRolePolicyDocument: expect.stringMatching(
          /^[^A]*"Sid":"NotYetOpenedByIamSync","Effect":"Deny"/,
        ),
      })
      expectNeverWider(await PolicyEvaluator.create(), plan, before, states)
    })

    it(`is finished by the next apply, wherever the first was killed: ${name}`, async () => {
      const [start, goal] = pair.map((each) => desiredOf(each))
      if (start === undefined || goal === undefined) throw new Error('no pair')
      const declaredBefore = declarationsOf(start, MANIFEST_KINDS.entities)
      const { length } = planFor(goal, await stateOf(start), declaredBefore).plan.steps
      for (let at = 0; at < length; at++)
        await withWorld(async (world) => {
          await converge(world, start)
          const { plan } = planFor(goal, await world.observe(), declaredBefore)
          const killed = failingAt(world.iam, at, () => new Killed())
          await expect(applyPlan(plan, killed, applyOptions())).rejects.toMatchObject(KILLED)
          const second = await converge(world, goal, uniteAll(start, goal))
          expect(second.refusals, `killed at step ${at}`).toEqual([])
          expect(meaningOf(await world.observe())).toEqual(meaningOfDesired(goal))
        })
    })

    it(`lets nobody in where a step fails: ${name}`, async () => {
      const [start, goal] = pair.map((each) => desiredOf(each))
      if (start === undefined || goal === undefined) throw new Error('no pair')
      const declaredBefore = declarationsOf(start, MANIFEST_KINDS.entities)
      await withWorld(async (world) => {
        await converge(world, start)
        const { plan } = planFor(goal, await world.observe(), declaredBefore)
        const grants = plan.steps.findLastIndex(({ operation }) => /^(?:Attach|Put)Role/.test(operation))
        const { results } = await applyPlan(plan, failingAt(world.iam, grants, refuse), applyOptions())
        expect(results.at(-1)?.status).toBe('skipped')
      })
    })
  }

  it('does nothing in between that it may not do in the end, whatever its policies say', async () => {
    const evaluator = await PolicyEvaluator.create()
    let opened = 0
    for (const pair of fc.sample(madeRole(), 40)) {
      const { plan, before, states } = await applied(pair)
      expect(plan.refusals).toEqual([])
      if (plan.steps.at(-1)?.operation === 'UpdateAssumeRolePolicy') opened++
      expectNeverWider(evaluator, plan, before, states)
    }
    expect(opened).toBeGreaterThan(5)
    expect(opened).toBeLessThan(40)
  })

  it('begins with its own trust where an order will do', () => {
    const role = (two: string) => `
policies:
  one: { document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:*", Resource: "*" }] } }
  two: { document: { Version: "2012-10-17", Statement: [{ Effect: ${two}, Action: "s3:PutObject", Resource: "*" }] } }
roles:
  deploy: { managedPolicies: [one, two], trustPolicy: { Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }] } }
`
    for (const effect of ['Allow', 'Deny']) {
      const { plan } = planOf({ before: '', after: role(effect) })
      expect(plan.steps.map(({ operation }) => operation)).not.toContain('UpdateAssumeRolePolicy')
      expect(plan.refusals).toEqual([])
    }
  })
})

const stateOf = (desired: ReturnType<typeof desiredOf>) =>
  withWorld(async (world) => {
    await converge(world, desired)
    return world.observe()
  })
