import { ADMINISTRATOR, arnOf, document, ELSEWHERE, lets, type Parts, trusts } from './estates.ts'

/**
 * A way to gain power that is publicly known.
 * @see pathfinding.cloud, Copyright 2025-Present Datadog, Inc., Apache License 2.0: the ids, the permissions and what each
 * path needs; how it is tried here is our own
 */
export interface PublicPath {
  readonly id: string
  readonly permissions: readonly string[]
  /** Who has them: `user/ann` or `role/worker`. */
  readonly caller: 'user' | 'role'
  /** Actions of which one has to be named on the way. */
  readonly by: readonly string[]
  /** Entities of which one has to be named as what is reached. */
  readonly reached: readonly string[]
  /** What has to be there besides the caller: with power, and with nothing more than the caller has. */
  readonly world: Parts
  /** The same with nobody worth being; null: what is written may be anything, so there is no such thing. */
  readonly powerless: Parts | null
  /** Resources on which the first permission reaches nothing; null: what it is about isn't known here. */
  readonly harmless: readonly string[] | null
  /** The same without a role that the service may assume; null: no service takes part. */
  readonly untrusting: Parts | null
}

const PLAIN = { users: { plain: {} }, groups: { crew: {} } } satisfies Parts
/** No principal of another account can be written to: IAM has no calls across accounts. */
const OF_ANOTHER_ACCOUNT = [`arn:aws:iam::${ELSEWHERE}:*`]

type Facts = readonly [id: string, ...permissions: string[]]

/** Starts something with a role that trusts one of the services. */
function passes([id, ...started]: Facts, services: readonly string[], by = started): PublicPath {
  const withRole = (trust: readonly string[], managed: readonly string[]): Parts => ({
    ...PLAIN,
    roles: { deploy: { trust: trusts(...trust), managed }, plain: { trust: trusts(...services) } },
  })
  return {
    id,
    permissions: ['iam:PassRole', ...started],
    caller: 'user',
    by,
    reached: ['role/deploy'],
    world: withRole(services, [ADMINISTRATOR]),
    powerless: withRole(services, []),
    harmless: [arnOf('role/plain')],
    untrusting: withRole(['backup.amazonaws.com'], [ADMINISTRATOR]),
  }
}

/** Acts through something that has a role already: any that trusts the service. */
function actsThrough([id, ...permissions]: Facts, service: string, by = permissions): PublicPath {
  const withRole = (trust: string, managed: readonly string[]): Parts => ({
    ...PLAIN,
    roles: { deploy: { trust: trusts(trust), managed } },
  })
  return {
    id,
    permissions,
    caller: 'user',
    by,
    reached: ['role/deploy'],
    world: withRole(service, [ADMINISTRATOR]),
    powerless: withRole(service, []),
    harmless: null,
    untrusting: withRole('backup.amazonaws.com', [ADMINISTRATOR]),
  }
}

/** Gets credentials of a user. */
function takes([id, ...permissions]: Facts): PublicPath {
  return {
    id,
    permissions,
    caller: 'user',
    by: permissions,
    reached: ['user/boss'],
    world: { ...PLAIN, users: { plain: {}, boss: { managed: [ADMINISTRATOR] } } },
    powerless: PLAIN,
    harmless: [arnOf('user/ann'), arnOf('user/plain')],
    untrusting: null,
  }
}

/** Writes what somebody may do: the caller, or somebody that the caller can become. */
function writes(
  [id, ...permissions]: Facts,
  reached: readonly string[],
  world: Parts = PLAIN,
  caller: PublicPath['caller'] = 'user',
): PublicPath {
  const own = { by: permissions, powerless: null, harmless: OF_ANOTHER_ACCOUNT, untrusting: null }
  return { id, permissions, caller, reached, world, ...own }
}

const ec2 = 'ec2.amazonaws.com'
const ecs = 'ecs-tasks.amazonaws.com'
const glue = 'glue.amazonaws.com'
const lambda = 'lambda.amazonaws.com'
const build = 'codebuild.amazonaws.com'
const stacks = 'cloudformation.amazonaws.com'
const learning = 'sagemaker.amazonaws.com'
const runner = 'tasks.apprunner.amazonaws.com'
const agents = 'bedrock-agentcore.amazonaws.com'

