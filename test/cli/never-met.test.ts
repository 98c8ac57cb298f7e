import { expect, test } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const statement = (action: string, condition: string) =>
  `{ Effect: Allow, Action: "${action}", Resource: "*", Condition: ${condition} }`
const folder = (user: string, policy: string) =>
  temporaryFolder({
    'iam-sync.yaml': 'version: 1\naccounts:\n  production: { id: "111122223333" }\n',
    'access.yaml': `users:
  al: { inlinePolicies: { x: { Version: "2012-10-17", Statement: [ ${user} ] } } }
policies:
  p: { document: { Version: "2012-10-17", Statement: ${policy} } }
`,
  })
const FINE = statement('s3:ListBucket', '{ StringEquals: { s3:prefix: a } }')

interface Warning {
  readonly code: string
  readonly message: string
  readonly file: string
  readonly start: { readonly line: number }
}

const warnings = async (user: string, policy = FINE) => {
  const ran = await runHere('validate', '--json', '--dir', folder(user, policy))
  expect(ran.code).toBe(0)
  return jsonOf(ran)
    .diagnostics.filter(({ code }: Warning) => code === 'policy.condition-key-absent')
    .map(({ code, message, file, start }: Warning) => [code, message, file, start.line])
}

test('a condition on a key that no request for the actions has is warned of, where it stands', async () => {
  expect(await warnings(statement('sns:DeleteTopic', '{ StringEquals: { sts:ExternalId: abc } }'))).toEqual([
    [
      'policy.condition-key-absent',
      'no request for `sns:DeleteTopic` has the key `sts:ExternalId`',
      'access.yaml',
      2,
    ],
  ])
  expect(await warnings(FINE, statement('s3:*', '{ StringNotEquals: { iam:PassedToService: a } }'))).toEqual([
    [
      'policy.condition-key-absent',
      'no request for `s3:*` has the key `iam:PassedToService`',
      'access.yaml',
      4,
    ],
  ])
})

test('what identity providers say is warned of where only users hold the policy', async () => {
  const condition = statement('sns:Publish', '{ StringEquals: { saml:aud: abc } }')
  expect(await warnings(condition)).toHaveLength(1)
  expect(await warnings(FINE, condition)).toEqual([])
})

test.each([
  ['a key of some of the actions', statement('*', '{ StringEquals: { iam:PassedToService: abc } }')],
  ['a key that may be missing', statement('s3:*', '{ StringEqualsIfExists: { iam:PassedToService: abc } }')],
  ['a key that must be missing', statement('s3:*', '{ "Null": { iam:PassedToService: "true" } }')],
  ['a key that nobody knows', statement('s3:*', '{ StringEquals: { unheard:Of: abc } }')],
  ['a global key', statement('s3:*', '{ StringEquals: { aws:SourceVpce: vpce-1 } }')],
])('%s is not warned of', async (_, user) => {
  expect(await warnings(user)).toEqual([])
})
