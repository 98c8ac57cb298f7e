import { expect, test } from 'vitest'
import type { ConditionBlock } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  document,
  estateWith,
  HOME,
  nodeOf,
  OTHER,
  organizationOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const ELSEWHERE = 'o-zzzzzzzzz9'

const withMembers = (...accounts: readonly string[]) =>
  estateWith(
    [
      accountOf(HOME, {}),
      accountOf(OTHER, {
        al: {
          policy: document(
            allow('sns:Publish', { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ELSEWHERE } } }),
          ),
        },
      }),
    ],
    organizationOf(nodeOf('root', 'r-ab12', { children: accounts.map((id) => nodeOf('account', id)) })),
  )

test('an account that joins the organization may have been in another one, of which its requests told', () => {
  const { gained, unknown } = analysis().diff(withMembers(HOME), withMembers(HOME, OTHER))
  expect(unknown).toEqual([])
  expect(gained.map(({ principals }) => principals)).toEqual([[`arn:aws:iam::${OTHER}:user/al`]])
  // It tells of the one that it is in now.
  expect(gained[0]?.witness.context.get('aws:PrincipalOrgID')).not.toContain(ELSEWHERE)
})

test('and one that leaves it may be in another one', () => {
  const { lost, unknown } = analysis().diff(withMembers(HOME, OTHER), withMembers(HOME))
  expect(unknown).toEqual([])
  expect(lost.map(({ principals }) => principals)).toEqual([[`arn:aws:iam::${OTHER}:user/al`]])
})

// No two ids differ by case alone, and none holds a wildcard: which organization it is in isn't known, but that it isn't ours is.
test.each<[string, ConditionBlock]>([
  ['is not ours', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }],
  ['is not one that nobody has', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-*' } }],
  ['stands nowhere in ours', { 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-abcdefghij/*' } }],
])('whoever leaves the organization keeps what is let in to whom %s', (_, Condition) => {
  const al = `arn:aws:iam::${OTHER}:user/al`
  const state = (condition: ConditionBlock | null, ...accounts: readonly string[]) =>
    estateWith(
      [
        accountOf(HOME, {}),
        accountOf(OTHER, {
          al: { policy: document(allow('sns:Publish', condition === null ? {} : { Condition: condition })) },
        }),
      ],
      organizationOf(nodeOf('root', 'r-ab12', { children: accounts.map((id) => nodeOf('account', id)) })),
    )
  const told = ({ principals }: { readonly principals: readonly string[] }) => principals.includes(al)
  const left = analysis().diff(state(null, HOME, OTHER), state(Condition, HOME))
  expect([left.lost.some(told), left.unknown]).toEqual([false, []])
  const joined = analysis().diff(state(Condition, HOME), state(null, HOME, OTHER))
  expect([joined.gained.some(told), joined.unknown]).toEqual([false, []])
})
