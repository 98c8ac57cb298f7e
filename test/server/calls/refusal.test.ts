import { expect, it } from 'vitest'
import { IamError } from '../../../src/iam/service-error.ts'
import { StoreBusyError } from '../../../src/iam/store-port.ts'
import { refusalOf } from '../../../src/server/calls/refusal.ts'
import { SERVICES } from '../../../src/server/protocol/shapes.ts'

const [service] = SERVICES
if (service === undefined) throw new Error('there is no service')

it('a database that somebody else keeps locked is no failure of ours: clients try again', () => {
  // Of what is asked for outside of operations, such as whose key has signed.
  expect(refusalOf(new StoreBusyError('the database `state/a.db` is locked'), service)).toEqual({
    code: 'ServiceUnavailable',
    message: 'The request has failed due to a temporary failure of the server.',
    status: 503,
  })
  const busy = new IamError('ServiceFailure', 'the database `state/a.db` is locked', { retryable: true })
  expect(refusalOf(busy, service)).toMatchObject({ code: 'ServiceFailure', status: 500 })
})
