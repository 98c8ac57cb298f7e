import { expect, test } from 'vitest'
import type { AccountState } from '../../src/model/index.ts'
import { planOf } from './plan-of.ts'
import { SCENARIOS } from './scenarios.ts'

/** The same account as a target might list it in another order. */
function reversed(state: AccountState): AccountState {
  const turn = <T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> => new Map([...map].reverse())
  const entities = <T extends object>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map(
      [...turn(map)].map(([name, entity]) => [
        name,
        Object.fromEntries(
          Object.entries(entity).map(([field, value]: readonly [string, unknown]) => {
            if (value instanceof Map) return [field, turn(value)]
            const isSet = field === 'groups' || field === 'managedPolicies'
            return [field, isSet ? [...(value as readonly string[])].reverse() : value]
          }),
        ) as T,
      ]),
    )
  return {
    ...state,
    entities: {
      ...state.entities,
      user: entities(state.entities.user),
      group: entities(state.entities.group),
      role: entities(state.entities.role),
      policy: entities(state.entities.policy),
    },
  }
}

test.each(Object.entries(SCENARIOS))(
  'a plan does not depend on the order in which a target lists: %s',
  (_, scenario) => {
    const observe = scenario.observe ?? ((state: AccountState) => state)
    const straight = planOf(scenario)
    const turned = planOf({ ...scenario, observe: (state) => reversed(observe(state)) })
    expect(JSON.stringify(turned.plan)).toBe(JSON.stringify(straight.plan))
    expect(JSON.stringify(turned.diagnostics)).toBe(JSON.stringify(straight.diagnostics))
  },
)

test.each(Object.entries(SCENARIOS))(
  'every step waits only for earlier ones, and belongs to one change: %s',
  (_, scenario) => {
    const { plan } = planOf(scenario)
    plan.steps.forEach(({ needs }, number) => {
      for (const need of needs) expect(need).toBeLessThan(number)
    })
    const owned = plan.changes.flatMap(({ steps }) => steps)
    expect([...owned].sort((a, b) => a - b)).toEqual(plan.steps.map((_step, number) => number))
  },
)

test('the digest follows what was observed of what the plan touches or names', () => {
  const before = `users: { a: { managedPolicies: [ReadOnlyAccess] }, b: {} }\npolicies: { p: { document: ${DOCUMENT} } }`
  const after = `users: { a: { managedPolicies: [p] }, b: {} }\npolicies: { p: { document: ${DOCUMENT} } }`
  const digest = (observe: (state: AccountState) => AccountState = (state) => state) =>
    planOf({ before, after, observe }).plan.digest
  const withPath = (name: string) => (state: AccountState) => ({
    ...state,
    entities: {
      ...state.entities,
      user: new Map(
        [...state.entities.user].map(([key, user]) => [
          key,
          key === name ? { ...user, path: '/moved/' } : user,
        ]),
      ),
    },
  })
  const otherPolicy = (state: AccountState) => ({
    ...state,
    entities: {
      ...state.entities,
      policy: new Map(
        [...state.entities.policy].map(([key, policy]) => [
          key,
          { ...policy, versions: [...policy.versions, { id: 'v2', isDefault: false }] },
        ]),
      ),
    },
  })
  expect(digest()).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(digest()).toBe(digest())
  expect(digest(withPath('a'))).not.toBe(digest())
  expect(digest(otherPolicy)).not.toBe(digest())
})

test('the digest follows what a group gives to who is let into it, and whom a change of a policy reaches', () => {
  const group = `groups: { g: { inlinePolicies: { i: ${DOCUMENT} } } }`
  const wider = `groups: { g: { inlinePolicies: { i: ${DOCUMENT.replace('s3:Get*', '*')} } } }`
  const joins = 'users: { mallory: { groups: ["arn:aws:iam::111122223333:group/g"] } }'
  const joining = (before: string) =>
    planOf({ before: `${before}\nusers: { mallory: {} }`, declared: '', after: joins, rules: '' }).plan
  expect(joining(group).steps).toEqual(joining(wider).steps)
  expect(joining(group).digest).not.toBe(joining(wider).digest)

  const holds = (users: string) =>
    planOf({
      before: `policies: { p: { document: ${DOCUMENT} } }\nusers: { ${users} }`,
      declared: '',
      after: `policies: { p: { document: ${DOCUMENT.replace('s3:Get*', '*')} } }`,
      rules: '',
    }).plan
  expect(holds('a: {}').steps).toEqual(holds('a: { managedPolicies: [p] }').steps)
  expect(holds('a: {}').digest).not.toBe(holds('a: { managedPolicies: [p] }').digest)
})

const DOCUMENT = '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:Get*", Resource: "*" }] }'
