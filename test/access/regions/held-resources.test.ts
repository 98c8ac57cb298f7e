// A resource that lies in another and has no policy of its own is under the policy of that one, declared or not; what is only called
// longer than another is a resource of its own.
import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../../src/evaluator/estate/evaluator.ts'
import type { PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  deny,
  document,
  estateWith,
  FACTS,
  HOME,
  OTHER,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

const BUCKET = 'arn:aws:s3:::data'
const OBJECT = `${BUCKET}/x`
const AL = `arn:aws:iam::${HOME}:user/al`
const FUNCTION = `arn:aws:lambda:eu-west-1:${HOME}:function:work`
const REPOSITORY = `arn:aws:ecr:eu-west-1:${HOME}:repository/app`
const SECRET = `arn:aws:secretsmanager:eu-west-1:${HOME}:secret:db-AbCdEf`
const TABLE = `arn:aws:dynamodb:eu-west-1:${HOME}:table/orders`
const STREAM = `arn:aws:kinesis:eu-west-1:${HOME}:stream/events`
const GROUP = `arn:aws:logs:eu-west-1:${HOME}:log-group:/app`

type Declared = Parameters<typeof resourceOf>
const reader = accountOf(HOME, { al: { policy: document(allow('*')) } })
const estateOf = (...declared: readonly Declared[]) =>
  estateWith(
    [reader],
    null,
    declared.map((each) => resourceOf(...each)),
  )
const everybody = (effect: typeof allow, action: string, resource = '*'): PolicyStatement =>
  effect(action, { Principal: '*', Resource: resource })
const tagged = (arn: string): Declared => [arn, HOME, null, { env: 'prod' }]

async function decided(
  estate: ReturnType<typeof estateOf>,
  principal: string,
  action: string,
  resource: string,
) {
  const evaluator = await createEvaluator(estate, FACTS)
  const { answer } = evaluator.evaluate({ principal, action, resource, context: new Map() })
  return answer?.decision
}
const { holds, outside, diffs } = {
  holds: (estate: ReturnType<typeof estateOf>, action: string, resource = '*') =>
    analysis().analyzer.notGranted(estate, { actions: [action], resources: [resource], context: new Map() }, [
      HOME,
    ]).holds,
  outside: (estate: ReturnType<typeof estateOf>) =>
    analysis().analyzer.noOutsideAccess(estate, [HOME], { trusted: [], services: 'noted' }).holds,
  diffs: (before: ReturnType<typeof estateOf>, after: ReturnType<typeof estateOf>) =>
    analysis().analyzer.diffEstates(before, after, [HOME]).get(HOME),
}

describe('an object that is declared for its tags', () => {
  const denied: Declared = [BUCKET, HOME, document(everybody(deny, 's3:GetObject', `${BUCKET}/*`))]
  const open: Declared = [BUCKET, HOME, document(everybody(allow, 's3:GetObject', OBJECT))]

  it.each([OBJECT, `${OBJECT}/y`])('what its bucket denies stays denied: %s', async (object) => {
    const estate = estateOf(denied, tagged(OBJECT))
    expect(await decided(estate, AL, 's3:GetObject', object)).toBe('explicit_deny')
    expect(holds(estate, 's3:GetObject', `${BUCKET}/*`)).toBe(true)
  })
  it('what its bucket lets everybody read is public', async () => {
    const estate = estateOf(open, tagged(OBJECT))
    expect(await decided(estate, '*', 's3:GetObject', OBJECT)).toBe('allow')
    expect(outside(estate)).toBe(false)
    expect(analysis().analyzer.noPublicAccess(estate, [HOME]).violations).not.toEqual([])
  })
  it.each([
    ['a policy', document(everybody(allow, 's3:GetObject', OBJECT))],
    ['none', null],
  ])('belongs to whose the bucket is, which has %s', async (_, policy) => {
    const estate = estateOf([BUCKET, OTHER, policy], tagged(OBJECT))
    const evaluator = await createEvaluator(estate, FACTS)
    const { answer } = evaluator.evaluate({
      principal: AL,
      action: 's3:PutObject',
      resource: OBJECT,
      context: new Map(),
    })
    expect(answer?.decision).toBe('implicit_deny')
    expect(holds(estate, 's3:PutObject', OBJECT)).toBe(true)
  })
  it('names the policy of its bucket', async () => {
    const evaluator = await createEvaluator(estateOf(denied, tagged(OBJECT)), FACTS)
    const { answer } = evaluator.evaluate({
      principal: AL,
      action: 's3:GetObject',
      resource: OBJECT,
      context: new Map(),
    })
    expect(answer?.reasons.map(({ policy }) => policy)).toEqual([BUCKET])
  })
  it.each([
    ['denies', denied],
    ['lets everybody read', open],
  ])('to declare it is no change where its bucket %s', (_, bucket) => {
    const [without, with_] = [estateOf(bucket), estateOf(bucket, tagged(OBJECT))]
    for (const [before, after] of [
      [without, with_],
      [with_, without],
    ] as const)
      expect(diffs(before, after)).toMatchObject({ gained: [], lost: [], unknown: [] })
  })
})

describe('an alias of a function', () => {
  const open: Declared = [FUNCTION, HOME, document(everybody(allow, 'lambda:InvokeFunction'))]
  it('is under the policy of the function where it has none', async () => {
    const estate = estateOf(open, tagged(`${FUNCTION}:prod`))
    expect(await decided(estate, '*', 'lambda:InvokeFunction', `${FUNCTION}:prod`)).toBe('allow')
  })
  it('has its own where it is declared with one', async () => {
    const own: Declared = [`${FUNCTION}:prod`, HOME, document(everybody(deny, 'lambda:*'))]
    expect(await decided(estateOf(open, own), '*', 'lambda:InvokeFunction', `${FUNCTION}:prod`)).toBe(
      'explicit_deny',
    )
  })
})

describe('what is called like another, and longer, or has a policy of its own, is no part of it', () => {
  it.each([
    [REPOSITORY, `${REPOSITORY}/web`, 'ecr:BatchGetImage'],
    [SECRET, `${SECRET}/more`, 'secretsmanager:GetSecretValue'],
    [GROUP, `${GROUP}/web`, 'logs:FilterLogEvents'],
    [TABLE, `${TABLE}/stream/2026-01-31T00:00:00.000`, 'dynamodb:GetRecords'],
    [STREAM, `${STREAM}/consumer/c:1700000000`, 'kinesis:SubscribeToShard'],
  ])('%s', async (arn, longer, action) => {
    const estate = estateOf([arn, HOME, document(everybody(deny, '*'))])
    expect(await decided(estate, AL, action, arn)).toBe('explicit_deny')
    expect(await decided(estate, AL, action, longer)).toBe('allow')
    expect(holds(estate, action, arn)).toBe(true)
    expect(holds(estate, action, longer)).toBe(false)
  })
  it.each([
    [GROUP, `${GROUP}:log-stream:s`, 'logs:GetLogEvents'],
    [TABLE, `${TABLE}/index/i`, 'dynamodb:Query'],
  ])('what is in it: %s', async (arn, inside, action) => {
    const estate = estateOf([arn, HOME, document(everybody(deny, '*'))])
    expect(await decided(estate, AL, action, inside)).toBe('explicit_deny')
    expect(holds(estate, action, inside)).toBe(true)
  })
  it('tags of a secret are those of all that its policy is about', () => {
    const policy = document(
      allow('secretsmanager:GetSecretValue', {
        Principal: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/env': 'dev' } },
      }),
    )
    const { holds: isClosed } = analysis().analyzer.noPublicAccess(
      estateOf([SECRET, HOME, policy, { env: 'prod' }]),
      [HOME],
    )
    expect(isClosed).toBe(true)
  })
})

describe('a key whose policy nobody declares', () => {
  const KEY = `arn:aws:kms:eu-west-1:${HOME}:key/11111111-2222-4333-8444-555555555555`
  const estate = estateOf(tagged(KEY))
  const ask = async (action: string) => {
    const evaluator = await createEvaluator(estate, FACTS)
    return evaluator.evaluate({ principal: AL, action, resource: KEY, context: new Map() })
  }
  it('has one all the same, which is not known', async () => {
    const asked = await ask('kms:Decrypt')
    expect(asked.answer === null ? asked.diagnostics.map(({ code }) => code) : asked).toEqual([
      'evaluate.unknown-resource-policy',
    ])
    expect(holds(estate, 'kms:Decrypt', KEY)).toBe('unknown')
    expect(holds(estate, 'kms:Decrypt')).toBe('unknown')
  })
  it('is nothing that proofs about outsiders are about', () => {
    expect(outside(estate)).toBe(true)
  })
})
