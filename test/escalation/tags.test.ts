import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests, told } from './ask.ts'
import { ADMINISTRATOR, allows, arnOf, document, lets, type Parts, trusts } from './estates.ts'

const asked = askForTests()
const tagged = (key: string, value: string) => ({ StringEquals: { [`aws:ResourceTag/${key}`]: value } })
const account = (...held: readonly PolicyStatement[]): Parts => ({
  users: { ann: { policy: document(...held) }, boss: { managed: [ADMINISTRATOR], tags: { tier: 'top' } } },
  roles: { power: { managed: [ADMINISTRATOR], trust: trusts('lambda.amazonaws.com') } },
})
const found = (...held: readonly PolicyStatement[]) =>
  asked()
    .existing(account(...held), 'user/ann')
    .map(({ targets, path: [step] }) => [
      targets,
      [step?.witness, ...(step?.besides ?? [])].map((each) => each?.action),
    ])

// IAM User Guide, "Controlling access to and for IAM users and roles using tags"
describe('a tag that a condition asks for', () => {
  it.each([
    [
      'a user who may be tagged',
      [allows('iam:TagUser'), allows('iam:CreateAccessKey', '*', tagged('open', 'yes'))],
      [[arnOf('user/boss')], ['iam:CreateAccessKey', 'iam:TagUser']],
    ],
    [
      'a role that may be tagged',
      [
        allows('iam:TagRole'),
        allows('iam:PassRole', '*', tagged('open', 'yes')),
        allows('lambda:CreateFunction'),
      ],
      [[arnOf('role/power')], ['iam:PassRole', 'lambda:CreateFunction', 'iam:TagRole']],
    ],
    [
      'oneself',
      [allows('iam:TagUser', arnOf('user/ann')), allows('iam:PutUserPolicy', '*', tagged('open', 'yes'))],
      [[arnOf('user/ann')], ['iam:PutUserPolicy', 'iam:TagUser']],
    ],
    [
      'a user who has it',
      [allows('iam:CreateAccessKey', '*', tagged('tier', 'top'))],
      [[arnOf('user/boss')], ['iam:CreateAccessKey']],
    ],
    [
      'oneself, who is then allowed more',
      [
        allows('iam:TagUser', arnOf('user/ann')),
        allows('s3:PutObject', '*', { StringEquals: { 'aws:PrincipalTag/team': 'a' } }),
      ],
      [[arnOf('user/ann')], ['iam:TagUser']],
    ],
  ] as const)('is met by %s', (_, held, expected) => {
    expect(found(...held)).toContainEqual(expected)
  })
  it.each([
    ['nobody has it', [allows('iam:CreateAccessKey', '*', tagged('open', 'yes'))]],
    [
      'it may be put on somebody else alone',
      [allows('iam:TagUser', arnOf('user/ann')), allows('iam:CreateAccessKey', '*', tagged('open', 'yes'))],
    ],
    [
      'others may be tagged with other tags alone',
      [
        allows('iam:TagUser', '*', { StringEquals: { 'aws:RequestTag/team': 'a' } }),
        allows('iam:CreateAccessKey', '*', tagged('open', 'yes')),
      ],
    ],
  ] as const)('is not met where %s', (_, held) => {
    expect(told(asked().existing(account(...held), 'user/ann'))).toEqual([])
  })
})

// IAM User Guide, "Pass session tags in AWS STS": the caller and the trust policy must both allow sts:TagSession
describe('a tag that a session is given', () => {
  const top = { StringEquals: { 'aws:PrincipalTag/team': 'top' } }
  const sessions = (...actions: string[]) =>
    asked().existing(
      {
        users: { ann: { policy: document(allows(actions)) } },
        roles: {
          team: {
            policy: document(allows('s3:PutObject', '*', top)),
            trust: lets({ AWS: arnOf('user/ann') }, actions),
          },
        },
      },
      'user/ann',
    )
  it('opens what the role is allowed with it', () => {
    expect(sessions('sts:AssumeRole', 'sts:TagSession').map(({ targets }) => targets)).toEqual([
      [arnOf('role/team')],
    ])
  })
  it('is none where tags may not be passed', () => {
    expect(told(sessions('sts:AssumeRole'))).toEqual([])
  })
})
