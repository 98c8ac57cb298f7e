// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import { describe, expect, it } from 'vitest'
import { SourceTexts } from '../../../src/diagnostics/index.ts'
import { withResourcePolicies } from '../../../src/intake/resource-policies.ts'
import { readTemplate } from './read-template.ts'

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}
const IAM = 'arn:aws:iam::111122223333'

const allow = (more: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...more }],
})

/** A role `Deploy`, a bucket `Logs` and a user `Bob` without names, and a group that holds a document. */
const template = (document: unknown, more: object = {}) => ({
  Resources: {
    Deploy: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST } },
    Logs: { Type: 'AWS::S3::Bucket' },
    Logs2: { Type: 'AWS::S3::Bucket' },
    Bob: { Type: 'AWS::IAM::User' },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: allow({ Principal: '*' }) } },
    Holder: {
      Type: 'AWS::IAM::Group',
      Properties: { GroupName: 'h', Policies: [{ PolicyName: 'p', PolicyDocument: document }] },
    },
    ...more,
  },
})

const isOpen = (document: unknown, stack: string | null, more: object = {}): boolean =>
  readTemplate(template(document, more), {
    parameters: stack === null ? {} : { 'AWS::StackName': stack },
  }).findings.some(({ code }) => code === 'intake.document-not-known-yet')

