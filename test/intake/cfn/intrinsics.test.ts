// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import { describe, expect, it } from 'vitest'
import { accountIn, readTemplate } from './read-template.ts'

const TEMPLATE = {
  Parameters: {
    Env: { Type: 'String', Default: 'prod' },
    Bare: { Type: 'String' },
    Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
    Count: { Type: 'Number', Default: 3 },
    Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' },
    Secret: { Type: 'String', NoEcho: true, Default: 'hidden' },
  },
  Mappings: { Names: { prod: { bucket: 'live', list: ['x', 'y'] }, 'us-east-1': { bucket: 'virginia' } } },
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
    IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    IsThree: { 'Fn::Equals': [{ Ref: 'Count' }, 3] },
    IsBare: { 'Fn::Equals': [{ Ref: 'Bare' }, 'x'] },
    Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
    Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsThree' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsBare' }, { Condition: 'IsProd' }] },
    Neither: { 'Fn::And': [{ Condition: 'IsBare' }, { Condition: 'IsDev' }] },
    Open: { 'Fn::Or': [{ Condition: 'IsBare' }, { Condition: 'IsDev' }] },
  },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': '${Env}-data' } } },
    Nameless: { Type: 'AWS::S3::Bucket' },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news' } },
    Key: { Type: 'AWS::KMS::Key' },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 't' } },
    Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/app' } },
    Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: { Ref: 'Function' }, Name: 'live', FunctionVersion: '1' },
    },
    Other: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'other', Path: '/ci/' } },
    Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'p' } },
    Itself: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': '${Itself}' } } },
    Custom: { Type: 'Custom::Thing' },
  },
}

/** What the resource of a statement comes to; `unknown` where it isn't known, null where nothing is left. */
function resolved(value: unknown): unknown {
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'r',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [
        {
          PolicyName: 'p',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Sid: 'A', Effect: 'Allow', Action: 's3:*', Resource: value }],
          },
        },
      ],
    },
  }
  const template = { ...TEMPLATE, Resources: { ...TEMPLATE.Resources, Role: role } }
  const { estate } = readTemplate(template)
  const document = accountIn(estate).entities.role.get('r')?.inlinePolicies.get('p')
  if (document === undefined) throw new Error('no document')
  if ('unknown' in document) return document.unknown === 'not-yet' ? 'unknown' : 'none'
  return [document.json.Statement].flat()[0]?.Resource
}

const sub = (text: string, variables?: object) => ({
  'Fn::Sub': variables === undefined ? text : [text, variables],
})

