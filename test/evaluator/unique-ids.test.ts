import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { PolicyDocument } from '../../src/model/index.ts'
import {
  accountOf,
  allow,
  deny,
  document,
  estateWith,
  FACTS,
  grant,
  HOME,
  resourceOf,
} from './estate-world.ts'

const BUCKET = 'arn:aws:s3:::data'
const BOB = `arn:aws:iam::${HOME}:user/bob`
const APP = `arn:aws:iam::${HOME}:role/app`
const SESSION = `arn:aws:sts::${HOME}:assumed-role/app/ci`
const IDS = new Map([
  [BOB, 'AIDABOBBOBBOBBOBBOB1'],
  [APP, 'AROAAPPAPPAPPAPPAPP1'],
])
const trust = document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'))
const account = (policy: PolicyDocument) => accountOf(HOME, { bob: { policy } }, { app: { policy, trust } })

const open = (policy: PolicyDocument, bucket: PolicyDocument | null = null, ids = IDS) =>
  createEvaluator(
    { ...estateWith([account(policy)], null, [resourceOf(BUCKET, HOME, bucket)]), uniqueIds: ids },
    FACTS,
  )
const asked = (principal: string) => ({
  principal,
  action: 's3:GetObject',
  resource: `${BUCKET}/x`,
  context: new Map<string, readonly string[]>(),
})
const unless = (...ids: readonly string[]) =>
  document(allow('s3:*'), deny('s3:*', { Condition: { StringNotLike: { 'aws:userid': [...ids] } } }))

describe('unique ids that a target knows', () => {
  it.each([
    ['a user', BOB, 'AIDABOBBOBBOBBOBBOB1', 'allow'],
    ['another user', BOB, 'AIDABOBBOBBOBBOBBOB2', 'explicit_deny'],
    ['a session', SESSION, 'AROAAPPAPPAPPAPPAPP1:ci', 'allow'],
    ['any session of its role', SESSION, 'AROAAPPAPPAPPAPPAPP1:*', 'allow'],
    ['another session', SESSION, 'AROAAPPAPPAPPAPPAPP1:cd', 'explicit_deny'],
  ])('are the aws:userid: %s', async (_, principal, id, expected) => {
    const evaluator = await open(unless(id))
    expect(evaluator.evaluate(asked(principal)).answer?.decision).toBe(expected)
  })

  it.each([
    ['AIDAEXAMPLEID1234567', { 'aws:PrincipalType': 'User', 'aws:userid': 'AIDAEXAMPLEID1234567' }],
    ['AROAEXAMPLEID1234567', { 'aws:PrincipalType': 'AssumedRole' }],
  ])('say of which kind somebody is of whom nothing else is known: %s', async (id, said) => {
    const bucket = document({
      ...grant({ AWS: id }, 's3:GetObject', { Condition: { StringEquals: said } }),
      Resource: `${BUCKET}/*`,
    })
    const evaluator = await open(document(), bucket)
    expect(evaluator.evaluate(asked(`id:${id}`)).answer?.decision).toBe('allow')
  })

  it('decide who can: all sessions of a role, one of them, none', async () => {
    const grants = async (...ids: readonly string[]) => {
      const { principal: _, ...question } = asked('')
      const found = (await open(unless(...ids))).whoCan(question).grants
      return found.find(({ principal }) => principal === APP)?.decision
    }
    expect(await grants('AROAAPPAPPAPPAPPAPP1:*')).toBe('allow')
    expect(await grants('AROAAPPAPPAPPAPPAPP1:ci')).toBe('conditional')
    expect(await grants('AROAAPPAPPAPPAPPAPP2:*')).toBe(undefined)
  })

  it('bind in a policy that names a living one', async () => {
    const bucket = document(grant({ AWS: ['AIDABOBBOBBOBBOBBOB1'] }, 's3:GetObject', { Resource: '*' }))
    const nothing = document(allow('sqs:*'))
    const decided = async (ids: ReadonlyMap<string, string>) =>
      (await open(nothing, bucket, new Map(ids))).evaluate(asked(BOB)).answer?.decision
    expect(await decided(IDS)).toBe('allow')
    expect(await decided(new Map([[BOB, 'AIDABOBBOBBOBBOBBOB9']]))).toBe('implicit_deny')
    expect(await decided(new Map())).toBe('implicit_deny')
  })
})