describe('a pattern in a policy is decided against all names that CloudFormation may make up', () => {
  /** [pattern, whether it is open where the stack's name isn't known, and where it is `mystack`] */
  const patterns: readonly (readonly [resource: unknown, unknown: boolean, known: boolean])[] = [
    ['*', false, false],
    ['arn:aws:iam::*:role/*', false, false],
    [`${IAM}:role/*`, false, false],
    [`${IAM}:*`, false, false],
    [`${IAM}:user/\${aws:username}`, false, false],
    [`${IAM}:role/service-role/*`, false, false],
    ['arn:aws:iam::999999999999:role/mystack-*', false, false],
    [`${IAM}:role/mystack-*`, true, false],
    [`${IAM}:role/mystack-Deploy-*`, true, false],
    [`${IAM}:role/other-*`, true, false],
    [`${IAM}:role/*-Deploy-*`, true, false],
    [`${IAM}:role/*Admin*`, true, false],
    [`${IAM}:role/*Deploy`, true, false],
    [`${IAM}:role/mystack-Deploy-A*`, true, true],
    [`${IAM}:role/mystack-Deploy-*Z`, true, true],
    [`${IAM}:role/mystack-Deploy-????????????`, true, true],
    [`${IAM}:role/Admin`, false, false],
    [`${IAM}:role/app-deployment`, false, false],
    [`${IAM}:role/mystack-Deploy-1A2B3C4D5E6F`, true, true],
    [`${IAM}:role/other-Deploy-1A2B3C4D5E6F`, true, false],
    ['arn:aws:sts::111122223333:assumed-role/*/me', false, false],
    ['arn:aws:sts::111122223333:assumed-role/my*/me', true, false],
    ['arn:aws:s3:::*', false, false],
    ['arn:aws:s3:::*/*', false, false],
    ['arn:aws:s3:::mystack-logs-*/*', true, false],
    ['arn:aws:s3:::mystack-logs*', true, false],
    ['arn:aws:s3:::assets-111122223333', false, false],
    ['arn:aws:s3:::prod-data/*', false, false],
    ['arn:aws:s3:::mystack-logs-1a2b3c4d5e6f/*', true, true],
    [{ 'Fn::Sub': '${Logs.Arn}/*' }, false, false],
    [{ 'Fn::GetAtt': ['Logs', 'Arn'] }, false, false],
    // What stands for one name begins as what stands for another does.
    [{ 'Fn::Sub': '${Logs.Arn}*' }, true, false],
    [{ 'Fn::Sub': '${Deploy.Arn}*' }, false, false],
    ['arn:aws:dynamodb:us-east-1:111122223333:table/mystack-*', true, false],
    ['arn:aws:dynamodb:us-east-1:111122223333:table/*/index/*', false, false],
    ['arn:aws:kms:us-east-1:111122223333:key/*', false, false],
    ['arn:aws:kms:*:*:alias/app-*', false, false],
    ['arn:aws:kms:us-east-1:111122223333:key/mrk-*', true, true],
  ]

  it.each(patterns)('as a resource: %j', (Resource, unknown, known) => {
    expect([isOpen(allow({ Resource }), null), isOpen(allow({ Resource }), 'mystack')]).toEqual([
      unknown,
      known,
    ])
  })

  it.each(patterns.filter(([pattern]) => typeof pattern === 'string'))(
    'as what is not the resource, and in a condition: %j',
    (pattern, unknown, known) => {
      const said = [
        allow({ Resource: undefined, NotResource: pattern }),
        allow({ Condition: { ArnLike: { 'aws:PrincipalArn': [pattern] } } }),
        allow({ Condition: { StringNotLike: { 'iam:AssociatedResourceArn': pattern } } }),
      ]
      for (const each of said) expect([isOpen(each, null), isOpen(each, 'mystack')]).toEqual([unknown, known])
    },
  )

  it.each([
    ['aws:username', 'my*', true, false],
    ['aws:username', '*', false, false],
    ['aws:username', 'bob', false, false],
    ['s3:prefix', 'my*', false, false],
    ['aws:PrincipalOrgID', 'o-*', false, false],
    ['aws:userid', 'AROAX:*', false, false],
  ])('of the key %s: %s', (key, value, unknown, known) => {
    const document = allow({ Condition: { StringLike: { [key]: value } } })
    expect([isOpen(document, null), isOpen(document, 'mystack')]).toEqual([unknown, known])
  })

  it('is undecided in a stack whose name is so long that names are cut', () => {
    const document = allow({ Resource: `${IAM}:role/${'a'.repeat(60)}-D*` })
    expect(isOpen(document, 'a'.repeat(60))).toBe(true)
    expect(isOpen(allow({ Resource: `${IAM}:role/*` }), 'a'.repeat(60))).toBe(false)
  })

  it('is looked at in trust policies, policies of resources, documents as texts, and sources of functions', () => {
    const pattern = `${IAM}:role/mystack-*`
    const like = { Condition: { ArnLike: { 'aws:PrincipalArn': pattern } } }
    const trust = { ...allow({ Principal: { AWS: '*' }, Action: 'sts:AssumeRole', ...like }) }
    const others: readonly object[] = [
      { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r', AssumeRolePolicyDocument: trust } },
      {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: 'b', PolicyDocument: allow({ Principal: '*', ...like }) },
      },
      {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: { SecretId: 'x', ResourcePolicy: JSON.stringify(allow({ Principal: '*', ...like })) },
      },
      {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: 'f',
          Action: 'lambda:InvokeFunction',
          Principal: 's3.amazonaws.com',
          SourceArn: 'arn:aws:s3:::mystack-*',
        },
      },
    ]
    for (const Other of others) {
      expect([isOpen(allow({}), null, { Other }), JSON.stringify(Other)]).toEqual([true, expect.anything()])
      expect(isOpen(allow({}), 'mystack', { Other })).toBe(false)
    }
  })

  it('counts the other statements, and the other resources of one that allows', () => {
    const { estate } = readTemplate(template(allow({ Resource: [`${IAM}:role/mystack-*`, `${IAM}:role/x`] })))
    const [document] = estate.accounts[0]?.entities.group?.get('h')?.inlinePolicies.values() ?? []
    expect(document).toMatchObject({
      unknown: 'not-yet',
      known: { json: { Statement: [{ Resource: [`${IAM}:role/x`] }] } },
    })
  })

  it('begins a name that is made up as the real one will', () => {
    const { estate } = readTemplate(template(allow({})), { parameters: { 'AWS::StackName': 'MyStack' } })
    expect([...(estate.accounts[0]?.entities.role.keys() ?? [])]).toEqual([
      'MyStack-Deploy-known-after-apply',
    ])
  })
})

describe('policies of `--resource-policies` beside a template', () => {
  const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:jobs'
  const read = (role: string) => {
    const said = allow({
      Principal: '*',
      Condition: { ArnLike: { 'aws:PrincipalArn': `${IAM}:role/${role}` } },
    })
    const intake = withResourcePolicies(
      readTemplate(template(allow({}))),
      [{ file: 'p.json', name: 'p', bytes: new TextEncoder().encode(JSON.stringify({ [QUEUE]: said })) }],
      new SourceTexts(),
    )
    const policy = intake.estate.resources.get(QUEUE)?.policy
    return {
      unknown: policy !== null && policy !== undefined && 'unknown' in policy ? policy.unknown : null,
      said: intake.findings
        .filter(({ code }) => code === 'intake.unread-policy')
        .map(({ message }) => message),
    }
  }

  it('are unknown where a pattern may match a name that is made up', () =>
    expect(read('shop-*')).toEqual({
      unknown: 'not-yet',
      said: [`the policy of \`${QUEUE}\`: \`${IAM}:role/shop-*\` may match a name that is made up`],
    }))

  it('are read where it matches all of them, or none', () => {
    expect(read('*')).toEqual({ unknown: null, said: [] })
    expect(read('named')).toEqual({ unknown: null, said: [] })
  })
})
