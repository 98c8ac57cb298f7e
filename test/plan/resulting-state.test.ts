import { describe, expect, it } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { hasErrors } from '../../src/diagnostics/index.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { DesiredState } from '../../src/manifest/desired.ts'
import { type AccountState, ENTITY_KINDS, type StateDocument } from '../../src/model/index.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { resultingState } from '../../src/plan/steps/resulting-state.ts'
import { applyPlan } from '../../src/reconcile/apply-plan.ts'
import { blueprintPair, desiredOf } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'
import { knownJson } from '../known-json.ts'
import {
  applyOptions,
  converge,
  meaningOf,
  planFor,
  SCOPE_ALL,
  SCOPE_DECLARED,
  withWorld,
} from '../reconcile/world.ts'
import { sampleOf } from '../sample-size.ts'
import { load, planOf } from './plan-of.ts'
import { SCENARIOS } from './scenarios.ts'

describe('the state that a plan leads to', () => {
  it('is what is observed after it was applied, whoever owns what', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(
        blueprintPair(),
        fc.constantFrom(SCOPE_ALL, SCOPE_DECLARED),
        fc.constantFrom('everything', 'nothing', 'users and policies'),
        ([start, goal], scopes, owned) =>
          withWorld(async (world) => {
            const [before, desired] = [desiredOf(start), desiredOf(goal)]
            await converge(world, before)
            const observed = await world.observe()
            const declaredBefore = Object.fromEntries(
              Object.entries(declarationsOf(before, PLAN_KINDS)).filter(
                ([entity]) =>
                  owned === 'everything' || (owned !== 'nothing' && /^(?:user|policy)\//.test(entity)),
              ),
            )
            const { plan, diagnostics } = planFor(desired, observed, declaredBefore, scopes)
            if (hasErrors(diagnostics)) return
            const { results } = await applyPlan(plan, world.iam, applyOptions())
            // A quota that unmanaged grants take up is found out by the call alone.
            if (results.some(({ status }) => status !== 'done')) return
            compared++
            const found = resultingState({ desired, observed }, plan)
            expect(withoutTheGone(found)).toEqual(withoutTheGone(await world.observe()))
          }),
      ),
      { numRuns: sampleOf(150) },
    )
    expect(compared).toBeGreaterThan(sampleOf(60))
  })

  it.each(Object.entries(SCENARIOS))('is found of every scenario: %s', (_, scenario) => {
    const { plan, desired } = planOf(scenario)
    const observe = scenario.observe ?? ((state: AccountState) => state)
    const observed = observe(declaredState(load(scenario.before).desired))
    expect(() => resultingState({ desired, observed }, plan)).not.toThrow()
  })
})

/** Of a trust policy without what is gone: it shows as an id that only IAM knows, or as an ARN that names nobody. */
function withoutTheGone(state: AccountState): unknown {
  const there = new Set(
    [...state.entities.user.values(), ...state.entities.role.values()].map(({ arn }) => arn),
  )
  const isGone = (entry: string) =>
    /^A[A-Z0-9]{15,}$/.test(entry) ||
    (/:(?:user|role)\//.test(entry) && entry.includes('111122223333') && !there.has(entry))
  const roles = new Map(
    [...state.entities.role].map(([name, role]) => {
      const json = JSON.parse(JSON.stringify(knownJson(role.trustPolicy)), (key, value: unknown) =>
        key === 'AWS' ? [value].flat().map((entry) => (isGone(String(entry)) ? 'gone' : entry)) : value,
      )
      return [name, { ...role, trustPolicy: { json, located: null } }]
    }),
  )
  return meaningOf({ ...state, entities: { ...state.entities, role: roles } })
}

const trust = (principal: string) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: ${principal}, Action: "sts:AssumeRole" }] }`
const ec2 = '{ Service: ec2.amazonaws.com }'
const document = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:Get*", Resource: "*" }] }`
const account = `
users: { alice: { inlinePolicies: { own: ${document} } }, bob: { tags: { team: a } }, carol: {} }
groups: { staff: { inlinePolicies: { own: ${document} } } }
roles: { ci: { trustPolicy: ${trust(ec2)} } }
policies: { read: { document: ${document} } }
`

