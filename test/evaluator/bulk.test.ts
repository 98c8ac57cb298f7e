import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PolicyLayers } from '../../src/evaluator/layers.ts'
import { BlockBuilder } from '../../src/evaluator/module/block.ts'
import { createPolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { Question } from '../../src/evaluator/question.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { PolicyUse } from '../../src/policy/parsed.ts'

const ALICE = 'arn:aws:iam::111122223333:user/alice'

function read(use: PolicyUse, statements: readonly object[]) {
  const document = { Version: '2012-10-17', Statement: statements }
  const { policy } = parsePolicy(document, null, use, 'evaluate')
  if (policy === null) throw new Error('the policy is malformed')
  return { id: 'test', policy }
}

const policyOf = (...statements: readonly object[]) => read('identity', statements)

const allow = (more: object = {}) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...more })

const when = (key: string, value: string): PolicyLayers => ({
  identity: [policyOf(allow({ Condition: { StringEquals: { [key]: value } } }))],
})

const asked = (
  layers: PolicyLayers,
  context: Readonly<Record<string, string>>,
  more: object = {},
): Question => ({
  layers,
  request: {
    principal: ALICE,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::data/x',
    context: new Map(Object.entries(context).map(([key, value]) => [key, [value]])),
    ...more,
  },
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('many plain questions at once', () => {
  it('bring of their contexts only what the policies of who asks name', async () => {
    const evaluator = await createPolicyEvaluator()
    const written = vi.spyOn(BlockBuilder.prototype, 'addKey')
    const context = { 'aws:SourceIp': '10.0.0.1', 'aws:RequestedRegion': 'eu-west-1', 'aws:UserAgent': 'x' }
    const questions = [
      asked(when('aws:RequestedRegion', 'eu-west-1'), context),
      asked(when('aws:UserAgent', 'y'), context),
      asked({ identity: [policyOf(allow())] }, context),
    ]
    expect(evaluator.evaluateMany(questions)).toEqual(['allow', 'implicit_deny', 'allow'])
    expect(written.mock.calls.map(([, values]) => values)).toEqual([['eu-west-1'], ['x']])
  })

  it('bring keys that only a variable names, in a resource, a value, or a default', async () => {
    const evaluator = await createPolicyEvaluator()
    const resource = (entry: string): PolicyLayers => ({ identity: [policyOf(allow({ Resource: entry }))] })
    const byValue = when('aws:SourceIdentity', '$' + '{aws:PrincipalTag/team}')
    const byDefault = resource('arn:aws:s3:::data/$' + "{aws:PrincipalTag/folder, 'x'}")
    const byResource = resource('arn:aws:s3:::data/$' + '{s3:prefix}')
    const questions = [
      asked(byResource, { 'S3:Prefix': 'x' }),
      asked(byResource, { 'S3:Prefix': 'y' }),
      asked(byValue, { 'aws:SourceIdentity': 'a', 'aws:principaltag/TEAM': 'a' }),
      asked(byValue, { 'aws:SourceIdentity': 'a', 'aws:principaltag/TEAM': 'b' }),
      asked(byDefault, {}),
      asked(byDefault, { 'aws:PrincipalTag/folder': 'y' }),
    ]
    const expected = ['allow', 'implicit_deny', 'allow', 'implicit_deny', 'allow', 'implicit_deny']
    expect(evaluator.evaluateMany(questions)).toEqual(expected)
    expect(evaluator.evaluateMany(questions.toReversed())).toEqual(expected.toReversed())
    expect(questions.map((question) => evaluator.decide(question))).toEqual(expected)
  })

  it('bring what policies of any layer name', async () => {
    const evaluator = await createPolicyEvaluator()
    const limit = when('aws:RequestedRegion', 'eu-west-1').identity ?? []
    const all = [policyOf(allow())]
    const condition = { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } }
    const deny = read('resource', [
      { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', Condition: condition },
    ])
    const layers: readonly PolicyLayers[] = [
      { identity: all, boundary: limit },
      { identity: all, session: limit },
      { identity: all, scp: [all, limit] },
      { identity: all, resource: deny },
    ]
    const [here, there] = [{ 'aws:RequestedRegion': 'eu-west-1' }, { 'aws:RequestedRegion': 'us-east-1' }]
    expect(evaluator.evaluateMany(layers.map((each) => asked(each, here)))).toEqual(layers.map(() => 'allow'))
    const denied = evaluator.evaluateMany(layers.map((each) => asked(each, there)))
    expect(denied).toEqual(['implicit_deny', 'implicit_deny', 'implicit_deny', 'explicit_deny'])
  })

  it('are decided alike whether the first of them has a context or not', async () => {
    const evaluator = await createPolicyEvaluator()
    const layers = when('aws:RequestedRegion', 'eu-west-1')
    const questions = [
      asked(layers, {}),
      asked(layers, { 'aws:RequestedRegion': 'eu-west-1' }),
      asked(layers, { 'aws:SourceIp': '10.0.0.1' }),
    ]
    const expected = ['implicit_deny', 'allow', 'implicit_deny']
    expect(evaluator.evaluateMany(questions)).toEqual(expected)
    expect(evaluator.evaluateMany(questions.toReversed())).toEqual(expected.toReversed())
  })

  it('notice a key that is given twice where it matters to who asks', async () => {
    const evaluator = await createPolicyEvaluator()
    const twice = { 'aws:RequestedRegion': 'eu-west-1', 'AWS:requestedregion': 'us-east-1' }
    const others = when('aws:UserAgent', 'x')
    evaluator.prepare([when('aws:RequestedRegion', 'eu-west-1'), others])
    expect(evaluator.evaluateMany([asked(others, twice)])).toEqual(['implicit_deny'])
    const matters = asked(when('aws:RequestedRegion', 'eu-west-1'), twice)
    expect(() => evaluator.evaluateMany([asked(others, twice), matters])).toThrow(
      'context key `AWS:requestedregion` is given twice',
    )
  })

  it('may have texts beyond ASCII, owners and times among them', async () => {
    const evaluator = await createPolicyEvaluator()
    const own: PolicyLayers = {
      identity: [
        policyOf(allow({ Resource: 'arn:aws:s3:::data/ä*' }), {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { DateGreaterThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } },
        }),
      ],
    }
    const [early, late] = [new Date('2026-06-01'), new Date('2027-06-01')]
    const questions: readonly Question[] = [
      { ...asked(own, {}, { resource: 'arn:aws:s3:::data/äx' }), now: early },
      {
        ...asked(own, {}, { resource: 'arn:aws:s3:::data/äx', resourceAccount: '444455556666' }),
        now: early,
      },
      { ...asked(own, {}, { resource: 'arn:aws:s3:::data/äx', resourceAccount: '111122223333' }), now: late },
      { ...asked(own, { 'aws:SourceIp': '10.0.0.1' }, { resource: 'arn:aws:s3:::data/x' }), now: early },
    ]
    const expected = ['allow', 'implicit_deny', 'explicit_deny', 'implicit_deny']
    expect(evaluator.evaluateMany(questions)).toEqual(expected)
    expect(questions.map((question) => evaluator.decide(question))).toEqual(expected)
  })
})
