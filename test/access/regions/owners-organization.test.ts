// Of a declared organization the accounts are known: what says that it belongs to it is of one of them, as its ARN tells or its
// `aws:ResourceAccount`.
import { expect, test } from 'vitest'
import type { ConditionBlock } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  DARK,
  document,
  estateWith,
  grant,
  HOME,
  nodeOf,
  OTHER,
  OUTSIDE,
  organizationOf,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const ORGANIZATION = 'o-abcdefghij'
const BUCKET = 'arn:aws:s3:::data'

const organizationWith = (...accounts: readonly string[]) =>
  organizationOf(nodeOf('root', 'r-ab12', { children: accounts.map((id) => nodeOf('account', id)) }))

/** What a user may reach where it must be so, and why that isn't sure; nobody is told of as let in, or perhaps. */
const reached = (action: string, Condition: ConditionBlock, members = [HOME, DARK]) => {
  const own = document(allow(action, { Condition }))
  const bucket = document({ ...grant('*', 's3:GetObject'), Resource: `${BUCKET}/*` })
  const { violations, unknown } = analysis().analyzer.notGranted(
    estateWith(
      [accountOf(HOME, { al: { policy: own } }), accountOf(OTHER, {})],
      organizationWith(...members),
      [resourceOf(BUCKET, OUTSIDE, bucket)],
    ),
    { actions: [action], resources: ['*'], context: new Map() },
    [HOME],
  )
  const user = `arn:aws:iam::${HOME}:user/al`
  const ofUser = (principals: readonly string[]) => principals.includes(user)
  return [
    ...violations.flatMap(({ principals, tier, witness }) =>
      ofUser(principals) && tier === 'typed' ? [['listed', witness] as const] : [],
    ),
    ...unknown.flatMap(({ principals, reason, witness }) =>
      ofUser(principals) ? [[reason, witness] as const] : [],
    ),
  ]
}

const ACTIONS = ['s3:GetObject', 'sqs:SendMessage']
const OURS = { StringEquals: { 'aws:ResourceOrgID': ORGANIZATION } }
const OUR_PATHS = { 'ForAnyValue:StringLike': { 'aws:ResourceOrgPaths': `${ORGANIZATION}/*` } }
const of = (account: string) => ({ 'aws:ResourceAccount': account })

test.each<[string, ConditionBlock]>([
  ['outside, and belongs to our organization', { StringEquals: { ...OURS.StringEquals, ...of(OUTSIDE) } }],
  ['outside, and stands in our organization', { ...OUR_PATHS, StringEquals: of(OUTSIDE) }],
  [
    'a member, and belongs to another organization',
    { StringNotEquals: OURS.StringEquals, StringEquals: of(DARK) },
  ],
  ['a member, and belongs to none', { Null: { 'aws:ResourceOrgID': 'true' }, StringEquals: of(DARK) }],
  [
    'a member, and stands elsewhere',
    {
      'ForAnyValue:StringEquals': { 'aws:ResourceOrgPaths': `${ORGANIZATION}/r-ab12/ou-ab12-aaaaaaaa/` },
      StringEquals: of(DARK),
    },
  ],
])('nothing is of an account that is %s', (_, condition) => {
  for (const action of ACTIONS) expect(reached(action, condition)).toEqual([])
})

test('what is ours is the own account’s, or of another member', () => {
  for (const action of ACTIONS) {
    const [[how, own] = [], ...others] = reached(action, OURS)
    expect(how).toBe('listed')
    expect(own?.resourceAccount ?? own?.resource.split(':')[4]).toBe(HOME)
    expect(others).toEqual([])
  }
  const elsewhere = { ...OURS, StringNotEquals: of(HOME) }
  for (const [how, witness] of reached('s3:GetObject', elsewhere)) {
    // Nobody knows whether what isn't declared lets them in.
    expect(how).toBe('undeclared')
    expect(witness?.resourceAccount).toBe(DARK)
  }
})

test('an account that is no member has nothing that is ours', () => {
  for (const action of ACTIONS)
    for (const [how, witness] of reached(action, OURS, [DARK])) {
      expect(how).toBe('undeclared')
      expect(witness?.resourceAccount ?? witness?.resource.split(':')[4]).toBe(DARK)
    }
  const ofOutside = { ...OURS, ArnLike: { 'aws:PrincipalArn': '*' } }
  expect(reached('s3:GetObject', ofOutside, []).map(([how]) => how)).toEqual([])
})

test('the own account is looked at in an organization of more than a thousand as well', () => {
  const many = Array.from({ length: 1001 }, (_, index) => String(300_000_000_000 + index))
  const others = { StringNotEquals: { ...OURS.StringEquals, ...of(DARK) } }
  const told = reached('sqs:SendMessage', others, [HOME, ...many])
  expect(told.map(([reason]) => reason)).toEqual(['undeclared'])
  expect(told[0]?.[1]?.resource.split(':')[4]).not.toBe(HOME)
  const own = { StringEquals: OURS.StringEquals, StringNotEquals: of(DARK) }
  const [[how, witness] = []] = reached('sqs:SendMessage', own, [HOME, ...many])
  expect([how, witness?.resource.split(':')[4]]).toEqual(['listed', HOME])
})

test('what no type of resource has is not all that is told of the own account', () => {
  const others = { StringNotEquals: { ...OURS.StringEquals, ...of(DARK) } }
  expect(reached('sqs:SendMessage', others).map(([reason]) => reason)).toEqual(['undeclared'])
})