describe('its documents', () => {
  it('are the declared ones with their places, also where nothing changes', () => {
    const { desired } = load(account)
    const observed = observedFrom(desired)
    const found = resultingState({ desired, observed }, planned(desired, observed))
    expect(found.entities.policy.get('read')?.document).toBe(desired.entities.policy.get('read')?.document)
    expect(found.entities.role.get('ci')?.trustPolicy).toBe(desired.entities.role.get('ci')?.trustPolicy)
    expect(found.entities.user.get('alice')?.inlinePolicies.get('own')).toMatchObject({
      located: expect.anything(),
    })
    expect(found.entities.group.get('staff')?.inlinePolicies.get('own')).toMatchObject({
      located: expect.anything(),
    })
  })

  it('without documents, or undeclared, an entity is the very one that was observed', () => {
    const { desired } = load(account)
    const observed = observedFrom(
      load(account.replace('carol: {}', `dora: { inlinePolicies: { own: ${document} } }`)).desired,
    )
    const found = resultingState({ desired, observed }, planned(desired, observed, 'scope: {}'))
    expect(found.entities.user.get('bob')).toBe(observed.entities.user.get('bob'))
    expect(found.entities.user.get('dora')).toBe(observed.entities.user.get('dora'))
  })

  it('a trust in a user that moves follows it', () => {
    const before = `users: { alice: {} }\nroles: { ci: { trustPolicy: ${trust('{ AWS: ["arn:aws:iam::111122223333:user/alice"] }')} } }`
    const { desired } = load('users: { alice: { path: /team/ } }')
    const observed = observedFrom(load(before).desired)
    const found = resultingState({ desired, observed }, planned(desired, observed, 'scope: {}'))
    expect(knownJson(found.entities.role.get('ci')?.trustPolicy).Statement).toMatchObject([
      { Principal: { AWS: ['arn:aws:iam::111122223333:user/team/alice'] } },
    ])
  })
})

