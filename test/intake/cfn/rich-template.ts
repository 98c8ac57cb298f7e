// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import { ODD as ODD_VALUES } from '../tfplan/mutations.ts'

/** A role whose policy has a resource, in a template with more. */
export const withRole = (resource: unknown, more: object = {}, sections: object = {}) => ({
  ...sections,
  Resources: {
    ...more,
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'r',
        Policies: [
          {
            PolicyName: 'p',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: { Effect: 'Allow', Action: '*', Resource: resource },
            },
          },
        ],
      },
    },
  },
})

/** Somebody of each kind, with whatever a template may say of them. */
export const RICH = JSON.stringify(
  withRole(
    { 'Fn::Sub': '${Bucket.Arn}/*' },
    {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: { Ref: 'Name' }, Tags: [{ Key: 'a', Value: 'b' }] },
      },
      Group: {
        Type: 'AWS::IAM::Group',
        Condition: 'C',
        Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
      },
      User: {
        Type: 'AWS::IAM::User',
        Properties: { Groups: [{ Ref: 'Group' }], PermissionsBoundary: { Ref: 'Managed' } },
      },
      Managed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { Users: [{ Ref: 'User' }], PolicyDocument: { Statement: [] } },
      },
      More: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'm',
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } },
        },
      },
      Set: {
        Type: 'AWS::SSO::PermissionSet',
        Properties: { Name: 's', ManagedPolicies: ['x'], InlinePolicy: {} },
      },
      Give: {
        Type: 'AWS::SSO::Assignment',
        Properties: {
          PermissionSetArn: { 'Fn::GetAtt': ['Set', 'PermissionSetArn'] },
          TargetId: '111122223333',
        },
      },
      Function: {
        Type: 'AWS::Serverless::Function',
        Properties: { Policies: ['AmazonS3ReadOnlyAccess', { S3CrudPolicy: {} }], Events: { A: {} } },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: { Ref: 'Function' }, Action: 'lambda:InvokeFunction', Principal: '*' },
      },
      Queues: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: ['https://sqs.us-east-1.amazonaws.com/111122223333/q'],
          PolicyDocument: { Statement: [] },
        },
      },
      Key: { Type: 'AWS::KMS::Key' },
    },
    {
      Transform: ['AWS::Serverless-2016-10-31'],
      Parameters: { Name: { Type: 'String', Default: 'n' } },
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'Name' }, 'n'] } },
      Mappings: { M: { a: { b: 'c' } } },
    },
  ),
)
/** What may stand where something else should. */
export const ODD: readonly unknown[] = [
  ...ODD_VALUES,
  [null],
  { Ref: 3 },
  { Ref: [] },
  { 'Fn::If': [] },
  { 'Fn::Sub': {} },
  { 'Fn::GetAtt': [] },
  { 'Fn::Join': 3 },
  { 'Fn::Select': ['x', 'y'] },
  { 'Fn::FindInMap': [[], {}] },
  { 'Fn::Split': [] },
  { 'Fn::Transform': 1 },
  { Ref: '__proto__' },
  { Ref: 'constructor' },
  { 'Fn::GetAtt': '__proto__.x' },
  { Ref: 'Role' },
  { Ref: 'Nobody' },
]
