// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import { describe, expect, it } from 'vitest'
import { shown } from '../tfplan/read-plan.ts'
import { accountIn, readTemplate } from './read-template.ts'

const statement = (Action: string) => ({
  Effect: 'Allow',
  Principal: { AWS: '444455556666' },
  Action,
  Resource: '*',
})
const document = (Action: string) => ({ Version: '2012-10-17', Statement: [statement(Action)] })
const resource = (Type: string, Properties: object = {}) => ({ Type, Properties })

/** What each resource lets whom do, by ARN. */
const policiesOf = (Resources: object, sections: object = {}) => {
  const { estate } = readTemplate({ ...sections, Resources })
  return Object.fromEntries([...estate.resources].map(([arn, { policy }]) => [arn, shown(policy)]))
}

describe('the policy of a resource', () => {
  it.each([
    [
      {
        B: resource('AWS::S3::Bucket', { BucketName: 'b' }),
        P: resource('AWS::S3::BucketPolicy', { Bucket: { Ref: 'B' }, PolicyDocument: document('s3:*') }),
      },
      ['arn:aws:s3:::b'],
    ],
    [
      {
        B: resource('AWS::S3::Bucket'),
        P: resource('AWS::S3::BucketPolicy', { Bucket: { Ref: 'B' }, PolicyDocument: document('s3:*') }),
      },
      ['arn:aws:s3:::known-after-apply.B'],
    ],
    [
      {
        A: resource('AWS::SQS::Queue', { QueueName: 'a' }),
        B: resource('AWS::SQS::Queue'),
        P: resource('AWS::SQS::QueuePolicy', {
          Queues: [{ Ref: 'A' }, { Ref: 'B' }],
          PolicyDocument: document('sqs:*'),
        }),
      },
      ['arn:aws:sqs:us-east-1:111122223333:a', 'arn:aws:sqs:us-east-1:111122223333:known-after-apply.B'],
    ],
    [
      {
        T: resource('AWS::SNS::Topic'),
        P: resource('AWS::SNS::TopicPolicy', { Topics: [{ Ref: 'T' }], PolicyDocument: document('sns:*') }),
      },
      ['arn:aws:sns:us-east-1:111122223333:known-after-apply.T'],
    ],
    [
      { K: resource('AWS::KMS::Key', { KeyPolicy: document('kms:*') }) },
      ['arn:aws:kms:us-east-1:111122223333:key/known-after-apply.K'],
    ],
    [
      {
        S: resource('AWS::SecretsManager::Secret', { Name: 's' }),
        P: resource('AWS::SecretsManager::ResourcePolicy', {
          SecretId: { Ref: 'S' },
          ResourcePolicy: document('secretsmanager:*'),
        }),
      },
      ['arn:aws:secretsmanager:us-east-1:111122223333:secret:s-000000'],
    ],
    [
      {
        R: resource('AWS::ECR::Repository', { RepositoryName: 'r', RepositoryPolicyText: document('ecr:*') }),
      },
      ['arn:aws:ecr:us-east-1:111122223333:repository/r'],
    ],
    [
      {
        D: resource('AWS::OpenSearchService::Domain', { DomainName: 'd', AccessPolicies: document('es:*') }),
      },
      ['arn:aws:es:us-east-1:111122223333:domain/d'],
    ],
    [
      { D: resource('AWS::Elasticsearch::Domain', { DomainName: 'd', AccessPolicies: document('es:*') }) },
      ['arn:aws:es:us-east-1:111122223333:domain/d'],
    ],
    [
      {
        V: resource('AWS::Backup::BackupVault', { BackupVaultName: 'v', AccessPolicy: document('backup:*') }),
      },
      ['arn:aws:backup:us-east-1:111122223333:backup-vault:v'],
    ],
    [
      {
        T: resource('AWS::DynamoDB::Table', {
          TableName: 't',
          ResourcePolicy: { PolicyDocument: document('dynamodb:*') },
        }),
      },
      ['arn:aws:dynamodb:us-east-1:111122223333:table/t'],
    ],
    [
      { F: resource('AWS::EFS::FileSystem', { FileSystemPolicy: document('elasticfilesystem:*') }) },
      ['arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/known-after-apply.F'],
    ],
  ])('is read with its ARN: %#', (resources, arns) => {
    const policies = policiesOf(resources)
    expect(Object.keys(policies).sort()).toEqual(arns)
    for (const policy of Object.values(policies))
      expect(policy).toMatchObject([{ Principal: { AWS: '444455556666' } }])
  })

  it('of a key without one is that of AWS', () =>
    expect(Object.values(policiesOf({ K: resource('AWS::KMS::Key') }))).toMatchObject([
      [{ Action: 'kms:*' }],
    ]))

  it('finds its bucket though the name hangs on what is not known', () => {
    const resources = {
      B: resource('AWS::S3::Bucket', {
        BucketName: { Ref: 'Name' },
        PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
      }),
      P: resource('AWS::S3::BucketPolicy', { Bucket: { Ref: 'B' }, PolicyDocument: document('s3:*') }),
    }
    const { estate } = readTemplate({ Parameters: { Name: { Type: 'String' } }, Resources: resources })
    expect([...estate.resources.values()]).toMatchObject([
      { arn: 'arn:aws:s3:::known-after-apply.B', publicAccessBlock: 'resource' },
    ])
  })

  it('that is there on a condition nobody knows is unknown', () => {
    const resources = {
      P: {
        Condition: 'C',
        ...resource('AWS::S3::BucketPolicy', { Bucket: 'b', PolicyDocument: document('s3:*') }),
      },
    }
    const sections = {
      Parameters: { E: { Type: 'String' } },
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'E' }, 'x'] } },
    }
    expect(policiesOf(resources, sections)).toEqual({ 'arn:aws:s3:::b': { unknown: 'not-yet', known: null } })
    const { estate } = readTemplate({ ...sections, Resources: resources }, { parameters: { E: 'y' } })
    expect(estate.resources.size).toBe(0)
  })

  it('of a function is a statement of each permission', () => {
    const policies = policiesOf({
      F: resource('AWS::Lambda::Function', { FunctionName: 'f' }),
      P: resource('AWS::Lambda::Permission', {
        FunctionName: { Ref: 'F' },
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
        SourceArn: { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::b' },
      }),
      Q: resource('AWS::Lambda::Permission', {
        FunctionName: { 'Fn::GetAtt': ['F', 'Arn'] },
        Action: 'lambda:*',
        Principal: 444455556666,
      }),
    })
    expect(policies).toEqual({
      'arn:aws:lambda:us-east-1:111122223333:function:f': [
        {
          Sid: 'P',
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: 'arn:aws:lambda:us-east-1:111122223333:function:f',
          Condition: {
            ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' },
            StringEquals: { 'AWS:SourceAccount': '111122223333' },
          },
        },
        {
          Sid: 'Q',
          Effect: 'Allow',
          Principal: { AWS: '444455556666' },
          Action: 'lambda:*',
          Resource: 'arn:aws:lambda:us-east-1:111122223333:function:f',
        },
      ],
    })
  })

  it('has tags, in the form of either', () => {
    const { estate } = readTemplate({
      Resources: {
        B: resource('AWS::S3::Bucket', { BucketName: 'b', Tags: [{ Key: 'a', Value: 'x' }] }),
        P: resource('AWS::SSM::Parameter', { Name: '/p', Tags: { a: 'y' } }),
      },
    })
    expect([...estate.resources.values()].map(({ arn, tags }) => [arn, ...tags])).toEqual([
      ['arn:aws:s3:::b', ['a', 'x']],
      ['arn:aws:ssm:us-east-1:111122223333:parameter/p', ['a', 'y']],
    ])
  })
})

