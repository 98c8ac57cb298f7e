// Policies as customers write them, one for each number: homes, tags, offices, MFA, regions, dates.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
export const ACCOUNT = '111122223333'
export const OTHER_ACCOUNT = '444455556666'
export const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2']
export const TEAMS = ['orders', 'billing', 'search', 'ledger', 'pricing', 'stock', 'media', 'maps']
export const STAGES = ['dev', 'test', 'staging', 'production']
/** Addresses `198.51.100.x` to `198.51.107.x` are those of offices. */
const OFFICES = ['198.51.100.0/24', '198.51.102.0/23', '198.51.104.0/25', '203.0.113.17']

const TEMPLATES = [
  ({ number }) => [
    {
      Sid: 'Home',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      Resource: `arn:aws:s3:::home-${number}/\${aws:username}/*`,
    },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::home-${number}`,
      Condition: { StringLike: { 's3:prefix': ['', 'shared/*', '${aws:username}/*'] } },
    },
  ],
  () => [
    {
      Effect: 'Allow',
      Action: ['ec2:StartInstances', 'ec2:StopInstances', 'ec2:RebootInstances', 'ec2:TerminateInstances'],
      Resource: 'arn:aws:ec2:*:*:instance/*',
      Condition: { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } },
    },
    { Effect: 'Allow', Action: ['ec2:Describe*', 'ec2:Get*'], Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage', 'cost-center'] } },
    },
  ],
  ({ number }) => [
    {
      Sid: 'OfficeOnly',
      Effect: 'Deny',
      NotAction: ['iam:ChangePassword', 'sts:*', `s3:Get*`],
      Resource: `arn:aws:*:*:*:*office-${number}*`,
      Condition: {
        NotIpAddress: { 'aws:SourceIp': OFFICES },
        BoolIfExists: { 'aws:ViaAWSService': 'false' },
      },
    },
  ],
  () => [
    {
      Sid: 'MfaForChanges',
      Effect: 'Deny',
      Action: ['iam:Delete*', 'iam:Put*', 'iam:Attach*', 'iam:Detach*'],
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
    {
      Effect: 'Allow',
      Action: ['iam:Get*', 'iam:List*', 'iam:Delete*', 'iam:Put*'],
      Resource: [
        `arn:aws:iam::${ACCOUNT}:role/service/*`,
        `arn:aws:iam::${ACCOUNT}:user/\${aws:username}`,
        `arn:aws:iam::${ACCOUNT}:policy/*`,
      ],
    },
  ],
  ({ random }) => [
    {
      Sid: 'OurRegions',
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*', 'route53:*', 'cloudfront:*', 'support:*', 'organizations:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': random.sample(REGIONS, 3) } },
    },
  ],
  ({ number, random }) => [
    {
      Effect: 'Allow',
      Action: 'dynamodb:*',
      Resource: `arn:aws:dynamodb:*:${ACCOUNT}:table/${random.pick(TEAMS)}-*`,
      Condition: {
        DateLessThan: { 'aws:CurrentTime': `2027-0${1 + (number % 9)}-01T00:00:00Z` },
        NumericLessThan: { 'aws:MultiFactorAuthAge': String(1800 + (number % 4) * 1800) },
      },
    },
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:Scan'],
      Resource: `arn:aws:dynamodb:*:${ACCOUNT}:table/\${aws:PrincipalTag/team}-*`,
    },
  ],
  ({ random }) => [
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: `arn:aws:iam::${ACCOUNT}:role/${random.pick(TEAMS)}-*`,
      Condition: {
        StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
        ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:*` },
      },
    },
    {
      Effect: 'Allow',
      Action: 'lambda:*',
      Resource: `arn:aws:lambda:*:${ACCOUNT}:function:${random.pick(TEAMS)}-?-*`,
    },
  ],
  ({ number }) => [
    {
      Effect: 'Allow',
      Action: ['s3:Get*', 's3:List*'],
      NotResource: [`arn:aws:s3:::secrets-${number}`, `arn:aws:s3:::secrets-${number}/*`],
      Condition: { StringNotEqualsIfExists: { 'aws:ResourceTag/stage': 'production' } },
    },
  ],
  ({ number }) => [
    {
      Effect: 'Allow',
      Action: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: TEAMS.map((team) => `arn:aws:sqs:eu-west-1:${ACCOUNT}:${team}-${number % 30}`),
    },
    {
      Effect: 'Deny',
      Action: 'sqs:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
]

/** The document of the policy with a number. */
export function ownPolicy(number, random) {
  return { Version: '2012-10-17', Statement: TEMPLATES[number % TEMPLATES.length]({ number, random }) }
}
