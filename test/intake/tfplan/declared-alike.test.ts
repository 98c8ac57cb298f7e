import { describe, expect, it } from 'vitest'
import type { AccessEntry } from '../../../src/access/access-entry.ts'
import { declaredState } from '../../../src/checks/declared-state.ts'
import type { AccountState, Estate } from '../../../src/model/index.ts'
import { analysisForTests } from '../../access/diff/estate-diffs.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import { blueprint, blueprintPair, desiredOf } from '../../arbitraries/state.ts'
import fc from '../../fixed-seed.ts'
import { times } from '../times.ts'
import { type Denials, organizationOf, planOfControls } from './plan-of-controls.ts'
import { type Choice, planOfStates } from './plan-of-states.ts'
import { findingsOf, readPlan, shown } from './read-plan.ts'

const differ = analysisForTests()

/** Ways of writing things, drawn anew for each run. */
const choices: fc.Arbitrary<Choice> = fc.integer({ min: 0, max: 2 ** 30 }).map((seed) => (what, ways) => {
  let hash = seed
  for (const character of what) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0
  return (hash >>> 7) % ways
})

/** Actions that are denied at the root, in a unit, and in the account. */
const denials: fc.Arbitrary<Denials> = fc.tuple(
  ...[0, 1, 2].map(() => fc.subarray(['s3:*', 'iam:*', 'sts:AssumeRole', '*'], { maxLength: 2 })),
)

/** What an account holds, without the order of what has none. */
function comparable({ entities }: AccountState): unknown {
  const identities = [...entities.user.values(), ...entities.group.values(), ...entities.role.values()]
  return [
    ...[...entities.policy.values()].map(({ arn, document, tags }) => ({
      arn,
      document: shown(document),
      tags: [...tags].sort(),
    })),
    ...identities.map((each) => ({
      arn: each.arn,
      managed: [...new Set(each.managedPolicies)].sort(),
      inline: [...each.inlinePolicies].map(([name, document]) => [name, shown(document)]).sort(),
      ...('tags' in each ? { tags: [...each.tags].sort(), boundary: each.permissionsBoundary } : {}),
      ...('groups' in each ? { groups: [...each.groups].sort() } : {}),
      ...('trustPolicy' in each
        ? { trust: shown(each.trustPolicy), seconds: each.maxSessionDuration, about: each.description }
        : {}),
    })),
  ].sort((a, b) => (a.arn < b.arn ? -1 : 1))
}

const stateIn = (estate: Estate): AccountState => {
  const [state, second] = estate.accounts
  if (state === undefined || second !== undefined) throw new Error('one account was expected')
  return state
}
const estateOf = (state: AccountState): Estate => ({
  accounts: [state],
  organization: null,
  resources: new Map(),
})

const eachOf = (entries: readonly AccessEntry[]): readonly string[] =>
  [
    ...new Set(
      entries.flatMap(({ principals, actions, resources, notResources, conditions }) =>
        principals.map((each) => JSON.stringify([each, actions, resources, notResources, conditions])),
      ),
    ),
  ].sort()