describe('from plan to plan', () => {
  it('what is declared and observed as before is found as the same object, changed or not', () => {
    const { desired } = load(account.replace('team: a', 'team: b').replace('carol: {}', 'dora: {}'))
    const observed = observedFrom(load(account).desired)
    const find = (over: Partial<DesiredState> = {}) => {
      const wanted = { ...desired, ...over }
      return resultingState({ desired: wanted, observed }, planned(wanted, observed))
    }
    const [first, second] = [find(), find()]
    expect(first).toEqual(second)
    for (const kind of ENTITY_KINDS)
      for (const [name, entity] of first.entities[kind]) expect(second.entities[kind].get(name)).toBe(entity)
    const third = find({
      entities: {
        ...desired.entities,
        user: new Map([...desired.entities.user].filter(([name]) => name !== 'bob')),
      },
    })
    expect(third.entities.user.has('bob')).toBe(false)
    expect(third.entities.user.get('alice')).toBe(first.entities.user.get('alice'))
  })

  it('of a large account only the documents of what changes are looked at again', () => {
    const [large, observed] = largeAccount()
    let looks = 0
    const counted = <T extends object>(entities: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
      new Map(
        [...entities].map(([name, entity]) => [
          name,
          new Proxy(entity, {
            get(target, key, receiver) {
              if (key === 'inlinePolicies' || key === 'trustPolicy' || key === 'document') looks++
              return Reflect.get(target, key, receiver)
            },
          }),
        ]),
      )
    const desired = {
      ...large,
      entities: {
        ...large.entities,
        user: counted(large.entities.user),
        role: counted(large.entities.role),
        policy: counted(large.entities.policy),
      },
    }
    const plan = planned(desired, observed)
    expect(plan.steps.length).toBeGreaterThan(0)
    const first = resultingState({ desired, observed }, plan)
    expect(looks).toBeGreaterThan(0)
    looks = 0
    expect(resultingState({ desired, observed }, plan)).toEqual(first)
    expect(looks).toBeLessThanOrEqual(10 * plan.steps.length)
  })
})

const observedFrom = (desired: DesiredState): AccountState => {
  const placeless = (document: StateDocument): StateDocument => ({ json: knownJson(document), located: null })
  const state = declaredState(desired)
  const map = <T>(entities: ReadonlyMap<string, T>, to: (entity: T) => T) =>
    new Map([...entities].map(([name, entity]) => [name, to(entity)]))
  const inline = <T extends { readonly inlinePolicies: ReadonlyMap<string, StateDocument> }>(
    entity: T,
  ): T => ({
    ...entity,
    inlinePolicies: map(entity.inlinePolicies, placeless),
  })
  return {
    ...state,
    entities: {
      ...state.entities,
      user: map(state.entities.user, inline),
      group: map(state.entities.group, inline),
      role: map(state.entities.role, (role) => ({
        ...inline(role),
        trustPolicy: placeless(role.trustPolicy),
      })),
      policy: map(state.entities.policy, (policy) => ({ ...policy, document: placeless(policy.document) })),
    },
  }
}

function planned(desired: DesiredState, observed: AccountState, rules?: string) {
  const { project } = load('', rules)
  const { scopes, guard } = project
  return planChanges({
    kinds: PLAN_KINDS,
    settings: SETTING_PLANS,
    desired,
    observed,
    declaredBefore: {},
    scopes,
    guard,
    quotas: DEFAULT_QUOTAS,
  }).plan
}

/** As large as an account may be, with one user to create and one policy to change. */
function largeAccount(): readonly [DesiredState, AccountState] {
  const { desired } = load(account)
  const copies = <T extends { readonly name: string; readonly arn: string }>(
    entity: T | undefined,
    count: number,
  ) =>
    new Map(
      Array.from({ length: count }, (_, index) => {
        if (entity === undefined) throw new Error('nothing to copy')
        const name = `${entity.name}-${index}`
        return [name, { ...entity, name, arn: `${entity.arn}-${index}` }] as const
      }),
    )
  const large: DesiredState = {
    ...desired,
    entities: {
      ...desired.entities,
      user: copies(desired.entities.user.get('alice'), 5000),
      role: copies(desired.entities.role.get('ci'), 1000),
      policy: copies(desired.entities.policy.get('read'), 1500),
    },
  }
  const observed = observedFrom(large)
  const users = new Map(observed.entities.user)
  users.delete('alice-7')
  return [large, { ...observed, entities: { ...observed.entities, user: users } }]
}

describe('documents that are not declared', () => {
  const own = (rest: string) => `users: { alice: { inlinePolicies: { own: ${document}${rest} } } }`

  it.each(['scope: {}', 'scope: { users: all }'])('stay where they are left alone (%s)', (rules) => {
    const { desired } = load(own(''))
    const observed = observedFrom(load(own(`, rogue: ${document}`)).desired)
    const plan = planned(desired, observed, rules)
    const stays = !JSON.stringify(plan.steps).includes('DeleteUserPolicy')
    const { inlinePolicies } = resultingState({ desired, observed }, plan).entities.user.get('alice') ?? {}
    expect([...(inlinePolicies?.keys() ?? [])].sort()).toEqual(stays ? ['own', 'rogue'] : ['own'])
  })

  it('that are generated are there beside declared ones', () => {
    const { desired } = load(
      `users: { alice: { mfa: { required: true, enforce: true }, inlinePolicies: { own: ${document} } } }`,
    )
    const observed = observedFrom(load('users: {}').desired)
    const made = resultingState({ desired, observed }, planned(desired, observed))
    expect(made.entities.user.get('alice')?.inlinePolicies.size).toBe(2)
    const again = resultingState({ desired, observed: made }, planned(desired, made))
    expect(again.entities.user.get('alice')?.inlinePolicies.size).toBe(2)
  })
})
