// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
// What a request says of who asks is of one principal: its account, kind and name are those of its ARN.
import { expect, test } from 'vitest'
import type { ConditionBlock, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  deny,
  document,
  estateWith,
  grant,
  HOME,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const QUEUE = `arn:aws:sqs:eu-west-1:${HOME}:jobs`
const ID = '00f1e2d3c4b5a697887766554433221100ffeeddccbbaa998877665544332211'
const CANONICAL = `canonical:${ID}`
const below = (digit: number) => Array.from({ length: digit }, (_, begin) => `arn:aws:iam::${begin}*:role/*`)

const listed = (allowed: ConditionBlock, denied: ConditionBlock | null) => {
  const { violations, unknown } = analysis().analyzer.notGranted(
    estateWith([accountOf(HOME, {})], null, [
      resourceOf(
        QUEUE,
        HOME,
        document(
          grant('*', 'sqs:SendMessage', { Condition: allowed }),
          ...(denied === null
            ? []
            : [
                {
                  ...grant({ CanonicalUser: ID }, 'sqs:SendMessage', { Condition: denied }),
                  Effect: 'Deny' as const,
                },
              ]),
        ),
      ),
    ]),
    { actions: ['sqs:SendMessage'], resources: [QUEUE], context: new Map() },
    [HOME],
  )
  return {
    told: violations.flatMap(({ principals }) => principals),
    // What services say of themselves is not documented.
    open: unknown.flatMap(({ principals }) => principals).filter((each) => each !== 'service:*'),
    said: violations.map(({ witness }) => witness.principal),
  }
}

const ROLES_LIKE = { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::4444????6666:role/*' } }
const ACCOUNTS_LIKE = { StringLike: { 'aws:PrincipalAccount': '4444????6666' } }
const USERS = { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/*' } }

test.each<[string, ConditionBlock, ConditionBlock]>([
  ['of the account in its ARN', ROLES_LIKE, ACCOUNTS_LIKE],
  ['called as its ARN is', { StringLike: { 'aws:username': 'u' } }, USERS],
  [
    'a user, who has a name',
    { StringEquals: { 'aws:PrincipalType': 'User' } },
    { Null: { 'aws:username': 'false' } },
  ],
  ['of the kind that its ARN is', USERS, { StringEquals: { 'aws:PrincipalType': 'User' } }],
  [
    'of the kind that its id is',
    { StringLike: { 'aws:userid': 'AROA*' } },
    { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/*' } },
  ],
  [
    'root, whose id is the account',
    { StringEquals: { 'aws:PrincipalType': 'Account' }, StringLike: { 'aws:userid': '44*' } },
    { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::4*:root' } },
  ],
  [
    'a federated user, whose id is account and name',
    { StringLike: { 'aws:userid': '44*:fred' } },
    { ArnLike: { 'aws:PrincipalArn': 'arn:*:sts::4*:federated-user/f*' } },
  ],
  [
    'of an account that is a number',
    {
      NumericLessThan: { 'aws:PrincipalAccount': '600000000000' },
      ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/*' },
    },
    { ArnLike: { 'aws:PrincipalArn': below(6) } },
  ],
])('who is denied whatever it is, is %s', (_, allowed, denied) => {
  expect(listed(allowed, denied).told).not.toContain(CANONICAL)
  expect(listed(allowed, denied).open).not.toContain(CANONICAL)
  expect(listed(allowed, null).told).not.toEqual([])
})

test.each<[string, ConditionBlock, ConditionBlock]>([
  ['of another account', ROLES_LIKE, { StringEquals: { 'aws:PrincipalAccount': '444411116666' } }],
  ['called otherwise', USERS, { StringEquals: { 'aws:username': 'u' } }],
  [
    'of an account that is a greater number',
    { NumericLessThan: { 'aws:PrincipalAccount': '600000000000' } },
    { ArnLike: { 'aws:PrincipalArn': below(5) } },
  ],
])('who is denied is told of where it may be %s', (_, allowed, denied) => {
  expect(listed(allowed, denied).told).toContain(CANONICAL)
})

test.each<[string, ConditionBlock]>([
  [
    'account and ARN',
    {
      StringLike: { 'aws:PrincipalAccount': '*6666' },
      ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::4444*:role/*' },
    },
  ],
  [
    'account as a number and ARN',
    {
      NumericGreaterThan: { 'aws:PrincipalAccount': '444499999999' },
      ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::4444*:role/*' },
    },
  ],
  [
    'name and ARN',
    {
      StringLike: { 'aws:username': '*-ci' },
      ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/deep/a*' },
    },
  ],
])('any account has somebody of whom two patterns are true: %s', (what, allowed) => {
  const { told, open, said } = listed(allowed, null)
  const isNobody = what.includes('number')
  expect([told, open]).toEqual(isNobody ? [[], []] : [['account:*'], []])
  if (!isNobody)
    expect(said.join()).toMatch(/^arn:aws:iam::(?:4444\d{4}6666:role\/.+|\d{12}:user\/deep\/a.*-ci)$/)
})

const BUCKET = 'arn:aws:s3:::data'
const KEY = `arn:aws:kms:eu-west-1:${HOME}:key/11111111-2222-4333-8444-555555555555`

test.each<[string, string, string, ConditionBlock, string?]>([
  [
    'whose account is that of the bucket, and which is none of the project',
    BUCKET,
    's3:GetObject',
    { StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } },
  ],
  [
    'who is of the account of the bucket, and of none of the project',
    BUCKET,
    's3:GetObject',
    { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } },
  ],
  [
    'who is of the account of the queue, and of none of the project',
    QUEUE,
    'sqs:SendMessage',
    { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } },
  ],
  [
    'who calls from another account, which KMS tells always',
    KEY,
    'kms:Decrypt',
    { StringEqualsIfExists: { 'kms:CallerAccount': HOME }, Null: { 'aws:PrincipalArn': 'false' } },
  ],
  [
    'a service with a wildcard in its name',
    QUEUE,
    'sqs:SendMessage',
    { StringEquals: { 'aws:PrincipalServiceName': '*.amazonaws.com' } },
    'service:*',
  ],
])('there is nobody %s', (_, arn, action, condition, label = 'account:*') => {
  const policy = document(grant('*', action, { Condition: condition }))
  const estate = estateWith([accountOf(HOME, {})], null, [resourceOf(arn, HOME, policy)])
  const asked = { actions: [action], resources: ['*'], context: new Map() }
  const { violations, unknown } = analysis().analyzer.notGranted(estate, asked, [HOME])
  expect([...violations, ...unknown].flatMap(({ principals }) => principals)).not.toContain(label)
})

test('whose a declared bucket is, is settled for who asks in its own account', () => {
  const reader = (...statements: readonly PolicyStatement[]) =>
    estateWith([accountOf(HOME, { al: { policy: document(...statements) } })], null, [
      resourceOf(BUCKET, HOME, null),
    ])
  const probe = { actions: ['s3:*'], resources: [`${BUCKET}/*`], context: new Map() }
  const holds = (...statements: readonly PolicyStatement[]) =>
    analysis().analyzer.notGranted(reader(...statements), probe, [HOME]).holds
  const elsewhere = { StringNotEquals: { 'aws:ResourceAccount': HOME } }
  const own = { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } }
  expect(holds(allow('s3:GetObject', { Condition: elsewhere }))).toBe(true)
  expect(holds(allow('s3:PutObject'), deny('s3:PutObject', { Condition: own }))).toBe(true)
  expect(holds(allow('s3:GetObject', { Condition: own }))).toBe(false)
})
