import { describe, expect, it } from 'vitest'
import { IamError, type IamErrorCode } from '../../src/iam/service-error.ts'
import { nextMove } from '../../src/reconcile/retry-policy.ts'

type Failed = Parameters<typeof nextMove>[0]

const failed = (code: IamErrorCode, more: Partial<Failed> = {}, message = 'refused'): Failed => ({
  operation: 'CreateRole',
  error: new IamError(code, message),
  troubles: 1,
  waited: 0,
  wasUnanswered: false,
  needsOwnWork: true,
  settlesWithin: 10_000,
  ...more,
})
const LOST = new IamError('ServiceFailure', 'read ECONNRESET', { retryable: true, unanswered: true })
const SLOW = new IamError('Throttling', 'Rate exceeded', { retryable: true })
const UNTRUSTED = 'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/a"'

describe('what comes after a call that was refused, or had no answer', () => {
  it.each<[string, Failed, string]>([
    ['throttling: again', failed('Throttling', { error: SLOW }), 'again'],
    ['throttling, seven times: no more', failed('Throttling', { error: SLOW, troubles: 7 }), 'fail'],
    ['no answer: a look', failed('ServiceFailure', { error: LOST }), 'look'],
    ['no answer, seven times: no more', failed('ServiceFailure', { error: LOST, troubles: 7 }), 'fail'],
    ['there, after no answer: done', failed('EntityAlreadyExists', { wasUnanswered: true }), 'done'],
    ['there, and somebody else made it', failed('EntityAlreadyExists'), 'fail'],
    ['a quota, which the AWS SDK takes for throttling', failed('LimitExceeded'), 'fail'],
    ['somebody else is at it: again', failed('ConcurrentModification'), 'again'],
    ['for a minute', failed('EntityTemporarilyUnmodifiable', { waited: 60_000 }), 'fail'],
    ['what this apply made is not seen: again', failed('NoSuchEntity'), 'again'],
    ['for two minutes', failed('NoSuchEntity', { waited: 120_000 }), 'fail'],
    ['what somebody else was to have made', failed('NoSuchEntity', { needsOwnWork: false }), 'fail'],
    ['of a target that shows everything at once', failed('NoSuchEntity', { settlesWithin: 0 }), 'fail'],
    [
      'whom this apply made can not be trusted yet',
      failed('MalformedPolicyDocument', {}, UNTRUSTED),
      'again',
    ],
    ['a document that is malformed', failed('MalformedPolicyDocument'), 'fail'],
    ['what this apply took away is still seen', failed('DeleteConflict'), 'again'],
    ['what others left stands in the way', failed('DeleteConflict', { needsOwnWork: false }), 'fail'],
    ['gone already: done', failed('NoSuchEntity', { operation: 'DeleteRole', needsOwnWork: false }), 'done'],
    [
      'taken away, and made a moment ago: it may not be seen yet',
      failed('NoSuchEntity', { operation: 'DetachRolePolicy' }),
      'again',
    ],
    [
      'taken away, and not seen for as long as it takes: done',
      failed('NoSuchEntity', { operation: 'DetachRolePolicy', waited: 10_000 }),
      'done',
    ],
    ['a refusal', failed('AccessDenied'), 'fail'],
  ])('%s', (_, call, move) => {
    expect(nextMove(call)).toBe(move)
  })
})
