// For which account a service asks, and in which organization that is: one request tells of one.
import { expect, test } from 'vitest'
import type { ConditionBlock } from '../../../src/model/index.ts'
import {
  accountOf,
  DARK,
  document,
  estateWith,
  grant,
  HOME,
  nodeOf,
  OUTSIDE,
  organizationOf,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const OURS = 'o-abcdefghij'
const BUCKET = 'arn:aws:s3:::data'
const ID = 'aws:SourceOrgID'
const PATHS = 'aws:SourceOrgPaths'

const organization = organizationOf(
  nodeOf('root', 'r-ab12', { children: [HOME, DARK].map((id) => nodeOf('account', id)) }),
)

/** What a service may ask for. */
const asked = (Condition: ConditionBlock) => {
  const policy = document({
    ...grant({ Service: 'sns.amazonaws.com' }, 's3:GetObject', { Condition }),
    Resource: `${BUCKET}/*`,
  })
  const { holds, violations } = analysis().analyzer.notGranted(
    estateWith([accountOf(HOME, {})], organization, [resourceOf(BUCKET, HOME, policy)]),
    { actions: ['s3:GetObject'], resources: ['*'], context: new Map() },
    [HOME],
  )
  return { holds, context: violations[0]?.witness.context }
}

const of = (account: string) => ({ 'aws:SourceAccount': account })

test.each<[string, ConditionBlock]>([
  [
    'an account of our organization, and another one',
    { StringEquals: { ...of(DARK), [ID]: 'o-zzzzzzzzz9' } },
  ],
  ['an account outside, and our organization', { StringEquals: { ...of(OUTSIDE), [ID]: OURS } }],
  [
    'an account outside that stands in our organization',
    { StringEquals: of(OUTSIDE), 'ForAnyValue:StringLike': { [PATHS]: `${OURS}/*` } },
  ],
  [
    'our organization, and a place in another one',
    { StringEquals: { [ID]: OURS }, 'ForAnyValue:StringLike': { [PATHS]: 'o-zzzzzzzzz9/*' } },
  ],
  [
    'no account but ours, and our organization in none',
    { StringLike: { 'aws:SourceAccount': '9*' }, StringEqualsIgnoreCase: { [ID]: OURS } },
  ],
])('nobody asks for %s', (_, condition) => {
  expect(asked(condition).holds).toBe(true)
})

test.each<[string, ConditionBlock]>([
  ['an account of our organization in it', { StringEquals: { ...of(DARK), [ID]: OURS } }],
  ['an account outside, in another one', { StringEquals: { ...of(OUTSIDE), [ID]: 'o-zzzzzzzzz9' } }],
  [
    'any account of our organization',
    { Null: { 'aws:SourceAccount': 'false' }, StringEquals: { [ID]: OURS } },
  ],
  [
    'an account of our organization of which the service says no more',
    { StringEquals: of(DARK), Null: { [ID]: 'true' } },
  ],
  [
    'where an account of ours stands',
    { StringEquals: of(DARK), 'ForAnyValue:StringEquals': { [PATHS]: `${OURS}/r-ab12/` } },
  ],
  [
    'our organization, without its account',
    { StringEquals: { [ID]: OURS }, Null: { 'aws:SourceAccount': 'true' } },
  ],
])('a service may ask for %s', (_, condition) => {
  expect(asked(condition).holds).toBe(false)
})

test('a witness tells the organization of its account', () => {
  const { context } = asked({ StringEquals: of(DARK), StringLike: { [ID]: 'o-*' } })
  expect(context).toEqual(
    new Map([
      ['aws:SourceAccount', [DARK]],
      [ID, [OURS]],
    ]),
  )
  const any = asked({ StringLike: { [ID]: 'o-*' }, 'ForAnyValue:StringLike': { [PATHS]: '*/r-zz99/*' } })
  const [[id = ''] = [], [path = ''] = []] = [any.context?.get(ID), any.context?.get(PATHS)]
  expect(path.startsWith(`${id}/`)).toBe(true)
})