/** A role that everybody of the account may assume who is allowed to by policies of their own. */
const OPEN = lets({ AWS: arnOf('root') }, 'sts:AssumeRole')
const trusting: Parts = { ...PLAIN, roles: { deploy: { trust: OPEN } } }
const closed: Parts = { ...PLAIN, roles: { deploy: { trust: trusts(ec2) } } }
const withPolicy = (world: Parts): Parts => ({
  ...world,
  roles: { deploy: { trust: trusts(ec2), ...world.roles?.deploy, managed: ['power'] } },
  policies: { power: document() },
})
const owned: Parts = { ...PLAIN, policies: { own: document() } }
const someone: Parts = { ...PLAIN, users: { plain: {}, boss: {} } }
const role = (managed: readonly string[], trust = trusts(ec2)): Parts => ({
  ...PLAIN,
  roles: { deploy: { trust, managed } },
})

export const PUBLIC_PATHS: readonly PublicPath[] = [
  passes(['apprunner-001', 'apprunner:CreateService'], [runner]),
  actsThrough(['apprunner-002', 'apprunner:UpdateService'], runner),
  passes(
    [
      'bedrock-001',
      'bedrock-agentcore:CreateCodeInterpreter',
      'bedrock-agentcore:StartCodeInterpreterSession',
      'bedrock-agentcore:InvokeCodeInterpreter',
    ],
    [agents],
  ),
  actsThrough(
    [
      'bedrock-002',
      'bedrock-agentcore:StartCodeInterpreterSession',
      'bedrock-agentcore:InvokeCodeInterpreter',
    ],
    agents,
  ),
  passes(['cloudformation-001', 'cloudformation:CreateStack'], [stacks]),
  actsThrough(['cloudformation-002', 'cloudformation:UpdateStack'], stacks),
  passes(
    ['cloudformation-003', 'cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances'],
    [stacks],
  ),
  passes(['cloudformation-004', 'cloudformation:UpdateStackSet'], [stacks]),
  actsThrough(
    ['cloudformation-005', 'cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'],
    stacks,
  ),
  passes(['codebuild-001', 'codebuild:CreateProject', 'codebuild:StartBuild'], [build]),
  actsThrough(['codebuild-002', 'codebuild:StartBuild'], build),
  actsThrough(['codebuild-003', 'codebuild:StartBuildBatch'], build),
  passes(['codebuild-004', 'codebuild:CreateProject', 'codebuild:StartBuildBatch'], [build]),
  passes(
    [
      'datapipeline-001',
      'datapipeline:CreatePipeline',
      'datapipeline:PutPipelineDefinition',
      'datapipeline:ActivatePipeline',
    ],
    ['datapipeline.amazonaws.com', 'elasticmapreduce.amazonaws.com'],
  ),
  actsThrough(
    ['ec2instanceconnect-003', 'ec2-instance-connect:SendSSHPublicKey', 'ec2:DescribeInstances'],
    ec2,
    ['ec2-instance-connect:SendSSHPublicKey'],
  ),
  passes(['ec2-001', 'ec2:RunInstances'], [ec2]),
  actsThrough(['ec2-002', 'ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'], ec2, [
    'ec2:ModifyInstanceAttribute',
  ]),
  passes(['ec2-003', 'ec2:RequestSpotInstances'], [ec2]),
  actsThrough(['ec2-004', 'ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'], ec2),
  passes(['ecs-001', 'ecs:CreateCluster', 'ecs:RegisterTaskDefinition', 'ecs:CreateService'], [ecs]),
  passes(['ecs-002', 'ecs:CreateCluster', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'], [ecs]),
  passes(['ecs-003', 'ecs:RegisterTaskDefinition', 'ecs:CreateService'], [ecs]),
  passes(['ecs-004', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'], [ecs]),
  passes(['ecs-005', 'ecs:RegisterTaskDefinition', 'ecs:StartTask'], [ecs]),
  passes(['glue-001', 'glue:CreateDevEndpoint'], [glue]),
  actsThrough(['glue-002', 'glue:UpdateDevEndpoint'], glue),
  passes(['glue-003', 'glue:CreateJob', 'glue:StartJobRun'], [glue]),
  passes(['glue-004', 'glue:CreateJob', 'glue:CreateTrigger'], [glue]),
  passes(['glue-005', 'glue:UpdateJob', 'glue:StartJobRun'], [glue]),
  passes(['glue-006', 'glue:UpdateJob', 'glue:CreateTrigger'], [glue]),
  writes(['iam-001', 'iam:CreatePolicyVersion'], ['user/ann', 'policy/own'], owned),
  takes(['iam-002', 'iam:CreateAccessKey']),
  takes(['iam-003', 'iam:CreateAccessKey', 'iam:DeleteAccessKey']),
  takes(['iam-004', 'iam:CreateLoginProfile']),
  writes(['iam-005', 'iam:PutRolePolicy'], ['role/worker'], PLAIN, 'role'),
  takes(['iam-006', 'iam:UpdateLoginProfile']),
  writes(['iam-007', 'iam:PutUserPolicy'], ['user/ann']),
  writes(['iam-008', 'iam:AttachUserPolicy'], ['user/ann']),
  writes(['iam-009', 'iam:AttachRolePolicy'], ['role/worker'], PLAIN, 'role'),
  writes(['iam-010', 'iam:AttachGroupPolicy'], ['user/ann', 'group/crew']),
  writes(['iam-011', 'iam:PutGroupPolicy'], ['user/ann', 'group/crew']),
  {
    ...writes(['iam-012', 'iam:UpdateAssumeRolePolicy'], ['role/deploy'], role([ADMINISTRATOR])),
    powerless: role([]),
  },
  {
    ...writes(['iam-013', 'iam:AddUserToGroup'], ['group/admins'], {
      groups: { crew: {}, admins: { managed: [ADMINISTRATOR] } },
    }),
    powerless: { groups: { crew: {}, admins: {} } },
    harmless: [arnOf('group/crew')],
  },
  writes(['iam-014', 'iam:AttachRolePolicy', 'sts:AssumeRole'], ['role/deploy'], trusting),
  writes(['iam-015', 'iam:AttachUserPolicy', 'iam:CreateAccessKey'], ['user/boss', 'user/ann'], someone),
  writes(['iam-016', 'iam:CreatePolicyVersion', 'sts:AssumeRole'], ['role/deploy'], withPolicy(trusting)),
  writes(['iam-017', 'iam:PutRolePolicy', 'sts:AssumeRole'], ['role/deploy'], trusting),
  writes(['iam-018', 'iam:PutUserPolicy', 'iam:CreateAccessKey'], ['user/boss', 'user/ann'], someone),
  writes(['iam-019', 'iam:AttachRolePolicy', 'iam:UpdateAssumeRolePolicy'], ['role/deploy'], closed),
  writes(
    ['iam-020', 'iam:CreatePolicyVersion', 'iam:UpdateAssumeRolePolicy'],
    ['role/deploy'],
    withPolicy(closed),
  ),
  writes(['iam-021', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'], ['role/deploy'], closed),
  passes(['lambda-001', 'lambda:CreateFunction', 'lambda:InvokeFunction'], [lambda]),
  passes(['lambda-002', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'], [lambda]),
  actsThrough(['lambda-003', 'lambda:UpdateFunctionCode'], lambda),
  actsThrough(['lambda-004', 'lambda:UpdateFunctionCode', 'lambda:InvokeFunction'], lambda, [
    'lambda:UpdateFunctionCode',
  ]),
  actsThrough(['lambda-005', 'lambda:UpdateFunctionCode', 'lambda:AddPermission'], lambda, [
    'lambda:UpdateFunctionCode',
  ]),
  passes(
    ['lambda-006', 'lambda:CreateFunction', 'lambda:AddPermission'],
    [lambda],
    ['lambda:CreateFunction'],
  ),
  passes(['sagemaker-001', 'sagemaker:CreateNotebookInstance'], [learning]),
  passes(['sagemaker-002', 'sagemaker:CreateTrainingJob'], [learning]),
  passes(['sagemaker-003', 'sagemaker:CreateProcessingJob'], [learning]),
  actsThrough(['sagemaker-004', 'sagemaker:CreatePresignedNotebookInstanceUrl'], learning),
  actsThrough(
    [
      'sagemaker-005',
      'sagemaker:CreateNotebookInstanceLifecycleConfig',
      'sagemaker:StopNotebookInstance',
      'sagemaker:UpdateNotebookInstance',
      'sagemaker:StartNotebookInstance',
    ],
    learning,
  ),
  actsThrough(['ssm-001', 'ssm:StartSession'], ec2),
  actsThrough(['ssm-002', 'ssm:SendCommand'], ec2),
  {
    ...writes(['sts-001', 'sts:AssumeRole'], ['role/deploy'], role([ADMINISTRATOR], OPEN)),
    powerless: role([], OPEN),
    harmless: [arnOf('role/plain')],
  },
]
