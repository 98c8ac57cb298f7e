import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import { accountOf, allow, document, estateWith, FACTS, HOME, resourceOf } from './estate-world.ts'

const INSTANCE = `arn:aws:ec2:eu-west-1:${HOME}:instance/i-0`
const ALICE = `arn:aws:iam::${HOME}:user/alice`

describe('tags of a declared resource, under the names of its service', () => {
  const policy = document(
    allow('ec2:*', { Condition: { StringEquals: { 'ec2:ResourceTag/team': 'red' } } }),
    allow('sqs:*', { Condition: { StringEquals: { 'sqs:ResourceTag/team': 'red' } } }),
  )
  const opened = (tags: Readonly<Record<string, string>>) =>
    createEvaluator(
      estateWith([accountOf(HOME, { alice: { policy } })], null, [resourceOf(INSTANCE, HOME, null, tags)]),
      {
        ...FACTS,
        openTagKeys: async () => (action, resource) =>
          action === 'ec2:StopInstances' && resource === INSTANCE ? ['ec2:ResourceTag/'] : [],
      },
    )
  const asked = (action: string) => ({
    principal: ALICE,
    action,
    resource: INSTANCE,
    context: new Map<string, readonly string[]>(),
  })

  it.each([
    ['an action that shows them', { team: 'red' }, 'ec2:StopInstances', 'allow'],
    ['another tag', { team: 'blue' }, 'ec2:StopInstances', 'implicit_deny'],
    ['an action that does not show them', { team: 'red' }, 'ec2:RunInstances', 'implicit_deny'],
    ['a resource without tags', {}, 'ec2:StopInstances', 'implicit_deny'],
  ])('%s', async (_, tags, action, expected) => {
    const evaluator = await opened(tags)
    expect(evaluator.evaluate(asked(action)).answer?.decision).toBe(expected)
  })

  it('a given key wins', async () => {
    const evaluator = await opened({ team: 'blue' })
    const context = new Map([['EC2:resourcetag/TEAM', ['red']]])
    expect(evaluator.evaluate({ ...asked('ec2:StopInstances'), context }).answer?.decision).toBe('allow')
  })
})
