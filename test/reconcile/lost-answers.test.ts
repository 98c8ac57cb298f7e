import { expect, it } from 'vitest'
import { IamError } from '../../src/iam/service-error.ts'
import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { whetherDone } from '../../src/reconcile/lost-answers.ts'
import { makeCall } from '../../src/reconcile/make-call.ts'
import type { Pauses } from '../../src/reconcile/retries.ts'
import type { IamReader, IamWriter } from '../../src/target/ports.ts'

const PAUSES: Pauses = { sleep: async () => {}, random: () => 0.5, signal: new AbortController().signal }
const missing = () => new IamError('NoSuchEntity', 'Instance Profile web cannot be found.')
const lost = () => new IamError('ServiceFailure', 'read ECONNRESET', { retryable: true, unanswered: true })

it('what was made a moment ago and can’t be looked at yet is not done yet: the call is made again', async () => {
  const attempts: (() => IamError | null)[] = [lost, missing, () => null]
  const iam: IamReader & IamWriter = {
    settlesWithin: 4000,
    read: async () => {
      throw missing()
    },
    write: async () => {
      const error = attempts.shift()?.()
      if (error != null) throw error
      return undefined as never
    },
  }
  const call = {
    operation: 'AddRoleToInstanceProfile',
    input: { InstanceProfileName: 'web', RoleName: 'web' },
    secrets: [],
  } as const
  await makeCall(call, {
    ...PAUSES,
    writer: iam,
    needsOwnWork: true,
    lookFor: () => whetherDone(OBSERVE_KINDS.lostAnswers, call, iam, PAUSES),
  })
  expect(attempts).toEqual([])
})
