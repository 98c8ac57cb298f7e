import { expect, it } from 'vitest'
import { anyTakes } from '../../src/plan/between/pattern-lists.ts'
import { RuleReader } from '../../src/plan/between/rules.ts'
import { Situations } from '../../src/plan/between/situation.ts'
import { SituationComparison } from '../../src/plan/between/wider.ts'

const ACTIONS = Array.from({ length: 1500 }, (_, at) => `service${at % 40}:Do${at}`)
const RESOURCES = Array.from({ length: 150 }, (_, at) => `arn:aws:s3:::bucket-${at}/*`)

const compared = (before: object[], now: object[], after: object[]) => {
  const [rules, situations] = [new RuleReader(), new Situations()]
  const of = (statements: object[]) =>
    situations.of(
      rules.read({ Version: '2012-10-17', Statement: statements } as never, { name: 'ada', tags: new Map() }),
      null,
    )
  return new SituationComparison().wider(of(before), of(now), of(after))
}

it('what a policy with a thousand actions allows on a hundred resources for a time is told: its parts that no rule tells apart are one', () => {
  const all = { Effect: 'Allow', Action: ACTIONS, Resource: RESOURCES }
  const fewer = { ...all, Action: ACTIONS.slice(1) }
  const denied = { Effect: 'Deny', Action: 'service1:Do1', Resource: '*' }
  expect(compared([all, denied], [fewer, denied], [])).toEqual({ type: 'none' })
  expect(compared([all, denied], [fewer], [])).toMatchObject({
    type: 'found',
    request: { action: 'service1:do1' },
  })
})

it('a long list of patterns takes what one of them takes', () => {
  const patterns = [
    ...ACTIONS.slice(0, 20),
    'service1:Get*',
    'service?2:List*',
    '*:Tag?',
    'iam',
    'service3:*',
  ]
  for (const text of [
    'service0:Do0',
    'service1:GetIt',
    'service12:Listing',
    'other:Tag1',
    'iam',
    'service3:',
  ])
    expect(anyTakes(patterns, text), text).toBe(true)
  for (const text of ['service0:Do20', 'service1:Put', 'service2:List', 'other:Tag', 'iam:', ''])
    expect(anyTakes(patterns, text), text).toBe(false)
})
