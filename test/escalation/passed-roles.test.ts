import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests } from './ask.ts'
import {
  ADMINISTRATOR,
  allows,
  arnOf,
  document,
  ELSEWHERE,
  HOME,
  lets,
  type Parts,
  trusts,
} from './estates.ts'

const asked = askForTests()

/** Which roles `user/ann` comes to, and whether it is certain. */
const passedBy = (parts: Omit<Parts, 'users'>, held: readonly PolicyStatement[]): readonly string[] =>
  asked()
    .existing({ users: { ann: { policy: document(...held) } }, ...parts }, 'user/ann')
    .flatMap(({ targets, isPotential }) =>
      targets.map((arn) => `${arn.split('/').at(-1)}${isPotential ? ' perhaps' : ''}`),
    )

// IAM User Guide, "The confused deputy problem"; "AWS global condition context keys"
describe('what a trust policy asks of a service’s request', () => {
  const PASSING = [allows(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])]
  const trusting = (...conditions: readonly object[]): Omit<Parts, 'users'> => ({
    roles: Object.fromEntries(
      conditions.map((condition, index) => [
        `r${index}`,
        {
          managed: [ADMINISTRATOR],
          trust: lets({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole', condition),
        },
      ]),
    ),
  })
  const functionOf = (account: string) => `arn:aws:lambda:eu-west-1:${account}:function:*`

  it('holds for none that can be made in the role’s account', () => {
    const impossible = [
      { StringEquals: { 'aws:SourceAccount': ELSEWHERE } },
      { StringNotEquals: { 'aws:SourceAccount': HOME }, Null: { 'aws:SourceAccount': 'false' } },
      { ArnLike: { 'aws:SourceArn': functionOf(ELSEWHERE) } },
      { StringEquals: { 'sts:ExternalId': 'agreed' } },
      { StringLike: { 'sts:ExternalId': '*' } },
      { Null: { 'sts:ExternalId': 'false' } },
    ]
    expect(passedBy(trusting(...impossible), PASSING)).toEqual([])
  })
  it('holds for those of the account itself', () => {
    const possible = [
      { StringEquals: { 'aws:SourceAccount': HOME } },
      { ArnLike: { 'aws:SourceArn': functionOf(HOME) } },
      { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } },
      { StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } },
      { StringEqualsIfExists: { 'sts:ExternalId': 'agreed' } },
      { Null: { 'sts:ExternalId': 'true' } },
    ]
    expect([...passedBy(trusting(...possible), PASSING)].sort()).toEqual(
      possible.map((_, index) => `r${index}`),
    )
  })
  it('is of the role’s organization, where one is declared', () => {
    const roles = trusting(
      { StringEquals: { 'aws:SourceOrgID': 'o-zzzzzzzzzz' } },
      { StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } },
      { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-zzzzzzzzzz/*' } },
      { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-abcdefghij/r-ab12/*' } },
    )
    expect(passedBy({ ...roles, control: [allows('*')] }, PASSING)).toEqual(['r1', 'r3'])
  })
})

// Service Authorization Reference, "Condition keys for AWS CloudFormation", "… for AWS CodeBuild", "… for Amazon EC2"
describe('a key that tells of the role that is passed', () => {
  const SERVICES = ['cloudformation.amazonaws.com', 'ec2.amazonaws.com', 'codebuild.amazonaws.com']
  const roles: Parts['roles'] = {
    strong: { managed: [ADMINISTRATOR], trust: trusts(...SERVICES) },
    low: { trust: trusts(...SERVICES) },
  }
  const profile = (name: string) => arnOf(`instance-profile/${name}`)
  const passing = (action: string, condition: object, ...more: readonly PolicyStatement[]) =>
    passedBy({ roles }, [allows('iam:PassRole'), allows(action, '*', condition), ...more])
  const instances = `arn:aws:ec2:*:${HOME}:instance/*`
  const builds = allows('codebuild:StartBuild')
  const rest = allows('ec2:RunInstances', ['arn:aws:ec2:*:*:subnet/*', 'arn:aws:ec2:*::image/*'])

  it.each<[string, object, ...PolicyStatement[]]>([
    ['cloudformation:CreateStack', { ArnEquals: { 'cloudformation:RoleArn': arnOf('role/low') } }],
    ['cloudformation:CreateStack', { Null: { 'cloudformation:RoleArn': 'true' } }],
    ['cloudformation:CreateStack', { ArnNotLike: { 'cloudformation:RoleArn': arnOf('role/s*') } }],
    ['codebuild:UpdateProject', { StringEquals: { 'codebuild:serviceRole': arnOf('role/low') } }],
    ['ec2:RunInstances', { ArnEquals: { 'ec2:InstanceProfile': profile('low') } }],
    ['ec2:RunInstances', { Null: { 'ec2:InstanceProfile': 'true' } }],
    ['ec2:AssociateIamInstanceProfile', { ArnEquals: { 'ec2:NewInstanceProfile': profile('low') } }],
  ])('keeps %s from any other: %j', (action, condition, ...more) => {
    expect(passing(action, condition, ...more)).toEqual([])
  })
  it('is of the instance, whatever may be launched beside it', () => {
    expect(
      passedBy({ roles }, [
        allows('iam:PassRole'),
        allows('ec2:RunInstances', instances, { Null: { 'ec2:InstanceProfile': 'true' } }),
        rest,
      ]),
    ).toEqual([])
  })
  it.each<[string, object, ...PolicyStatement[]]>([
    ['cloudformation:CreateStack', { ArnEquals: { 'cloudformation:RoleArn': arnOf('role/strong') } }],
    ['cloudformation:CreateStack', { Null: { 'cloudformation:RoleArn': 'false' } }],
    ['cloudformation:CreateStack', { ArnNotLike: { 'cloudformation:RoleArn': arnOf('role/l*') } }],
    ['codebuild:CreateProject', { StringLike: { 'codebuild:serviceRole': '*strong' } }, builds],
    ['ec2:RunInstances', { ArnEquals: { 'ec2:InstanceProfile': profile('strong') } }],
    ['ec2:RunInstances', { ArnNotEquals: { 'ec2:InstanceProfile': profile('low') } }],
    ['ec2:AssociateIamInstanceProfile', { ArnLike: { 'ec2:NewInstanceProfile': profile('s*') } }],
  ])('lets %s have it: %j', (action, condition, ...more) => {
    expect(passing(action, condition, ...more)).toEqual(['strong'])
  })
  it('of a profile of another name, isn’t known to tell of it', () => {
    const web = { ArnEquals: { 'ec2:InstanceProfile': profile('web') } }
    expect(passing('ec2:RunInstances', web)).toEqual(['strong perhaps'])
    expect(
      passing('ec2:RunInstances', web, allows('iam:AddRoleToInstanceProfile', profile('web'))),
    ).toContain('strong')
  })
  it('need not be there where a stack has its role already', () => {
    const none = { Null: { 'cloudformation:RoleArn': 'true' } }
    expect(passing('cloudformation:UpdateStack', none)).toEqual(['strong'])
    expect(
      passing('cloudformation:UpdateStack', { ArnEquals: { 'cloudformation:RoleArn': arnOf('role/low') } }),
    ).toEqual([])
  })
  it('is of roles that aren’t declared as well', () => {
    const undeclared = (role: string) =>
      asked()
        .existing(
          {
            roles,
            users: {
              ann: {
                policy: document(
                  allows('iam:PassRole'),
                  allows('cloudformation:CreateStack', '*', {
                    ArnEquals: { 'cloudformation:RoleArn': arnOf(`role/${role}`) },
                  }),
                ),
              },
            },
          },
          'user/ann',
          'declared',
        )
        .map(({ isPotential }) => isPotential)
    expect(undeclared('low')).toEqual([])
    expect(undeclared('other')).toEqual([true])
  })
})

// AWS Lambda Developer Guide, "Understanding Lambda function invocation methods"
describe('a new function', () => {
  const power = {
    roles: {
      power: { managed: [ADMINISTRATOR], trust: lets({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole') },
    },
  }
  const making = (...actions: readonly string[]) =>
    passedBy(power, [allows(['iam:PassRole', 'lambda:CreateFunction', ...actions])])

  it.each([
    [['lambda:InvokeFunction']],
    [['lambda:InvokeAsync']],
    [['lambda:AddPermission']],
    [['lambda:CreateEventSourceMapping']],
    [['lambda:UpdateEventSourceMapping']],
    [['lambda:CreateFunctionUrlConfig', 'lambda:InvokeFunctionUrl']],
  ])('runs by %j', (actions) => {
    expect(making(...actions)).toContain('power')
  })
  it.each([
    [[]],
    [['lambda:GetFunction', 'lambda:PublishVersion']],
    [['lambda:CreateFunctionUrlConfig']],
    [['lambda:InvokeFunctionUrl']],
  ])('does not run by %j', (actions) => {
    expect(making(...actions)).toEqual([])
  })
  it('does not run where all that calls it is denied', () => {
    const calls = ['Invoke*', 'AddPermission', '*EventSourceMapping'].map((name) => `lambda:${name}`)
    const held = [
      allows(['iam:PassRole', 'lambda:*']),
      { ...allows(calls), Sid: 'No', Effect: 'Deny' as const },
    ]
    const found = asked().existing({ users: { ann: { policy: document(...held) } }, ...power }, 'user/ann')
    const actions = found.flatMap(({ path }) => path.map(({ witness }) => witness.action))
    expect(actions).not.toContain('lambda:CreateFunction')
  })
})

// AWS IoT Core Developer Guide, "Authorizing direct calls to AWS services using AWS IoT Core credential provider"
it.each([
  ['credentials.iot.amazonaws.com', ['power']],
  ['greengrass.amazonaws.com', []],
  ['iot.amazonaws.com', []],
])('a role alias hands out roles that trust the credential provider: %s', (service, reached) => {
  const roles = { power: { managed: [ADMINISTRATOR], trust: lets({ Service: service }, 'sts:AssumeRole') } }
  expect(passedBy({ roles }, [allows(['iam:PassRole', 'iot:CreateRoleAlias'])])).toEqual(reached)
})