/** The examples of AWS's pages "Fn::…", on the template above. */
describe('an intrinsic function', () => {
  it.each([
    // Ref
    [{ Ref: 'Env' }, 'prod'],
    [{ Ref: 'Zones' }, ['a', 'b']],
    [{ Ref: 'Bare' }, 'unknown'],
    [{ Ref: 'Stored' }, 'unknown'],
    [{ Ref: 'Secret' }, 'unknown'],
    [{ Ref: 'Nobody' }, 'unknown'],
    [{ Ref: 'Bucket' }, 'prod-data'],
    [{ Ref: 'Nameless' }, 'known-after-apply.Nameless'],
    [{ Ref: 'Itself' }, 'unknown'],
    [{ Ref: 'Queue' }, 'https://sqs.us-east-1.amazonaws.com/111122223333/jobs'],
    [{ Ref: 'Topic' }, 'arn:aws:sns:us-east-1:111122223333:news'],
    [{ Ref: 'Other' }, 'other'],
    [{ Ref: 'Alias' }, 'arn:aws:lambda:us-east-1:111122223333:function:f:live'],
    [{ Ref: 'Policy' }, 'arn:aws:iam::111122223333:policy/p'],
    [{ Ref: 'Custom' }, 'unknown'],
    [{ Ref: 'AWS::AccountId' }, '111122223333'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'AWS::StackName' }, 'unknown'],
    [['a', { Ref: 'AWS::NoValue' }], ['a']],
    // GetAtt
    [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::prod-data'],
    [{ 'Fn::GetAtt': 'Queue.Arn' }, 'arn:aws:sqs:us-east-1:111122223333:jobs'],
    [{ 'Fn::GetAtt': ['Queue', 'QueueName'] }, 'jobs'],
    [{ 'Fn::GetAtt': ['Other', 'Arn'] }, 'arn:aws:iam::111122223333:role/ci/other'],
    [{ 'Fn::GetAtt': ['Other', 'RoleId'] }, 'unknown'],
    [{ 'Fn::GetAtt': ['Key', 'Arn'] }, 'arn:aws:kms:us-east-1:111122223333:key/known-after-apply.Key'],
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:111122223333:table/t'],
    [{ 'Fn::GetAtt': ['Logs', 'Arn'] }, 'arn:aws:logs:us-east-1:111122223333:log-group:/app:*'],
    [{ 'Fn::GetAtt': ['Function', 'Arn'] }, 'arn:aws:lambda:us-east-1:111122223333:function:f'],
    [{ 'Fn::GetAtt': ['Custom', 'Arn'] }, 'unknown'],
    [{ 'Fn::GetAtt': 3 }, 'unknown'],
    // Sub
    [sub('arn:${AWS::Partition}:s3:::${Bucket}/*'), 'arn:aws:s3:::prod-data/*'],
    [sub('${Bucket.Arn}/${!aws:username}'), 'arn:aws:s3:::prod-data/${aws:username}'],
    [sub('${A}-${Env}', { A: { 'Fn::Join': ['.', ['x', 'y']] } }), 'x.y-prod'],
    [sub('${Bare}'), 'unknown'],
    [sub('${Zones}'), 'unknown'],
    [sub('${aws:username}'), 'unknown'],
    [sub('no variable, $5, ${'), 'no variable, $5, ${'],
    // Join, Split, Select
    [
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'Bucket' }]] },
      'arn:aws:s3:::prod-data',
    ],
    [{ 'Fn::Join': [',', { Ref: 'Zones' }] }, 'a,b'],
    [{ 'Fn::Join': ['', ['a', { Ref: 'Bare' }]] }, 'unknown'],
    [{ 'Fn::Split': ['|', 'a|b|c'] }, ['a', 'b', 'c']],
    [{ 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    [{ 'Fn::Select': ['0', { 'Fn::Split': ['-', { Ref: 'Bucket' }] }] }, 'prod'],
    [{ 'Fn::Select': [1, [{ Ref: 'Bare' }, 'b']] }, 'b'],
    [{ 'Fn::Select': [9, ['a']] }, 'unknown'],
    // FindInMap
    [{ 'Fn::FindInMap': ['Names', { Ref: 'Env' }, 'bucket'] }, 'live'],
    [{ 'Fn::FindInMap': ['Names', { Ref: 'AWS::Region' }, 'bucket'] }, 'virginia'],
    [{ 'Fn::FindInMap': ['Names', 'prod', 'list'] }, ['x', 'y']],
    [{ 'Fn::FindInMap': ['Names', 'dev', 'bucket'] }, 'unknown'],
    [{ 'Fn::FindInMap': ['Names', 'dev', 'bucket', { DefaultValue: 'd' }] }, 'd'],
    [{ 'Fn::FindInMap': ['Names', { Ref: 'Bare' }, 'bucket'] }, 'unknown'],
    // If and conditions
    [{ 'Fn::If': ['IsProd', 'y', 'n'] }, 'y'],
    [{ 'Fn::If': ['IsDev', 'y', 'n'] }, 'n'],
    [{ 'Fn::If': ['IsThree', 'y', 'n'] }, 'y'],
    [{ 'Fn::If': ['IsBare', 'y', 'n'] }, 'unknown'],
    [{ 'Fn::If': ['IsBare', 'same', 'same'] }, 'same'],
    [{ 'Fn::If': ['Circle', 'y', 'n'] }, 'unknown'],
    [{ 'Fn::If': ['Nothing', 'y', 'n'] }, 'unknown'],
    [{ 'Fn::If': ['Both', 'y', 'n'] }, 'y'],
    [{ 'Fn::If': ['Either', 'y', 'n'] }, 'y'],
    [{ 'Fn::If': ['Neither', 'y', 'n'] }, 'n'],
    [{ 'Fn::If': ['Open', 'y', 'n'] }, 'unknown'],
    [['a', { 'Fn::If': ['IsDev', 'b', { Ref: 'AWS::NoValue' }] }], ['a']],
    // Others
    [{ 'Fn::Base64': 'AWS' }, 'QVdT'],
    [{ 'Fn::ImportValue': 'x' }, 'unknown'],
    ['{{resolve:ssm:/x}}', 'unknown'],
    [{ 'Fn::Join': ['', ['{{resolve', ':ssm:/x}}']] }, 'unknown'],
    [{ 'Fn::If': ['IsProd', 'y', 'n'], more: 'z' }, 'unknown'],
    [{ 'Fn::Transform': { Name: 'M' } }, 'unknown'],
  ])('%j is %j', (value, expected) => expect(resolved(value)).toEqual(expected))

  it('decides no condition by an account or a region that nobody says', () => {
    const user = (name: string) => ({
      Type: 'AWS::IAM::User',
      Condition: 'Here',
      Properties: { UserName: name },
    })
    for (const [pseudo, value, given] of [
      ['AWS::AccountId', '123456789012', { account: '123456789012' }],
      ['AWS::Region', 'us-east-1', { region: 'us-east-1' }],
      ['AWS::Region', 'us-east-1', { parameters: { 'AWS::Region': 'us-east-1' } }],
    ] as const) {
      const Conditions = { Here: { 'Fn::Equals': [{ Ref: pseudo }, value] } }
      const template = { Conditions, Resources: { U: user('u') } }
      const inline = (more: object) =>
        accountIn(readTemplate(template, { account: null, ...more }).estate).entities.user.get('u')
          ?.inlinePolicies.size
      expect([inline({}), inline(given)]).toEqual([1, 0])
    }
  })

  it('is that of the given parameters, where some are given', () => {
    const template = {
      Parameters: { Env: { Type: 'String', Default: 'dev' } },
      Resources: {
        U: { Type: 'AWS::IAM::User', Properties: { UserName: { 'Fn::Sub': '${Env}-${AWS::StackName}' } } },
      },
    }
    const { estate } = readTemplate(template, { parameters: { Env: 'prod', 'AWS::StackName': 's' } })
    expect([...accountIn(estate).entities.user.keys()]).toEqual(['prod-s'])
  })
})
