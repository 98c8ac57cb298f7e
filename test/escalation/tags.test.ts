// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { describe, expect, it } from 'vitest'
import type { PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import { resourceOf } from '../evaluator/estate-world.ts'
import { askForTests, told } from './ask.ts'
import {
  ADMINISTRATOR,
  allows,
  arnOf,
  denies,
  document,
  estateOf,
  HOME,
  lets,
  type Parts,
  trusts,
} from './estates.ts'

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
        allows(['lambda:CreateFunction', 'lambda:InvokeFunction']),
      ],
      [
        [arnOf('role/power')],
        ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction', 'iam:TagRole'],
      ],
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

// IAM User Guide, "IAM tutorial: Define permissions to access AWS resources based on tags"
describe("a tag that others' policies ask whoever asks for", () => {
  const asking = (key: string, value: string | readonly string[]) =>
    lets({ AWS: HOME }, 'sts:AssumeRole', { StringEquals: { [`aws:PrincipalTag/${key}`]: value } })
  const estate = (trust: PolicyDocument, ...held: readonly PolicyStatement[]): Parts => ({
    users: { ann: { policy: document(allows('sts:AssumeRole'), ...held) } },
    roles: { power: { managed: [ADMINISTRATOR], trust } },
  })
  const ADMIN = asking('admin', 'yes')
  const tagging = (condition?: object) => allows('iam:TagUser', arnOf('user/ann'), condition)
  const ways = (parts: Parts) =>
    asked()
      .gained({ ...parts, users: { ann: { policy: document(allows('sts:AssumeRole')) } } }, parts)
      .map(({ targets, path }) => [targets, path.map(({ witness }) => witness.action)])
  const FOUND = [[arnOf('role/power')], ['iam:TagUser', 'sts:AssumeRole']]

  it.each([
    ['any tag', tagging()],
    ['that tag', tagging({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['admin'] } })],
    ['that value', tagging({ StringEquals: { 'aws:RequestTag/admin': ['yes', 'no'] } })],
  ])('leads to a role that trusts it, by %s that one may give oneself', (_, held) => {
    expect(ways(estate(ADMIN, held))).toEqual([FOUND])
  })
  it('is in the request that assumes the role', () => {
    const [finding] = asked().existing(estate(ADMIN, tagging()), 'user/ann')
    expect(finding?.path[1]?.witness.context.get('aws:PrincipalTag/admin')).toEqual(['yes'])
  })
  it('is one of those that the trust and the tagger both leave', () => {
    const held = tagging({ StringEquals: { 'aws:RequestTag/tier': ['b', 'c'] } })
    expect(ways(estate(asking('tier', ['a', 'b']), held))).toEqual([FOUND])
    expect(ways(estate(asking('tier', 'a'), held))).toEqual([])
  })
  it('leads to a role whose trust comes to ask for it', () => {
    const before = estate(trusts('ec2.amazonaws.com'), tagging())
    expect(asked().gained(before, estate(ADMIN, tagging()))).toMatchObject([{ targets: FOUND[0] }])
  })
  it("opens what a resource's own policy allows", () => {
    const bucket = 'arn:aws:s3:::secrets'
    const policy = document({
      ...allows('s3:GetObject', `${bucket}/*`, { StringEquals: { 'aws:PrincipalTag/admin': 'yes' } }),
      Principal: { AWS: arnOf('user/ann') },
    } as PolicyStatement)
    const found = (...held: readonly PolicyStatement[]) =>
      asked().ofEstate({
        ...estateOf({ users: { ann: { policy: document(...held) } } }),
        resources: new Map([resourceOf(bucket, HOME, policy)]),
      })
    expect(found(tagging())).toMatchObject([{ targets: [arnOf('user/ann')] }])
    expect(told(found(allows('iam:TagUser', arnOf('user/boss'))))).toEqual([])
  })
  it.each([
    ['one may tag others alone', ADMIN, allows('iam:TagUser', arnOf('user/boss'))],
    [
      'one may give oneself others alone',
      ADMIN,
      tagging({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }),
    ],
    [
      'that value is denied',
      ADMIN,
      denies('iam:TagUser', '*', { StringEquals: { 'aws:RequestTag/admin': 'yes' } }),
    ],
    ['no policy asks for it', trusts('ec2.amazonaws.com'), tagging()],
    ['roles may be tagged, and oneself is none', ADMIN, allows('iam:TagRole')],
  ])('leads nowhere where %s', (_, trust, held) => {
    const more = held.Effect === 'Deny' ? [tagging(), held] : [held]
    expect(told(asked().existing(estate(trust, ...more), 'user/ann'))).toEqual([])
  })
  it('leads nowhere where the role has no power', () => {
    const powerless = { ...estate(ADMIN, tagging()), roles: { power: { trust: ADMIN } } }
    expect(told(asked().existing(powerless))).toEqual([])
  })
})

