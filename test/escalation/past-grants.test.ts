import { describe, expect, it } from 'vitest'
import { NOW } from '../access/diff/estate-diffs.ts'
import { askForTests, told } from './ask.ts'
import {
  ADMINISTRATOR,
  allows,
  arnOf,
  document,
  ELSEWHERE,
  lets,
  type Parts,
  type PrincipalParts,
  trusts,
} from './estates.ts'

const asked = askForTests()
/** Before the time that the analysis takes for now, and after it. */
const [PAST, FUTURE] = ['2020-01-01T00:00:00Z', '2040-01-01T00:00:00Z']
const until = (time: string) => ({ DateLessThan: { 'aws:CurrentTime': time } })

const account = (ann: PrincipalParts, power: PrincipalParts, trust = trusts('user/ann')): Parts => ({
  users: { ann },
  roles: { power: { ...power, trust } },
})
const ALL = { managed: [ADMINISTRATOR] }
const limited = (time: string, action: string) => ({ policy: document(allows(action, '*', until(time))) })

/** Accounts that lead to a role until a time. */
const UNTIL: readonly (readonly [string, (time: string) => Parts])[] = [
  [
    'who may assume a role',
    (time) => account(limited(time, 'sts:AssumeRole'), ALL, lets({ AWS: '111122223333' }, 'sts:AssumeRole')),
  ],
  [
    'who may write permissions',
    (time) => account(limited(time, 'iam:PutUserPolicy'), {}, trusts('ec2.amazonaws.com')),
  ],
  [
    'whom a role trusts',
    (time) => account({}, ALL, lets({ AWS: arnOf('user/ann') }, 'sts:AssumeRole', until(time))),
  ],
  ['who assumes a role that may do everything', (time) => account({}, limited(time, '*'))],
  ['who assumes a role that may do something', (time) => account({}, limited(time, 's3:PutObject'))],
  [
    'who passes a role that a service may assume',
    (time) =>
      account(
        { policy: document(allows(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])) },
        ALL,
        lets({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole', until(time)),
      ),
  ],
]

// IAM User Guide, "AWS global condition context keys": aws:CurrentTime
describe('a time that is past leads nobody anywhere,', () => {
  it.each(UNTIL)('%s', (_, parts) => {
    expect(told(asked().existing(parts(PAST)))).toEqual([])
  })
  it.each(UNTIL)('and one to come does: %s', (_, parts) => {
    const found = asked().existing(parts(FUTURE))
    expect(found).not.toEqual([])
    for (const { path } of found)
      for (const { witness } of path)
        for (const [time = ''] of [witness.context.get('aws:CurrentTime') ?? [NOW.toISOString()]])
          expect(Date.parse(time)).toBeGreaterThanOrEqual(NOW.getTime())
  })
  it('somebody outside who was let in', () => {
    const trusting = (time: string) =>
      account({}, ALL, lets({ AWS: ELSEWHERE }, 'sts:AssumeRole', until(time)))
    const before = account({}, ALL, trusts('ec2.amazonaws.com'))
    expect(told(asked().gained(before, trusting(PAST)))).toEqual([])
    expect(asked().gained(before, trusting(FUTURE))).toMatchObject([{ class: 'lets-outsiders-in' }])
  })
  it('who could do everything', () => {
    const before = account({}, {}, trusts('ec2.amazonaws.com'))
    const holding = (time: string) => account(limited(time, '*'), {}, trusts('ec2.amazonaws.com'))
    expect(told(asked().gained(before, holding(PAST)))).toEqual([])
    expect(asked().gained(before, holding(FUTURE))).toMatchObject([{ class: 'administrator' }])
  })
})
