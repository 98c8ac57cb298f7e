// A question that gives what a call passes along is about whoever may pass it, whether any policy speaks of it or not.
import { describe, expect, test } from 'vitest'
import { proveInvariant } from '../../../src/checks/prove-invariant.ts'
import { createEvaluator } from '../../../src/evaluator/estate/evaluator.ts'
import { accountOf, allow, document, estateWith, FACTS, grant, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests, roleArn, userArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const ROLE = roleArn('app')
const ELSEWHERE = 'arn:aws:iam::999999999999:role/other'
const AL = userArn('al')
const ASSUME = 'sts:AssumeRole'
const PARAMETERS = [
  ['aws:RequestTag/team', 'sts:TagSession'],
  ['aws:TagKeys', 'sts:TagSession'],
  ['sts:TransitiveTagKeys', 'sts:TagSession'],
  ['sts:SourceIdentity', 'sts:SetSourceIdentity'],
  ['sts:RequestContextProviders', 'sts:SetContext'],
] as const

const asked = (own: readonly string[], trusted: readonly string[], key: string) => {
  const estate = estateWith([
    accountOf(
      HOME,
      { al: { policy: document(allow(ASSUME, { Action: own })) } },
      { app: { trust: document(grant({ AWS: HOME }, ASSUME, { Action: trusted })) } },
    ),
  ])
  return { estate, context: new Map([[key, ['team']]]) }
}

describe.each(PARAMETERS)('%s', (key, action) => {
  const both = [ASSUME, action]
  test.each([
    ['nobody', [ASSUME], [ASSUME]],
    ['nobody whom the trust policy keeps from it', both, [ASSUME]],
    ['nobody whose own policies keep from it', [ASSUME], both],
    ['whoever may pass it', both, both],
  ] as const)('%s', async (_, own, trusted) => {
    const { estate, context } = asked(own, trusted, key)
    const evaluator = await createEvaluator(estate, FACTS)
    const request = { action: ASSUME, resource: ROLE, context }
    const isAllowed = evaluator.evaluate({ ...request, principal: AL }).answer?.decision === 'allow'
    expect(isAllowed).toBe(own.length + trusted.length === 4)
    const probe = { actions: [ASSUME], resources: [ROLE], context }
    const { violations, unknown } = analysis().analyzer.whoMay(estate, probe)
    expect(violations.some(({ principals }) => principals.includes(AL))).toBe(isAllowed)
    expect(unknown).toEqual([])
    expect(analysis().analyzer.notGranted(estate, probe, [HOME]).holds).toBe(!isAllowed)
    const { holds } = proveInvariant(analysis().analyzer, estate, {
      ...probe,
      name: 'nobody',
      rule: { type: 'nobody' },
      span: { file: 'a.yaml', start: 0, end: 0 },
    })
    expect(holds).toBe(!isAllowed)
  })

  test('of roles that nobody knows: only whose own policies let them', () => {
    const whoMayElsewhere = (own: readonly string[]) => {
      const { estate, context } = asked(own, [ASSUME], key)
      const probe = { actions: [ASSUME], resources: [ELSEWHERE], context }
      const { violations, unknown } = analysis().analyzer.whoMay(estate, probe)
      return [violations.filter(({ principals }) => principals.includes(AL)).length, unknown.length]
    }
    expect(whoMayElsewhere([ASSUME])).toEqual([0, 0])
    expect(whoMayElsewhere(both)).toEqual([1, 0])
  })
})

test('what assumes no role needs no more for what it passes', () => {
  const { estate } = asked(['iam:CreateUser'], [ASSUME], 'aws:RequestTag/team')
  const probe = {
    actions: ['iam:CreateUser'],
    resources: [userArn('new')],
    context: new Map([['aws:RequestTag/team', ['payments']]]),
  }
  expect(analysis().analyzer.notGranted(estate, probe, [HOME]).holds).toBe(false)
})