// IAM API Reference, UpdateUser: permissions on both the source and the target are needed
describe('another name of one’s own', () => {
  const home = 'arn:aws:s3:::homes/${aws:username}/*'
  const found = (...held: readonly PolicyStatement[]) =>
    asked()
      .existing({ users: { ann: { policy: document(...held) }, ben: {} } }, 'user/ann')
      .map(({ why }) => why)
  it.each([
    ['any', '*'],
    ['one that is left open', [arnOf('user/ann'), arnOf('user/team/*')]],
  ])('opens what policies allow by it: %s', (_, resource) => {
    expect(found(allows('s3:PutObject', home), allows('iam:UpdateUser', resource))).toEqual([
      'may change permissions: gives itself another name, by which policies allow it more',
    ])
  })
  it.each([
    ['where it may only change its own', allows('iam:UpdateUser', arnOf('user/ann')), home],
    ['where nothing is allowed by name', allows('iam:UpdateUser'), 'arn:aws:s3:::homes/ann/*'],
    ['where everything is allowed already', allows('iam:UpdateUser'), 'arn:aws:s3:::homes/*'],
    ['that others have', allows('iam:UpdateUser', [arnOf('user/ann'), arnOf('user/ben')]), home],
  ])('opens nothing %s', (_, renaming, resource) => {
    expect(found(allows('s3:PutObject', resource), renaming)).toEqual([])
  })
  it('makes nobody else’s credentials one’s own', () => {
    const keys = allows('iam:CreateAccessKey', arnOf('user/${aws:username}'))
    expect(found(keys, allows('iam:UpdateUser'))).toEqual([])
  })
})

// What tags instances, functions and keys have isn't declared: a condition on them counts as met
describe('a tag on what is no user and no role', () => {
  const parts = (...held: readonly PolicyStatement[]): Parts => ({
    users: { ann: { policy: document(...held) } },
    roles: {
      power: { managed: [ADMINISTRATOR], trust: trusts('ec2.amazonaws.com', 'lambda.amazonaws.com') },
    },
  })
  const open = tagged('open', 'yes')
  const spared = { StringNotEquals: { 'aws:ResourceTag/open': 'yes' } }
  const ofEc2 = { StringEquals: { 'ec2:ResourceTag/open': 'yes' } }
  const changes = ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances']
  const ways: readonly (readonly [string, string, readonly PolicyStatement[]])[] = [
    ['an instance', 'ec2:CreateTags', [allows('ssm:StartSession', '*', open)]],
    ['an instance by the key of its service', 'ec2:CreateTags', [allows(changes, '*', ofEc2)]],
    [
      'an instance that a deny spares',
      'ec2:CreateTags',
      [allows('ssm:SendCommand'), denies('ssm:SendCommand', '*', spared)],
    ],
    ['a function', 'lambda:TagResource', [allows('lambda:UpdateFunctionCode', '*', open)]],
  ]
  it.each(ways)('is no step: %s is reached without it', (_, tags, held) => {
    const found = told(asked().existing(parts(...held), 'user/ann'))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('may become administrator: runs code in ')
    expect(told(asked().existing(parts(...held, allows(tags)), 'user/ann'))).toEqual(found)
  })
  it.each(ways)('is nothing new: %s', (_, tags, held) => {
    expect(told(asked().gained(parts(...held), parts(...held, allows(tags))))).toEqual([])
  })
  it.each(['ec2:CreateTags', 'ec2:DeleteTags', 'lambda:TagResource', 'tag:TagResources'])(
    'is no power by itself: %s',
    (action) => {
      expect(told(asked().gained(parts(), parts(allows(action))))).toEqual([])
    },
  )
  it('is of no use where a trust policy asks for one of the caller', () => {
    const asks = lets({ AWS: HOME }, 'sts:AssumeRole', { StringEquals: { 'aws:PrincipalTag/open': 'yes' } })
    const held = [allows(['sts:AssumeRole', 'ec2:CreateTags'])]
    const found = asked().existing(
      {
        users: { ann: { policy: document(...held) } },
        roles: { power: { managed: [ADMINISTRATOR], trust: asks } },
      },
      'user/ann',
    )
    expect(told(found)).toEqual([])
  })
})
