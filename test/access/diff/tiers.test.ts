// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { describe, expect, it, test } from 'vitest'
import type { AccessDiff } from '../../../src/access/access-diff.ts'
import type { PolicyDocument, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  deny,
  document,
  estateWith,
  grant,
  HOME,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, roleArn, userArn } from './estate-diffs.ts'

const analysis = analysisForTests()

const on = (resource: string, ...action: readonly string[]): PolicyStatement => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
})
const compared = (before: PolicyDocument, after: PolicyDocument): AccessDiff =>
  analysis().analyzer.diffPolicies({ json: before, located: null }, { json: after, located: null })
const tiersOf = ({ gained }: AccessDiff) => gained.map(({ tier, actions }) => `${tier} ${actions.join(' ')}`)

describe('what only a pattern allows', () => {
  test.each([
    [
      'a bucket with a slash in its name',
      on('arn:aws:s3:::b/*', 's3:GetObject'),
      on('arn:aws:s3:::b/*', 's3:ListBucket'),
      ['pattern s3:ListBucket'],
    ],
    [
      'an ARN whose first star runs over the colons after it',
      on('arn:aws:s3:::b/*', 's3:GetObject'),
      on('arn:*:s3:::b/*', 's3:GetObject'),
      ['pattern s3:GetObject'],
    ],
    [
      'a queue with a slash in its name',
      on('arn:aws:sqs:us-east-1:111122223333:q', 'sqs:SendMessage'),
      on('arn:aws:sqs:us-east-1:111122223333:q*', 'sqs:SendMessage'),
      ['typed sqs:SendMessage'],
    ],
    [
      'a table with a slash in its name',
      on('arn:aws:dynamodb:us-east-1:111122223333:table/t', 'dynamodb:PutItem'),
      on('arn:aws:dynamodb:us-east-1:111122223333:table/t/*', 'dynamodb:PutItem'),
      ['pattern dynamodb:PutItem'],
    ],
    [
      'an object called by an ARN',
      on('arn:aws:s3:::b/x', 's3:GetObject'),
      on('arn:aws:s3:::b/arn:aws:iam::111122223333:user/al-*', 's3:GetObject'),
      ['typed s3:GetObject'],
    ],
    [
      'an object called like whoever asks',
      on('arn:aws:s3:::b/x', 's3:GetObject'),
      on('arn:aws:s3:::b/${aws:PrincipalArn}/*', 's3:GetObject'),
      ['typed s3:GetObject'],
    ],
    ['an action to come', on('*', 's3:GetObject'), on('*', 's3:GetObject', 's3:Zz*'), ['future s3:zz*']],
  ])('%s is told and decides nothing, but for what is real', (_, old, recent, expected) => {
    const diff = compared(document(old), document(old, recent))
    expect(tiersOf(diff)).toEqual(expected)
    expect(diff.verdict).toBe(expected.some((each) => each.startsWith('typed')) ? 'gained' : 'none')
  })

  it('beside a loss leaves the verdict to the loss', () => {
    const secret = { ...deny('ecs:RunTask'), Resource: 'arn:aws:ecs:*:*:task-definition/secret:*' }
    const diff = compared(
      document(on('*', '*'), secret),
      document(on('arn:aws:ecs:*:*:task-definition/open:*', 'ecs:RunTask')),
    )
    expect(tiersOf(diff)).toEqual(['pattern ecs:RunTask'])
    expect(diff.verdict).toBe('lost')
  })

  it('never stands beside a typed entry of the same statement, whatever resources are declared', () => {
    const trust = document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'))
    const before = accountOf(HOME, {}, { d: { trust } })
    const after = accountOf(HOME, {}, { d: { trust, policy: document(on('*', 'sts:AssumeRole')) } })
    const bucket = [resourceOf('arn:aws:s3:::data', HOME, null)]
    const diff = analysis().diff(estateWith([before], null, bucket), estateWith([after], null, bucket))
    expect(diff.gained.map(({ tier, witness }) => [tier, witness.resource])).toEqual([
      ['typed', expect.stringMatching(/:role\/\w+$/)],
    ])
  })
})

