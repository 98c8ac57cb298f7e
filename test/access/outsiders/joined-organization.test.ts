import { expect, test } from 'vitest'
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