describe('a document that is known in part', () => {
  const role = (...statements: readonly object[]) => {
    const Policies = [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: statements } }]
    const { estate } = readTemplate({
      Resources: { R: resource('AWS::IAM::Role', { RoleName: 'r', Policies }) },
    })
    return shown(accountIn(estate).entities.role.get('r')?.inlinePolicies.get('p'))
  }
  const open = { 'Fn::ImportValue': 'x' }
  const known = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }

  it('keeps the statements that are, and what stands by itself in others', () => {
    expect(role(known, { ...known, Resource: open })).toEqual({ unknown: 'not-yet', known: [known] })
    expect(role({ ...known, Resource: ['a', open] })).toEqual({
      unknown: 'not-yet',
      known: [{ ...known, Resource: ['a'] }],
    })
    expect(role({ ...known, Action: [open, 's3:PutObject'] })).toEqual({
      unknown: 'not-yet',
      known: [{ ...known, Action: ['s3:PutObject'] }],
    })
  })

  it('and nothing of a statement that says less where something is left out', () => {
    for (const part of [
      { Effect: 'Allow', Action: '*', NotResource: ['a', open] },
      { Effect: 'Allow', NotAction: ['a:B', open], Resource: '*' },
      { ...known, Condition: { StringEquals: { 'aws:userid': ['a', open] } } },
    ])
      expect(role(part)).toEqual({ unknown: 'not-yet', known: null })
  })
})

describe('what is not modelled', () => {
  it('is named where it speaks of access, and counted elsewhere', () => {
    const { findings } = readTemplate({
      Transform: ['AWS::Serverless-2016-10-31', 'Mine'],
      Resources: {
        I: resource('AWS::IAM::InstanceProfile'),
        O: resource('AWS::IAM::OIDCProvider'),
        K: resource('AWS::IAM::AccessKey'),
        S: resource('AWS::CloudFormation::Stack'),
        E: resource('AWS::EC2::VPCEndpoint'),
        C: resource('AWS::Organizations::Policy'),
        L: resource('AWS::Logs::ResourcePolicy'),
        B: resource('AWS::S3::Bucket', { AccessControl: 'PublicRead' }),
        V: resource('AWS::EC2::VPC'),
        W: resource('AWS::EC2::VPC'),
        A: resource('AWS::AutoScaling::ScalingPolicy'),
        X: 3,
        'Fn::ForEach::Y': [],
      },
    })
    const of = (code: string) => findings.filter((each) => each.code === code).map(({ message }) => message)
    expect(of('intake.not-modelled').map((message) => /`([^`]*)`/.exec(message)?.[1])).toEqual([
      'S',
      'E',
      'C',
      'L',
      'Mine',
      'Fn::ForEach::Y',
    ])
    expect(of('intake.also-there')).toEqual([
      'there, and grants nothing by itself: instance profiles (1), identity providers (1), access keys (1)',
    ])
    expect(of('intake.unreadable')).toHaveLength(1)
    expect(of('intake.passed-over')).toEqual([
      'not looked at: AWS::EC2::VPC (2), AWS::AutoScaling::ScalingPolicy (1)',
    ])
  })

  it('is nothing of what is read', () => {
    const { findings } = readTemplate({
      Resources: { T: resource('AWS::SNS::Topic'), U: resource('AWS::IAM::User') },
    })
    expect(findings.map(({ code }) => code)).toEqual(['intake.not-held'])
  })
})
