// What is found of one is remembered for whoever is alike: in all that decides, and in nothing less.
import { expect, it } from 'vitest'
import type { Escalation } from '../../src/access/access-diff.ts'
import {
  accountOf,
  allow,
  document as documentOf,
  estateWith,
  grant,
  HOME,
  OTHER,
  resourceOf,
} from '../evaluator/estate-world.ts'
import { askForTests } from './ask.ts'
import { allows, arnOf, denies, document, lets, type Parts, trusts } from './estates.ts'

const asked = askForTests()
const shortOf = (arn: string | null): string => arn?.split(':').at(-1) ?? ''
/** `user/ann > role/r`: who comes to whom. */
const pairsOf = (found: readonly Escalation[]): readonly string[] =>
  [
    ...new Set(
      found.flatMap(({ principals, target, targets }) =>
        principals.flatMap((from) =>
          [...(target === null ? [] : [target]), ...targets].map((to) => `${shortOf(from)} > ${shortOf(to)}`),
        ),
      ),
    ),
  ].sort()
const comingTo = (parts: Parts) => pairsOf(asked().existing(parts))
const mayAssume = (name: string) => allows('sts:AssumeRole', arnOf(`role/${name}`))

it('of two who come to one role, who may do the same already gains nothing', () => {
  const deletes = allows('s3:DeleteBucket')
  const parts = (first: string, second: string): Parts => ({
    users: {
      [first]: { policy: document(mayAssume('r'), deletes) },
      [second]: { policy: document(mayAssume('r')) },
    },
    roles: { r: { trust: trusts(`user/${first}`, `user/${second}`), policy: document(deletes) } },
  })
  expect(comingTo(parts('ann', 'bob'))).toEqual(['user/bob > role/r'])
  expect(comingTo(parts('zoe', 'bob'))).toEqual(['user/bob > role/r'])
})

it('of two roles the one whose Deny leaves it nothing gives nothing', () => {
  const deletes = allows('s3:DeleteBucket')
  const policies = [document(deletes, denies('s3:DeleteBucket')), document(deletes)] as const
  const trust = trusts('user/ann')
  const parts = ([one, other]: readonly [string, string]): Parts => ({
    users: { ann: { policy: document(mayAssume(one), mayAssume(other)) } },
    roles: { [one]: { trust, policy: policies[0] }, [other]: { trust, policy: policies[1] } },
  })
  expect(comingTo(parts(['a', 'b']))).toEqual(['user/ann > role/b'])
  expect(comingTo(parts(['b', 'a']))).toEqual(['user/ann > role/a'])
})

it('one kind of power that is held already says nothing of another', () => {
  const statement = allows(['s3:PutBucketPolicy', 's3:DeleteBucket'])
  const held = allows(['s3:PutBucketPolicy', 's3:DeleteObject'])
  expect(
    comingTo({
      users: { ann: { policy: document(mayAssume('r'), held) } },
      roles: { r: { trust: trusts('user/ann'), policy: document(statement) } },
    }),
  ).toEqual(['user/ann > role/r'])
})

it('what a role may do by its id, a user with the same policy may not', () => {
  const byId = allows('s3:DeleteBucket', '*', { StringLike: { 'aws:userid': 'AROA*' } })
  expect(
    comingTo({
      users: {
        ann: { policy: document(mayAssume('r'), allows('iam:CreateAccessKey', arnOf('user/tim'))) },
        tim: { policy: document(byId) },
      },
      roles: { r: { trust: trusts('user/ann'), policy: document(byId) } },
    }),
  ).toEqual(['user/ann > role/r'])
})

it("another account's resources are told apart, however alike their policies are", () => {
  const [first, second] = ['arn:aws:s3:::first', 'arn:aws:s3:::second']
  const role = `arn:aws:iam::${HOME}:role/r`
  const letting = documentOf({
    ...grant({ AWS: role }, 's3:DeleteBucket'),
    Resource: [first, second],
  })
  const estate = estateWith(
    [
      accountOf(
        HOME,
        { al: { policy: documentOf(allow('sts:AssumeRole', { Resource: role })) } },
        {
          r: {
            trust: documentOf(grant({ AWS: `arn:aws:iam::${HOME}:user/al` }, 'sts:AssumeRole')),
            policy: documentOf(allow('s3:DeleteBucket', { Resource: second })),
          },
        },
      ),
      accountOf(OTHER, {}),
    ],
    null,
    [resourceOf(first, OTHER, letting), resourceOf(second, OTHER, letting)],
  )
  expect(pairsOf(asked().ofEstate(estate))).toEqual(['user/al > role/r'])
})

it.each([
  ['by their own ARN, without a permission of theirs', trusts('user/ann'), null],
  ['as one of everybody', lets('*', 'sts:AssumeRole'), null],
  ['by their account, with a permission', lets({ AWS: '111122223333' }, 'sts:AssumeRole'), mayAssume('r')],
  ['by a pattern', lets({ AWS: '111122223333' }, 'sts:AssumeRole'), allows('sts:*', arnOf('role/?'))],
])('a role is come to: %s', (_, trust, permission) => {
  const found = comingTo({
    users: { ann: permission === null ? {} : { policy: document(permission) } },
    roles: { r: { trust, policy: document(allows('s3:DeleteBucket')) } },
  })
  expect(found).toContain('user/ann > role/r')
})

it.each([
  ['another role alone', allows('sts:AssumeRole', arnOf('role/other'))],
  ['passing tags alone', allows('sts:TagSession', arnOf('role/r'))],
])('a role that leaves it to the account is not come to with a permission for %s', (_, permission) => {
  const found = comingTo({
    users: { ann: { policy: document(permission) } },
    roles: {
      r: {
        trust: lets({ AWS: '111122223333' }, 'sts:AssumeRole'),
        policy: document(allows('s3:DeleteBucket')),
      },
    },
  })
  expect(found).toEqual([])
})