describe('what counts whatever its type', () => {
  const user = (policy: PolicyDocument) => accountOf(HOME, { al: { policy } }, {})
  const nothing = document(on('*', 'ec2:DescribeInstances'))

  it('is a declared resource', () => {
    const after = user(document(on('arn:aws:s3:::data', 's3:GetObject')))
    const bucket = [resourceOf('arn:aws:s3:::data', HOME, null)]
    const declared = analysis().diff(
      estateWith([user(nothing)], null, bucket),
      estateWith([after], null, bucket),
    )
    expect([declared.verdict, tiersOf(declared)]).toEqual(['both', ['typed s3:GetObject']])
    const other = analysis().diff(estateWith([user(nothing)]), estateWith([after]))
    expect([other.verdict, tiersOf(other)]).toEqual(['lost', ['pattern s3:GetObject']])
  })

  it('is an entity of the estate', () => {
    const after = user(document(on(userArn('al'), 'iam:CreateRole')))
    const diff = analysis().diff(estateWith([user(nothing)]), estateWith([after]))
    expect(tiersOf(diff)).toEqual(['typed iam:CreateRole'])
    const absent = user(document(on(userArn('nobody'), 'iam:CreateRole')))
    expect(tiersOf(analysis().diff(estateWith([user(nothing)]), estateWith([absent])))).toEqual([
      'pattern iam:CreateRole',
    ])
  })

  it('is an action that the catalogue does not list, on anything', () => {
    const diff = compared(document(on('*', 's3:GetObject')), document(on('arn:aws:s3:::b/*', 's3:Unheard')))
    expect(tiersOf(diff)).toEqual(['typed s3:Unheard'])
    const star: PolicyStatement = { Effect: 'Allow', Action: 's3:Unheard', NotResource: 'arn:*' }
    expect(tiersOf(compared(document(on('*', 's3:GetObject')), document(star)))).toEqual(['typed s3:Unheard'])
  })

  it('is not an action without types on an ARN', () => {
    const diff = compared(
      document(on('*', 's3:GetObject')),
      document(on('*', 's3:GetObject'), on('arn:aws:s3:::b', 's3:ListAllMyBuckets')),
    )
    expect([diff.verdict, tiersOf(diff)]).toEqual(['none', ['pattern s3:ListAllMyBuckets']])
  })
})

describe('a proof', () => {
  const estate = estateWith([
    accountOf(HOME, { al: { policy: document(on('arn:aws:s3:::b/*', 's3:ListBucket')) } }, {}),
  ])
  const granted = (resource: string) =>
    analysis().analyzer.notGranted(
      estate,
      { actions: ['s3:ListBucket'], resources: [resource], context: new Map() },
      [HOME],
    )

  it('holds where only patterns break it, and lists them', () => {
    const { holds, violations } = granted('*')
    expect([holds, violations.map(({ tier }) => tier)]).toEqual([true, ['pattern']])
  })

  it('of resources that somebody has written is asked as it stands', () => {
    for (const resource of ['arn:aws:s3:::b/x', 'arn:aws:s3:::b/*', 'arn:aws:s3:::?*'])
      expect([resource, granted(resource).holds]).toEqual([resource, false])
    expect(granted('arn:aws:s3:::c*').holds).toBe(true)
  })

  it('of resources that somebody has written shows one that its service allows, where one of them will do', () => {
    const reader = accountOf(HOME, { al: { policy: document(on('*', 's3:GetObject', 's3:ListBucket')) } }, {})
    const shown = (action: string, resource: string) =>
      analysis()
        .analyzer.notGranted(
          estateWith([reader]),
          { actions: [action], resources: [resource], context: new Map() },
          [HOME],
        )
        .violations.map(({ tier, witness }) => [
          tier,
          /^arn:aws:s3:::[^/:]+(?:\/.+)?$/.test(witness.resource),
        ])
    expect(shown('s3:GetObject', 'arn:aws:s3:::*/x')).toEqual([['typed', true]])
    expect(shown('s3:*', 'arn:aws:s3:::*/x')).toEqual([['typed', true]])
    expect(shown('s3:ListBucket', 'arn:aws:s3:::b/x')).toEqual([['typed', true]])
  })

  it('tells of each action once only what is real', () => {
    const roles = accountOf(
      HOME,
      {},
      {
        d: {
          trust: document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole')),
          policy: document(on('*', 'iam:*')),
        },
      },
    )
    const { holds, violations } = analysis().analyzer.notGranted(
      estateWith([roles]),
      { actions: ['iam:PassRole'], resources: ['*'], context: new Map() },
      [HOME],
    )
    expect(holds).toBe(false)
    expect(
      violations.map(({ principals, tier, actions }) => [principals.join(), tier, actions.join()]),
    ).toEqual([[roleArn('d'), 'typed', 'iam:PassRole']])
  })

  it('of what is public holds where only patterns break it', () => {
    const of = (resource: string) => {
      const policy = document({ ...grant('*', 'sqs:SendMessage'), Resource: resource })
      const queue = resourceOf('arn:aws:sqs:us-east-1:111122223333:q', HOME, policy)
      return analysis().analyzer.noPublicAccess(estateWith([accountOf(HOME, {}, {})], null, [queue]), [HOME])
        .holds
    }
    expect(of('arn:aws:sqs:us-east-1:111122223333:q')).toBe(false)
    expect(of('arn:aws:sqs:us-east-1:111122223333:q/*')).toBe(true)
  })
})
