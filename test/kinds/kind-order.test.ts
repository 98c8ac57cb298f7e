import { describe, expect, it } from 'vitest'
import { PLAN_KINDS } from '../../src/kinds/plan.ts'
import { emptyState } from '../../src/model/empty-state.ts'
import { keysOf } from '../../src/model/index.ts'
import { inOrderOfCreation, rankOf } from '../../src/plan/kind-order.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import type { PlanKinds } from '../../src/plan/planning.ts'
import { RANK } from '../../src/plan/steps/step-drafts.ts'
import { load } from '../plan/plan-of.ts'
import { intentOf } from '../reconcile/world.ts'
import { TOY_PLAN_KINDS } from './toy/kinds.ts'

/** The same kinds, listed in another order. */
const listed = (kinds: PlanKinds, order: readonly string[]): PlanKinds =>
  Object.fromEntries(
    order.map((kind) => [kind, (kinds as Readonly<Record<string, unknown>>)[kind]]),
  ) as unknown as PlanKinds

const waiting = (after: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(after).map(([kind, names]) => [kind, { facts: { after: names } }]))

describe('the order of kinds', () => {
  it('is that of what must exist before, whatever the list says', () => {
    for (const order of [
      ['policy', 'group', 'user', 'role', 'toy'],
      ['toy', 'role', 'user', 'group', 'policy'],
      ['user', 'toy', 'policy', 'role', 'group'],
    ])
      expect(keysOf(inOrderOfCreation(listed(TOY_PLAN_KINDS, order)))).toEqual([
        'policy',
        'group',
        'user',
        'role',
        'toy',
      ])
  })

  it('is that of the list where nothing has to wait', () => {
    expect(Object.keys(inOrderOfCreation(waiting({ b: [], a: [], c: ['a'] })))).toEqual(['b', 'a', 'c'])
  })

  it('names what waits for each other: that is a defect', () => {
    expect(() => inOrderOfCreation(waiting({ a: ['b'], b: ['c'], c: ['a'] }))).toThrow(
      'kinds wait for each other: a, b, c, a',
    )
  })

  it('lets nothing wait for a kind that there is not', () => {
    for (const { facts } of Object.values(PLAN_KINDS))
      expect(Object.keys(PLAN_KINDS)).toEqual(expect.arrayContaining([...facts.after]))
  })

  it('makes ranks that rise for what is created and fall for what is deleted', () => {
    const kinds = inOrderOfCreation(TOY_PLAN_KINDS)
    const ranks = keysOf(kinds).map((kind) => rankOf(kinds, kind))
    const creates = ranks.flatMap(({ create, rewrite }) => [create, rewrite])
    expect(creates).toEqual(creates.toSorted((a, b) => a - b))
    expect(creates.every((rank) => rank >= RANK.create && rank < RANK.create + 1)).toBe(true)
    const deletes = ranks.map((each) => each.delete)
    expect(deletes).toEqual(deletes.toSorted((a, b) => b - a))
    expect(deletes.every((rank) => rank > RANK.delete && rank < RANK.account)).toBe(true)
  })

  it('has no part of the list in a plan', () => {
    const manifest = (path: string) => `
groups: { staff: { path: ${path} } }
users: { ann: { groups: [staff], path: ${path} } }
roles: { ci: { path: ${path}, trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }] } } }
policies: { read: { path: ${path}, document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:Get*", Resource: "*" }] } } }
`
    const { desired } = load(manifest('/a/'))
    const observed = emptyState({ id: desired.account.id, partition: desired.account.partition })
    const planWith = (kinds: PlanKinds) =>
      planChanges({ ...intentOf(desired), kinds, observed, declaredBefore: {} }).plan
    const plan = planWith(PLAN_KINDS)
    expect(plan.steps.length).toBeGreaterThan(3)
    expect(planWith(listed(PLAN_KINDS, keysOf(PLAN_KINDS).toReversed()))).toEqual(plan)
  })
})
