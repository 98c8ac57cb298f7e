import { describe, expect, it } from 'vitest'
import { declaredState } from '../../../src/checks/declared-state.ts'
import type { AccountState, Estate } from '../../../src/model/index.ts'
import { analysisForTests } from '../../access/diff/estate-diffs.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import { blueprintPair, desiredOf } from '../../arbitraries/state.ts'
import fc from '../../fixed-seed.ts'
import { times } from '../times.ts'
import type { Planned } from './plan-json.ts'
import { type Choice, planOfStates } from './plan-of-states.ts'
import { readOn } from './read-on.ts'
import { shown } from './read-plan.ts'

const differ = analysisForTests()

const choices: fc.Arbitrary<Choice> = fc.integer({ min: 0, max: 2 ** 30 }).map((seed) => (what, ways) => {
  let hash = seed
  for (const character of what) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0
  return (hash >>> 7) % ways
})

/** What an export has of an account: no descriptions, lengths of sessions, and tags of policies. */
const comparable = ({ entities }: AccountState): unknown =>
  [
    ...[...entities.policy.values()].map(({ arn, document }) => ({ arn, document: shown(document) })),
    ...[...entities.user.values(), ...entities.group.values(), ...entities.role.values()].map((each) => ({
      arn: each.arn,
      managed: [...new Set(each.managedPolicies)].sort(),
      inline: [...each.inlinePolicies].map(([name, document]) => [name, shown(document)]).sort(),
      ...('tags' in each ? { tags: [...each.tags].sort(), boundary: each.permissionsBoundary } : {}),
      ...('groups' in each ? { groups: [...each.groups].sort() } : {}),
      ...('trustPolicy' in each ? { trust: shown(each.trustPolicy) } : {}),
    })),
  ].sort((a, b) => (a.arn < b.arn ? -1 : 1))

/** Whether a plan leaves a resource as it is, but for what the provider reads. */
function isLeft({ before, after, unknown, configuredAs }: Planned): boolean {
  if (before == null || after === null || Object.keys(unknown ?? {}).length > 0) return false
  const told = [...Object.keys(configuredAs ?? after), 'tags_all']
  const values = (side: Readonly<Record<string, unknown>>) => JSON.stringify(told.map((name) => side[name]))
  return values(before) === values(after)
}

/** All that changes, and some of what doesn't: the rest isn't in Terraform. */
function partOf(plan: readonly Planned[], choice: Choice): readonly Planned[] {
  const referred = new Set(plan.flatMap(({ unknown }) => Object.values(unknown ?? {}).flat()))
  return plan.filter(
    (each) =>
      !isLeft(each) ||
      referred.has(`${each.type}.${each.name}`) ||
      choice(`in Terraform ${each.type}.${each.name}`, 3) === 0,
  )
}

const stateIn = (estate: Estate): AccountState => {
  const [state, second] = estate.accounts
  if (state === undefined || second !== undefined) throw new Error('one account was expected')
  return state
}

const statesOf = (pair: Parameters<typeof desiredOf>[0][]): readonly [AccountState, AccountState] => {
  const [old, now] = pair.map((each) => declaredState(desiredOf(each)))
  if (old === undefined || now === undefined) throw new Error('two states')
  return [old, now]
}

describe('an account of which part is in a plan is the whole account', () => {
  it('entity for entity, before the plan and after it', () => {
    let left = 0
    fc.assert(
      fc.property(blueprintPair(), choices, ([start, goal], choice) => {
        const [old, now] = statesOf([start, goal])
        const all = planOfStates(old, now, choice)
        const plan = partOf(all, choice)
        left += all.length - plan.length
        for (const [side, whole] of [
          ['before', old],
          [null, now],
        ] as const) {
          const { estate } = readOn([old], plan, side)
          expect(comparable(stateIn(estate))).toEqual(comparable(whole))
          expect(estate.unseen?.has('principals')).toBe(false)
        }
      }),
      { numRuns: times(50) },
    )
    expect(left).toBeGreaterThan(times(100))
  })

  it('entity for entity, of an export that was written after the plan was applied', () =>
    fc.assert(
      fc.property(blueprintPair(), choices, ([start, goal], choice) => {
        const [old, now] = statesOf([start, goal])
        const plan = partOf(planOfStates(old, now, choice), choice)
        expect(comparable(stateIn(readOn([now], plan).estate))).toEqual(comparable(now))
      }),
      { numRuns: times(25) },
    ))

  it('and has the difference of the whole ones', () =>
    fc.assert(
      fc.property(blueprintPair(), choices, ([start, goal], choice) => {
        const [old, now] = statesOf([start, goal])
        const plan = partOf(planOfStates(old, now, choice), choice)
        const whole = (state: AccountState) => readOn([state], []).estate
        const ofPlan = differ().diff(
          readOn([old], plan, 'before').estate,
          readOn([old], plan).estate,
          ACCOUNT.id,
        )
        expect(ofPlan.verdict).toBe(differ().diff(whole(old), whole(now), ACCOUNT.id).verdict)
      }),
      { numRuns: times(2) },
    ))
})