describe('a plan in whatever way it is written is the estate that YAML declares', () => {
  it('entity for entity, before and after', () =>
    fc.assert(
      fc.property(blueprintPair(), choices, ([start, goal], choice) => {
        const [old, now] = [start, goal].map((each) => declaredState(desiredOf(each)))
        if (old === undefined || now === undefined) throw new Error('two states')
        const plan = planOfStates(old, now, choice)
        const [before, after] = [readPlan(plan, {}, 'before'), readPlan(plan)]
        expect(findingsOf(before)).toEqual([])
        expect(findingsOf(after)).toEqual([])
        expect(comparable(stateIn(before.estate))).toEqual(comparable(old))
        expect(comparable(stateIn(after.estate))).toEqual(comparable(now))
      }),
      { numRuns: times(50) },
    ))

  it('with the same access: no difference to what is declared', () =>
    fc.assert(
      fc.property(blueprint(), choices, (each, choice) => {
        const declared = estateOf(declaredState(desiredOf(each)))
        const { estate } = readPlan(planOfStates(null, stateIn(declared), choice))
        const read = estateOf(stateIn(estate))
        for (const [a, b] of [
          [declared, read],
          [read, declared],
        ] as const)
          expect(differ().diff(a, b, ACCOUNT.id)).toMatchObject({
            verdict: 'none',
            gained: [],
            lost: [],
            unknown: [],
          })
      }),
      { numRuns: times(4) },
    ))

  it('and the difference that a plan makes is that of what is declared', () =>
    fc.assert(
      fc.property(blueprintPair(), choices, ([start, goal], choice) => {
        const [old, now] = [start, goal].map((each) => declaredState(desiredOf(each)))
        if (old === undefined || now === undefined) throw new Error('two states')
        const plan = planOfStates(old, now, choice)
        const ofPlan = differ().diff(readPlan(plan, {}, 'before').estate, readPlan(plan).estate, ACCOUNT.id)
        const ofYaml = differ().diff(estateOf(old), estateOf(now), ACCOUNT.id)
        expect(ofPlan.verdict).toBe(ofYaml.verdict)
        // What is alike is told together where nothing says that it stands in several places.
        for (const direction of ['gained', 'lost'] as const)
          expect(eachOf(ofPlan[direction])).toEqual(eachOf(ofYaml[direction]))
      }),
      { numRuns: times(2) },
    ))

  it('nor is it where an organization denies something, in whichever place', () =>
    fc.assert(
      fc.property(blueprint(), choices, denials, denials, (each, choice, old, now) => {
        const declared = estateOf(declaredState(desiredOf(each)))
        const controls = planOfControls(old, now, ACCOUNT.id, choice)
        const plan = [
          ...planOfStates(stateIn(declared), stateIn(declared), choice),
          ...controls.filter(({ mode }) => mode !== 'data'),
        ]
        // Read before the plan was made, as all that a plan can decide by.
        const state = controls.filter(({ mode }) => mode === 'data')
        const [before, after] = [readPlan(plan, { state }, 'before'), readPlan(plan, { state })]
        const ofPlan = differ().diff(before.estate, after.estate, ACCOUNT.id)
        const under = (denied: Denials) => ({ ...declared, organization: organizationOf(denied, ACCOUNT.id) })
        const ofYaml = differ().diff(under(old), under(now), ACCOUNT.id)
        // What stands above the account may bind others, of whom the plan has nobody.
        const bindsOthers = [0, 1].some((level) => (old[level] ?? []).join() !== (now[level] ?? []).join())
        expect(ofPlan.verdict).toBe(bindsOthers ? 'unknown' : ofYaml.verdict)
        expect(ofPlan.unknown.every(({ unseen }) => unseen === 'changes')).toBe(true)
        for (const direction of ['gained', 'lost'] as const)
          expect(eachOf(ofPlan[direction])).toEqual(eachOf(ofYaml[direction]))
      }),
      { numRuns: times(3) },
    ))

  it('nor where it keeps everybody from resources', () =>
    fc.assert(
      fc.property(blueprintPair(), choices, denials, ([start, goal], choice, denied) => {
        const [old, now] = [start, goal].map((each) => declaredState(desiredOf(each)))
        if (old === undefined || now === undefined) throw new Error('two states')
        const controls = planOfControls(denied, denied, ACCOUNT.id, choice, 'RESOURCE_CONTROL_POLICY')
        const plan = [...planOfStates(old, now, choice), ...controls.filter(({ mode }) => mode !== 'data')]
        const state = controls.filter(({ mode }) => mode === 'data')
        const [before, after] = [readPlan(plan, { state }, 'before'), readPlan(plan, { state })]
        const ofPlan = differ().diff(before.estate, after.estate, ACCOUNT.id)
        const under = (each: AccountState) => ({
          ...estateOf(each),
          organization: organizationOf(denied, ACCOUNT.id, 'RESOURCE_CONTROL_POLICY'),
        })
        const ofYaml = differ().diff(under(old), under(now), ACCOUNT.id)
        expect(ofPlan.verdict).toBe(ofYaml.verdict)
        for (const direction of ['gained', 'lost'] as const)
          expect(eachOf(ofPlan[direction])).toEqual(eachOf(ofYaml[direction]))
      }),
      { numRuns: times(1) },
    ))
})
