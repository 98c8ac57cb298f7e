import type { PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import { ADMINISTRATOR, allows, arnOf, denies, document, lets, type Parts, trusts } from './estates.ts'

/** Somebody of an account who holds one policy, and what comes of it. */
interface Trainee {
  readonly name: string
  readonly holds: readonly PolicyStatement[]
  /** Entities of which one is reached; empty: nobody is. */
  readonly reached: readonly string[]
  /** Actions of which one carries a step. */
  readonly by: readonly string[]
}

const SERVICES = [
  'cloudformation.amazonaws.com',
  'codebuild.amazonaws.com',
  'datapipeline.amazonaws.com',
  'ec2.amazonaws.com',
  'elasticmapreduce.amazonaws.com',
  'glue.amazonaws.com',
  'lambda.amazonaws.com',
  'sagemaker.amazonaws.com',
]
const POWER = 'role/power'
const BOSS = 'user/boss'

const trainee =
  (...reached: readonly string[]) =>
  (name: string, ...actions: readonly string[]): Trainee => ({
    name,
    holds: [allows(actions)],
    reached,
    by: actions.filter((action) => action !== 'iam:PassRole'),
  })
const passing = (name: string, ...actions: readonly string[]): Trainee =>
  trainee(POWER)(name, 'iam:PassRole', ...actions)
const acting = trainee(POWER)
const taking = trainee(BOSS)
const writing = (name: string, action: string, ...reached: readonly string[]): Trainee =>
  trainee(`user/${name}`, ...reached)(name, action)

/**
 * The 31 kinds of path of an account that is made to be attacked, and its cases that fool tools.
 * @see BishopFox/iam-vulnerable, README: which kinds there are; what they hold is from AWS's documentation of the actions
 */
export const TRAINEES: readonly Trainee[] = [
  taking('key-of-another', 'iam:CreateAccessKey'),
  taking('password-for-another', 'iam:CreateLoginProfile'),
  taking('new-password-for-another', 'iam:UpdateLoginProfile'),
  passing('role-to-a-stack', 'cloudformation:CreateStack'),
  passing('role-to-a-build', 'codebuild:CreateProject', 'codebuild:StartBuild'),
  passing(
    'role-to-a-pipeline',
    'datapipeline:CreatePipeline',
    'datapipeline:PutPipelineDefinition',
    'datapipeline:ActivatePipeline',
  ),
  passing('role-to-an-instance', 'ec2:RunInstances'),
  passing('role-to-an-endpoint', 'glue:CreateDevEndpoint'),
  passing('role-to-a-function-it-calls', 'lambda:CreateFunction', 'lambda:InvokeFunction'),
  passing('role-to-a-function-that-is-triggered', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'),
  passing(
    'role-to-a-notebook',
    'sagemaker:CreateNotebookInstance',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
  ),
  passing('role-to-a-training', 'sagemaker:CreateTrainingJob'),
  passing('role-to-a-processing', 'sagemaker:CreateProcessingJob'),
  trainee('group/admins')('joins-a-group', 'iam:AddUserToGroup'),
  writing('attaches-to-a-group', 'iam:AttachGroupPolicy', 'group/crew', 'group/admins'),
  trainee(POWER, 'role/open')('attaches-to-a-role', 'iam:AttachRolePolicy', 'sts:AssumeRole'),
  writing('attaches-to-a-user', 'iam:AttachUserPolicy'),
  writing('writes-a-version', 'iam:CreatePolicyVersion', 'policy/shared'),
  writing('writes-a-group', 'iam:PutGroupPolicy', 'group/crew'),
  trainee('role/open')('writes-a-role', 'iam:PutRolePolicy', 'sts:AssumeRole'),
  writing('writes-a-user', 'iam:PutUserPolicy'),
  writing('sets-a-version', 'iam:SetDefaultPolicyVersion', 'policy/shared'),
  acting('key-for-a-shell', 'ec2-instance-connect:SendSSHPublicKey'),
  acting('updates-a-stack', 'cloudformation:UpdateStack'),
  acting('updates-an-endpoint', 'glue:UpdateDevEndpoint'),
  acting('updates-a-function', 'lambda:UpdateFunctionCode'),
  acting('opens-a-notebook', 'sagemaker:CreatePresignedNotebookInstanceUrl'),
  acting('sends-a-command', 'ssm:SendCommand'),
  acting('opens-a-session', 'ssm:StartSession'),
  trainee('role/high')('assumes-a-role', 'sts:AssumeRole'),
  trainee(POWER, 'role/high', 'role/open')('writes-a-trust', 'iam:UpdateAssumeRolePolicy'),
]

const both = (name: string, ...holds: readonly PolicyStatement[]): Trainee => ({
  name,
  holds,
  reached: [],
  by: [],
})

/** Cases that tools of this kind get wrong: what is a path although it doesn't look so, and the other way round. */
export const TRICKY_TRAINEES: readonly Trainee[] = [
  {
    name: 'role-to-an-instance-in-two-statements',
    holds: [allows('iam:PassRole', arnOf(POWER)), allows('ec2:Run*')],
    reached: [POWER],
    by: ['ec2:RunInstances'],
  },
  {
    name: 'version-of-the-policy-that-counts',
    holds: [allows('iam:CreatePolicyVersion', arnOf('policy/shared'))],
    reached: ['user/version-of-the-policy-that-counts', 'policy/shared'],
    by: ['iam:CreatePolicyVersion'],
  },
  {
    name: 'role-to-the-right-service',
    holds: [
      allows('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }),
      allows(['lambda:CreateFunction', 'lambda:InvokeFunction']),
    ],
    reached: [POWER],
    by: ['lambda:CreateFunction'],
  },
  {
    name: 'anything-of-a-user-but-reading',
    holds: [
      {
        Effect: 'Allow',
        NotAction: ['iam:Get*', 'iam:List*'],
        Resource: arnOf('user/anything-of-a-user-but-reading'),
      } as PolicyStatement,
    ],
    reached: ['user/anything-of-a-user-but-reading'],
    by: ['iam:PutUserPolicy', 'iam:AttachUserPolicy'],
  },
  both('denied-in-the-same-policy', allows('iam:CreateAccessKey'), denies('iam:CreateAccessKey')),
  both('denied-by-a-pattern', allows('iam:PutUserPolicy'), denies('iam:Put*')),
  both('denied-only', denies('iam:*')),
  both('version-of-a-policy-that-is-not-there', allows('iam:CreatePolicyVersion', arnOf('policy/gone'))),
  both(
    'role-to-a-service-that-it-does-not-trust',
    allows('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'iot.amazonaws.com' } }),
    allows(['ec2:RunInstances', 'lambda:CreateFunction', 'lambda:InvokeFunction']),
  ),
]

const SHARED: PolicyDocument = document(allows('sts:GetCallerIdentity'))

/** One account with all of them. */
export const TRAINING_ACCOUNT: Parts = {
  users: {
    boss: { managed: [ADMINISTRATOR] },
    ...Object.fromEntries(
      [...TRAINEES, ...TRICKY_TRAINEES].map(({ name, holds }) => [
        name,
        {
          policy: document(...holds),
          ...(/version/.test(name) && !name.endsWith('not-there') ? { managed: ['shared'] } : {}),
          ...(/group/.test(name) && name !== 'joins-a-group' ? { groups: ['crew'] } : {}),
        },
      ]),
    ),
  },
  groups: { admins: { managed: [ADMINISTRATOR] }, crew: {} },
  roles: {
    power: { managed: [ADMINISTRATOR], trust: trusts(...SERVICES) },
    high: { managed: [ADMINISTRATOR], trust: trusts('user/assumes-a-role') },
    open: { trust: lets({ AWS: arnOf('root') }, 'sts:AssumeRole') },
  },
  policies: { shared: SHARED },
}
