import { describe, expect, it } from 'vitest'
import { declaredState } from '../../../src/checks/declared-state.ts'
import type { AccountState, Estate } from '../../../src/model/index.ts'
import { analysisForTests } from '../../access/diff/estate-diffs.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import { blueprint, blueprintPair, desiredOf } from '../../arbitraries/state.ts'
import fc from '../../fixed-seed.ts'
import type { Choice } from '../tfplan/plan-of-states.ts'
import { shown } from '../tfplan/read-plan.ts'
import { times } from '../times.ts'
import { accountIn, readTemplate } from './read-template.ts'
import { templateOfState, yamlOf } from './template-of-state.ts'

const differ = analysisForTests()

/** Ways of writing things, drawn anew for each run. */
const choices: fc.Arbitrary<Choice> = fc.integer({ min: 0, max: 2 ** 30 }).map((seed) => (what, ways) => {
  let hash = seed
  for (const character of what) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0
  return (hash >>> 7) % ways
})

/** What an account holds, without the order of what has none; a template says nothing of the tags of policies. */
function comparable({ entities }: AccountState): unknown {
  const identities = [...entities.user.values(), ...entities.group.values(), ...entities.role.values()]
  return [
    ...[...entities.policy.values()].map(({ arn, document }) => ({ arn, document: shown(document) })),
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

const stateOf = (each: Parameters<typeof desiredOf>[0]): AccountState => declaredState(desiredOf(each))
const estateOf = (state: AccountState): Estate => ({
  accounts: [state],
  organization: null,
  resources: new Map(),
})
const asRead = (state: AccountState, choice: Choice, form: 'json' | 'yaml') => {
  const template = templateOfState(state, choice)
  return readTemplate(form === 'json' ? template : yamlOf(template, choice).trimStart(), {
    account: ACCOUNT.id,
  })
}

describe.each(['json', 'yaml'] as const)(
  'a template as %s, in whatever way it is written, is what YAML declares',
  (form) => {
    it('entity for entity', () =>
      fc.assert(
        fc.property(blueprint(), choices, (each, choice) => {
          const declared = stateOf(each)
          const { estate, findings } = asRead(declared, choice, form)
          expect(findings.map(({ code }) => code)).toEqual(['intake.not-held'])
          expect(comparable(accountIn(estate))).toEqual(comparable(declared))
        }),
        { numRuns: times(25) },
      ))

    it('with the same access: no difference to what is declared, and that of two templates is that of what is declared', () =>
      fc.assert(
        fc.property(blueprintPair(), choices, choices, ([start, goal], one, other) => {
          const [old, now] = [stateOf(start), stateOf(goal)]
          const [before, after] = [asRead(old, one, form).estate, asRead(now, other, form).estate]
          for (const [a, b] of [
            [estateOf(old), estateOf(accountIn(before))],
            [estateOf(accountIn(before)), estateOf(old)],
          ] as const)
            expect(differ().diff(a, b, ACCOUNT.id)).toMatchObject({
              verdict: 'none',
              gained: [],
              lost: [],
              unknown: [],
            })
          expect(differ().diff(before, after, ACCOUNT.id).verdict).toBe(
            differ().diff(estateOf(old), estateOf(now), ACCOUNT.id).verdict,
          )
        }),
        { numRuns: times(2) },
      ))
  },
)
