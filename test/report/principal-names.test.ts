import { expect, test } from 'vitest'
import { shortPrincipal } from '../../src/report/questions/principals-text.ts'

const account = { id: '111122223333', name: 'production', partition: 'aws' } as const

test.each([
  ['arn:aws:iam::111122223333:user/teams/web/ada', 'user/ada'],
  ['arn:aws:iam::111122223333:role/service-role/fn', 'role/fn'],
  ['arn:aws:iam::111122223333:root', 'root'],
  ['arn:aws:sts::111122223333:assumed-role/fn/session', 'role/fn/session'],
  ['arn:aws:sts::111122223333:federated-user/guest', 'federated-user/guest'],
  ['arn:aws:iam::444455556666:user/ada', 'arn:aws:iam::444455556666:user/ada'],
  ['arn:aws:sts::444455556666:assumed-role/fn/session', 'arn:aws:sts::444455556666:assumed-role/fn/session'],
  ['service:lambda.amazonaws.com', 'service:lambda.amazonaws.com'],
])('%s is called %s, as a question may write it', (principal, name) => {
  expect(shortPrincipal(principal, account)).toBe(name)
  expect(shortPrincipal(principal, null)).toBe(principal)
})
