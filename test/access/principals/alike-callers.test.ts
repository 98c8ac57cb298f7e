// Who may assume a role is asked once for all who hold the same: but not for those whom a trust policy tells apart.
import { describe, expect, it, test } from 'vitest'
import type { ConditionBlock, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  controlPolicy,
  document,
  estateWith,
  grant,
  HOME,
  nodeOf,
  organizationOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, roleArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const END = roleArn('end')

const assuming = document(allow('sts:AssumeRole'), allow('sts:TagSession'))
const nobody = document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'))
/** Two roles that hold the same, and a third that trusts somebody. */
const trusting = (...trust: readonly PolicyStatement[]) =>
  accountOf(
    HOME,
    {},
    {
      hop: { trust: nobody, policy: assuming },
      middle: { trust: nobody, policy: assuming },
      end: { trust: document(...trust) },
    },
  )
const theAccount = (condition: ConditionBlock): PolicyStatement =>
  grant({ AWS: HOME }, 'sts:AssumeRole', { Condition: condition })

const gained = (before: ReturnType<typeof trusting>, after: ReturnType<typeof trusting>) =>
  analysis()
    .diff(estateWith([before]), estateWith([after]))
    .gained.filter(({ kind }) => kind === 'assume')
    .flatMap(({ principals }) => principals)
    .sort()

describe('of those who hold the same', () => {
  it('whoever was named before gains nothing when the account is', () => {
    const before = trusting(grant({ AWS: roleArn('middle') }, 'sts:AssumeRole'))
    expect(gained(before, trusting(theAccount({ Null: { 'aws:TagKeys': 'true' } })))).toEqual([
      roleArn('hop'),
    ])
  })
  test.each<[string, string]>([
    ['first', 'hop'],
    ['last', 'middle'],
  ])('only the %s gains what a condition of the trust policy gives it alone', (_, name) => {
    const after = trusting(theAccount({ ArnEquals: { 'aws:PrincipalArn': roleArn(name) } }))
    expect(gained(trusting(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole')), after)).toEqual([
      roleArn(name),
    ])
  })
  test.each(['hop', 'middle'])('%s loses what a control policy of the resource denies it alone', (name) => {
    const account = trusting(grant({ AWS: HOME }, 'sts:AssumeRole'))
    const under = (...denied: readonly string[]) =>
      estateWith(
        [account],
        organizationOf(
          nodeOf('root', null, {
            children: [
              nodeOf('account', HOME, {
                resourceControlPolicies: denied.map((arn) =>
                  controlPolicy('fence', {
                    Effect: 'Deny',
                    Principal: '*',
                    Action: 'sts:AssumeRole',
                    Resource: '*',
                    Condition: { ArnEquals: { 'aws:PrincipalArn': arn } },
                  }),
                ),
              }),
            ],
          }),
        ),
      )
    const { lost } = analysis().diff(under(), under(roleArn(name)))
    expect(lost.filter(({ kind }) => kind === 'assume').flatMap(({ principals }) => principals)).toEqual([
      roleArn(name),
    ])
  })
})

it('a role that everybody of its account may assume is told of all of them at once', () => {
  const [entry, ...others] = analysis()
    .diff(
      estateWith([trusting(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'))]),
      estateWith([trusting(theAccount({ Null: { 'aws:TagKeys': 'true' } }))]),
    )
    .gained.filter(({ resources }) => resources.includes(END))
  expect(others).toEqual([])
  expect(entry?.principals).toEqual([roleArn('hop'), roleArn('middle')])
})
