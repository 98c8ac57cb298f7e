import { describe, expect, it } from 'vitest'
import { shown } from '../tfplan/read-plan.ts'
import { accountIn, readTemplate } from './read-template.ts'

const NAME = 'known-after-apply.FRole'

const template = (properties: object, sections: object = {}) => ({
  Transform: 'AWS::Serverless-2016-10-31',
  ...sections,
  Resources: { F: { Type: 'AWS::Serverless::Function', Properties: properties } },
})
const roleOf = (properties: object, sections: object = {}) =>
  accountIn(readTemplate(template(properties, sections)).estate).entities.role.get(NAME)

const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'

describe('a function of SAM', () => {
  it('has a role that its service assumes', () => {
    const role = roleOf({})
    expect(role?.managedPolicies).toEqual([BASIC])
    expect(shown(role?.trustPolicy)).toEqual([
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ])
  })

  it('has the policies that it names, whatever their path, its own statements, and those of its type', () => {
    const own = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }
    const Policies = ['AmazonS3ReadOnlyAccess', 'arn:aws:iam::111122223333:policy/p', own]
    const role = roleOf({ Policies, Tracing: 'Active' }, { Globals: { Function: { VpcConfig: {} } } })
    expect(role?.managedPolicies).toEqual([
      BASIC,
      'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole',
      'arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess',
      'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
      'arn:aws:iam::111122223333:policy/p',
    ])
    expect([...(role?.inlinePolicies.values() ?? [])].map(shown)).toEqual([own.Statement])
  })

  it.each([[{ S3CrudPolicy: { BucketName: 'b' } }], ['NoSuchPolicy'], [{}]])(
    'is unknown in what it has by %j, which is named',
    (policy) => {
      const { estate, findings } = readTemplate(template({ Policies: [policy] }))
      const role = accountIn(estate).entities.role.get(NAME)
      expect([...(role?.inlinePolicies.values() ?? [])].map(shown)).toEqual([
        { unknown: 'not-held', known: null },
      ])
      expect(findings.map(({ code }) => code)).toContain('intake.not-modelled')
    },
  )

  it('has none where it names one', () =>
    expect(
      roleOf({ Role: 'arn:aws:iam::111122223333:role/r', Policies: ['AmazonS3ReadOnlyAccess'] }),
    ).toBeUndefined())

  it('is open to everybody where its URL asks for no credentials', () => {
    const { estate } = readTemplate(template({ FunctionName: 'f', FunctionUrlConfig: { AuthType: 'NONE' } }))
    expect([...estate.resources.values()].map(({ arn, policy }) => [arn, shown(policy)])).toMatchObject([
      [
        'arn:aws:lambda:us-east-1:111122223333:function:f',
        [{ Principal: '*', Action: 'lambda:InvokeFunctionUrl' }],
      ],
    ])
  })

  it('lends its role to whoever refers to it', () => {
    const { estate } = readTemplate({
      Resources: {
        F: { Type: 'AWS::Serverless::Function', Properties: {} },
        P: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            PolicyName: 'p',
            Roles: [{ Ref: 'FRole' }],
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
            },
          },
        },
      },
    })
    expect([...(accountIn(estate).entities.role.get(NAME)?.inlinePolicies.keys() ?? [])]).toEqual(['p'])
  })
})
