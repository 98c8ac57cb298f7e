import type { PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import {
  ADMINISTRATOR,
  allows,
  arnOf,
  denies,
  document,
  HOME,
  lets,
  type Parts,
  type RoleParts,
  trusts,
  type UserParts,
} from './estates.ts'

/** A change of an account in which there would be plenty to reach, and which reaches nothing. */
interface BenignChange {
  readonly name: string
  readonly before: Parts
  readonly after: Parts
}

const POWERFUL: RoleParts = {
  managed: [ADMINISTRATOR],
  trust: trusts('lambda.amazonaws.com', 'ec2.amazonaws.com', 'codebuild.amazonaws.com'),
}
const POWERLESS: RoleParts = { trust: trusts('lambda.amazonaws.com', 'ec2.amazonaws.com') }
/** A policy variable: who asks. */
const OWN_NAME = `$\{aws:username}`
const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
const ANN: UserParts = { groups: ['crew'] }
const OFFICE = {
  users: { ann: ANN, boss: { groups: ['admins'] }, plain: {} } as Record<string, UserParts>,
  groups: {
    admins: { managed: [ADMINISTRATOR] },
    crew: {},
  } as NonNullable<Parts['groups']>,
  roles: { deploy: POWERFUL, plain: POWERLESS } as Record<string, RoleParts>,
  policies: {} as Record<string, PolicyDocument>,
}

const withAnn = (ann: UserParts, more: Parts = {}): Parts => ({
  ...OFFICE,
  ...more,
  users: { ...OFFICE.users, ...more.users, ann: { ...ANN, ...ann } },
})
const holding = (...statements: readonly PolicyStatement[]) => ({ policy: document(...statements) })
const withRole = (name: string, parts: RoleParts, world: Parts = OFFICE): Parts => ({
  ...world,
  roles: { ...world.roles, [name]: parts },
})

/** Ann gets statements. */
const gets = (name: string, statements: readonly PolicyStatement[], world: Parts = OFFICE): BenignChange => ({
  name,
  before: withAnn({}, world),
  after: withAnn(holding(...statements), world),
})
/** Ann holds one thing and then another. */
const turns = (
  name: string,
  before: UserParts,
  after: UserParts,
  more: readonly [before: Parts, after: Parts] = [{}, {}],
): BenignChange => ({ name, before: withAnn(before, more[0]), after: withAnn(after, more[1]) })

const POWER = allows([
  'iam:CreateAccessKey',
  'iam:PassRole',
  'lambda:CreateFunction',
  'lambda:InvokeFunction',
  'ssm:SendCommand',
])
const withoutStarters: Parts = {
  ...OFFICE,
  roles: { plain: POWERLESS, deploy: { ...POWERFUL, trust: trusts('backup.amazonaws.com') } },
}
const fenced = document(
  allows(['s3:*', 'iam:PutUserPolicy', 'iam:CreateUser', 'iam:AttachUserPolicy']),
  denies('iam:*', arnOf('policy/fence')),
)

const READING: readonly BenignChange[] = [
  turns('ReadOnlyAccess', {}, { managed: ['ReadOnlyAccess'] }),
  turns('ViewOnlyAccess', {}, { managed: ['job-function/ViewOnlyAccess'] }),
  turns('SecurityAudit', {}, { managed: ['SecurityAudit'] }),
  turns('IAMReadOnlyAccess', {}, { managed: ['IAMReadOnlyAccess'] }),
  turns('AmazonS3ReadOnlyAccess', {}, { managed: ['AmazonS3ReadOnlyAccess'] }),
  gets('reads users, roles and policies', [allows(['iam:Get*', 'iam:List*', 'iam:SimulatePrincipalPolicy'])]),
  gets('describes instances and functions', [allows(['ec2:Describe*', 'lambda:List*', 'lambda:Get*'])]),
]

const OWN: readonly BenignChange[] = [
  gets('keys of oneself, by a variable', [
    allows(
      ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:UpdateAccessKey', 'iam:ListAccessKeys'],
      `arn:aws:iam::*:user/${OWN_NAME}`,
    ),
  ]),
  gets('password of oneself, by name', [
    allows(['iam:ChangePassword', 'iam:CreateLoginProfile', 'iam:UpdateLoginProfile'], arnOf('user/ann')),
  ]),
  turns('IAMUserChangePassword', {}, { managed: ['IAMUserChangePassword'] }),
  gets('MFA device of oneself', [
    allows(
      ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice', 'iam:ResyncMFADevice'],
      [`arn:aws:iam::*:mfa/${OWN_NAME}`, `arn:aws:iam::*:user/${OWN_NAME}`],
    ),
  ]),
  gets('keys of somebody without power', [allows('iam:CreateAccessKey', arnOf('user/plain'))]),
  gets('joins a group without power', [allows('iam:AddUserToGroup', arnOf('group/crew'))]),
]

const STARTING: readonly BenignChange[] = [
  gets('passes a role without power', [
    allows('iam:PassRole', arnOf('role/plain')),
    allows(['lambda:CreateFunction', 'lambda:InvokeFunction']),
  ]),
  gets('passes a powerful role to a service that it does not trust', [
    allows('iam:PassRole', arnOf('role/deploy'), {
      StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' },
    }),
    allows(['glue:CreateJob', 'glue:StartJobRun']),
  ]),
  gets('starters without a role that may be passed', [
    allows([
      'lambda:CreateFunction',
      'lambda:InvokeFunction',
      'ec2:RunInstances',
      'ecs:RegisterTaskDefinition',
      'glue:CreateJob',
    ]),
  ]),
  gets(
    'commands on instances, where no role trusts EC2',
    [allows(['ssm:SendCommand', 'ssm:StartSession'])],
    withoutStarters,
  ),
  gets(
    'code of functions, where no role trusts Lambda',
    [allows('lambda:UpdateFunctionCode')],
    withoutStarters,
  ),
  gets('invokes functions', [allows('lambda:InvokeFunction')]),
  gets('starts and stops instances', [
    allows(['ec2:StartInstances', 'ec2:StopInstances', 'ec2:RebootInstances']),
  ]),
]

const LIMITED: readonly BenignChange[] = [
  gets('power that is denied', [POWER, denies('*', '*')]),
  gets('keys of everybody but of administrators', [
    allows('iam:CreateAccessKey'),
    denies('iam:CreateAccessKey', arnOf('user/boss')),
  ]),
  gets('power for another account alone', [
    { ...POWER, Condition: { StringEquals: { 'aws:PrincipalAccount': '999999999999' } } },
  ]),
  turns(
    'policy writes under a boundary that whoever is written must carry',
    { boundary: 'fence' },
    {
      boundary: 'fence',
      ...holding(
        allows(['iam:CreateUser', 'iam:PutUserPolicy', 'iam:AttachUserPolicy'], arnOf('user/team/*'), {
          StringEquals: { 'iam:PermissionsBoundary': arnOf('policy/fence') },
        }),
      ),
    },
    [{ policies: { fence: fenced } }, { policies: { fence: fenced } }],
  ),
]

const MOVING: readonly BenignChange[] = [
  turns('from inline to managed', holding(POWER), { managed: ['power'] }, [
    { policies: { power: document(POWER) } },
    { policies: { power: document(POWER) } },
  ]),
  turns('from a user to a group', holding(POWER), {}, [
    {},
    { groups: { ...OFFICE.groups, crew: holding(POWER) } },
  ]),
  turns('from one group to another', { groups: ['crew'] }, { groups: ['ops'] }, [
    { groups: { ...OFFICE.groups, crew: holding(POWER), ops: {} } },
    { groups: { ...OFFICE.groups, crew: {}, ops: holding(POWER) } },
  ]),
  turns('from an inline policy to a managed one, of an administrator', holding(allows('*')), {
    managed: [ADMINISTRATOR],
  }),
  turns('statements in another order, split and with Sids', holding(POWER, allows('s3:*')), {
    policy: document(
      { ...allows('s3:*'), Sid: 'Data' },
      ...(POWER.Action as readonly string[]).map((action) => allows(action)),
    ),
  }),
  turns('to another path', holding(POWER), { ...holding(POWER), path: '/staff/' }),
]

const EVERYDAY: readonly BenignChange[] = [
  {
    name: 'a new user without anything',
    before: OFFICE,
    after: { ...OFFICE, users: { ...OFFICE.users, carl: {} } },
  },
  {
    name: 'a new user in a group without power',
    before: OFFICE,
    after: { ...OFFICE, users: { ...OFFICE.users, carl: { groups: ['crew'] } } },
  },
  {
    name: 'a new role without power, for a service',
    before: OFFICE,
    after: withRole('worker', { trust: trusts('ecs-tasks.amazonaws.com') }),
  },
  {
    name: 'a new role with data access, for a service',
    before: OFFICE,
    after: withRole('worker', {
      trust: trusts('ecs-tasks.amazonaws.com'),
      ...holding(allows(['s3:GetObject', 'dynamodb:Query'])),
    }),
  },
  {
    name: 'a user goes',
    before: OFFICE,
    after: { ...OFFICE, users: { ann: ANN, boss: { groups: ['admins'] } } },
  },
  {
    name: 'a description changes',
    before: OFFICE,
    after: withRole('deploy', { ...POWERFUL, description: 'deploys' }),
  },
  turns('a tag that no policy asks for', {}, { tags: { team: 'payments' } }),
  turns('data', {}, holding(allows(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::data/*'))),
  turns('rights to write to a queue', {}, holding(allows('sqs:SendMessage', `arn:aws:sqs:*:${HOME}:jobs`))),
  turns('tags of instances that nothing asks for', {}, holding(allows('ec2:CreateTags'))),
  turns(
    'full use of the data in a database',
    {},
    holding(
      allows(['dynamodb:*Item', 'dynamodb:Query', 'dynamodb:Scan'], `arn:aws:dynamodb:*:${HOME}:table/t`),
    ),
  ),
  turns('logs', {}, holding(allows(['logs:CreateLogGroup', 'logs:PutLogEvents']))),
]

const NARROWING: readonly BenignChange[] = [
  turns('fewer actions', holding(POWER), holding(allows('iam:CreateAccessKey'))),
  turns('fewer resources', holding(POWER), {
    policy: document({ ...POWER, Resource: [arnOf('user/boss'), arnOf('role/deploy')] }),
  }),
  turns('MFA asked for', holding(POWER), { policy: document({ ...POWER, Condition: MFA }) }),
  turns('a boundary', holding(POWER), { ...holding(POWER), boundary: 'fence' }, [
    { policies: { fence: fenced } },
    { policies: { fence: fenced } },
  ]),
  turns('a deny', holding(POWER), holding(POWER, denies('ssm:SendCommand'))),
  {
    name: 'a trust with fewer principals',
    before: withRole('team', { managed: [ADMINISTRATOR], trust: trusts('user/ann', 'user/boss') }),
    after: withRole('team', { managed: [ADMINISTRATOR], trust: trusts('user/boss') }),
  },
  {
    name: 'a trust that asks for MFA',
    before: withRole('team', {
      managed: [ADMINISTRATOR],
      trust: lets({ AWS: arnOf('user/ann') }, 'sts:AssumeRole'),
    }),
    after: withRole('team', {
      managed: [ADMINISTRATOR],
      trust: lets({ AWS: arnOf('user/ann') }, 'sts:AssumeRole', MFA),
    }),
  },
  {
    name: 'a control policy',
    before: withAnn(holding(POWER)),
    after: { ...withAnn(holding(POWER)), control: [denies('iam:*')] },
  },
  {
    name: 'a role that whoever is an administrator already may assume now',
    before: withRole('team', { managed: [ADMINISTRATOR], trust: trusts('backup.amazonaws.com') }),
    after: withRole('team', { managed: [ADMINISTRATOR], trust: trusts('user/boss') }),
  },
  {
    name: 'the directory of the account may use a role that reads',
    before: OFFICE,
    after: withRole('reader', {
      managed: ['ReadOnlyAccess'],
      trust: lets({ Federated: arnOf('saml-provider/corp') }, 'sts:AssumeRoleWithSAML', {
        StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' },
      }),
    }),
  },
]

export const BENIGN_CHANGES: readonly BenignChange[] = [
  ...READING,
  ...OWN,
  ...STARTING,
  ...LIMITED,
  ...MOVING,
  ...EVERYDAY,
  ...NARROWING,
]
