import type { PolicyStatement } from '../../src/model/index.ts'
import { ADMINISTRATOR, allows, arnOf, document, lets, type Parts, trusts } from './estates.ts'

/** An account with somebody in it who can come to power, and by which actions at last. */
export interface AttackScenario {
  readonly name: string
  readonly account: Parts
  /** The principal who begins; `federated:PROVIDER` as findings call somebody outside. */
  readonly who: string
  readonly reached: string
  /** Actions on the way, in order; each has to be there. */
  readonly by: readonly string[]
}

const ANN = 'user/ann'
const POWER = 'role/power'
const holds = (...statements: readonly PolicyStatement[]) => ({ policy: document(...statements) })

/** A user of few rights, and a role of all that something trusts. */
const account = (ann: readonly PolicyStatement[], trust: readonly string[], more: Parts = {}): Parts => ({
  ...more,
  users: { ann: holds(...ann), ...more.users },
  roles: { power: { managed: [ADMINISTRATOR], trust: trusts(...trust) }, ...more.roles },
})
const scenario = (
  name: string,
  by: readonly string[],
  parts: Parts,
  reached = POWER,
  who = ANN,
): AttackScenario => ({ name, account: parts, who, reached, by })
/** Whoever holds just these actions on everything. */
const simple = (name: string, actions: readonly string[], service: string, by = actions): AttackScenario =>
  scenario(name, by, account([allows(actions)], [service]))

const ec2 = 'ec2.amazonaws.com'
const lambda = 'lambda.amazonaws.com'
const stacks = 'cloudformation.amazonaws.com'
const build = 'codebuild.amazonaws.com'
const learning = 'sagemaker.amazonaws.com'
const PASS = 'iam:PassRole'

/**
 * Who can become whom, as a tool that draws graphs of it asks: nine of its ten kinds of edge, and several edges in a row.
 * @see nccgroup/PMapper, principalmapper/graphing: which kinds there are
 */
export const GRAPH_EDGES: readonly AttackScenario[] = [
  simple(
    'autoscaling: a launch configuration',
    [PASS, 'autoscaling:CreateLaunchConfiguration', 'autoscaling:CreateAutoScalingGroup'],
    ec2,
    ['autoscaling:CreateLaunchConfiguration'],
  ),
  simple('cloudformation: a new stack', [PASS, 'cloudformation:CreateStack'], stacks),
  simple('cloudformation: a stack that has a role', ['cloudformation:UpdateStack'], stacks),
  simple(
    'cloudformation: a change set',
    ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'],
    stacks,
  ),
  simple('codebuild: a new project', [PASS, 'codebuild:CreateProject', 'codebuild:StartBuild'], build),
  simple('codebuild: a project that has a role', ['codebuild:StartBuild'], build),
  simple(
    'codebuild: another role for a project',
    [PASS, 'codebuild:UpdateProject', 'codebuild:StartBuild'],
    build,
    ['codebuild:UpdateProject'],
  ),
  simple('ec2: a new instance', [PASS, 'ec2:RunInstances'], ec2),
  simple('ec2: a profile for an instance', [PASS, 'ec2:AssociateIamInstanceProfile'], ec2),
  scenario(
    'iam: an access key',
    ['iam:CreateAccessKey'],
    account([allows('iam:CreateAccessKey')], [], { users: { boss: { managed: [ADMINISTRATOR] } } }),
    'user/boss',
  ),
  scenario(
    'iam: a trust policy',
    ['iam:UpdateAssumeRolePolicy'],
    account([allows('iam:UpdateAssumeRolePolicy')], ['backup.amazonaws.com']),
  ),
  simple('lambda: a new function', [PASS, 'lambda:CreateFunction', 'lambda:InvokeFunction'], lambda, [
    'lambda:CreateFunction',
  ]),
  simple('lambda: code of a function', ['lambda:UpdateFunctionCode'], lambda),
  simple('lambda: another role for a function', [PASS, 'lambda:UpdateFunctionConfiguration'], lambda),
  simple('sagemaker: a notebook', [PASS, 'sagemaker:CreateNotebookInstance'], learning),
  simple('sagemaker: a training job', [PASS, 'sagemaker:CreateTrainingJob'], learning),
  simple('sagemaker: a processing job', [PASS, 'sagemaker:CreateProcessingJob'], learning),
  simple('ssm: a command', ['ssm:SendCommand'], ec2),
  simple('ssm: a session', ['ssm:StartSession'], ec2),
  scenario('sts: a role', ['sts:AssumeRole'], account([], [ANN])),
  scenario(
    'several edges: a role, a key, a function',
    ['sts:AssumeRole', 'iam:CreateAccessKey', 'lambda:UpdateFunctionCode'],
    account([allows('sts:AssumeRole', arnOf('role/first'))], [lambda], {
      users: { carl: holds(allows('lambda:UpdateFunctionCode')) },
      roles: {
        first: { trust: trusts(ANN), ...holds(allows('iam:CreateAccessKey', arnOf('user/carl'))) },
      },
    }),
  ),
]

const tagged = (key: string, value: string) => ({ StringEquals: { [`aws:ResourceTag/${key}`]: value } })

/**
 * Ways through accounts that are made to be attacked.
 * @see RhinoSecurityLabs/cloudgoat, scenarios: which ways there are
 */
export const WALKTHROUGHS: readonly AttackScenario[] = [
  scenario(
    'an older version of a policy becomes the default',
    ['iam:SetDefaultPolicyVersion'],
    {
      users: { ann: { managed: ['own'] } },
      policies: { own: document(allows(['iam:Get*', 'iam:List*', 'iam:SetDefaultPolicyVersion'])) },
    },
    ANN,
  ),
  scenario(
    'a tag lets keys of an administrator be made',
    ['iam:TagUser', 'iam:CreateAccessKey'],
    {
      users: {
        ann: holds(
          allows('iam:TagUser'),
          allows(['iam:CreateAccessKey', 'iam:DeleteAccessKey'], '*', tagged('developer', 'true')),
        ),
        boss: { managed: [ADMINISTRATOR] },
      },
    },
    'user/boss',
  ),
  scenario(
    'another role in an instance profile',
    ['iam:AddRoleToInstanceProfile'],
    account(
      [
        allows([
          PASS,
          'iam:AddRoleToInstanceProfile',
          'iam:RemoveRoleFromInstanceProfile',
          'ec2:AssociateIamInstanceProfile',
          'ec2:RunInstances',
        ]),
      ],
      [ec2],
    ),
  ),
  scenario(
    'a tag stands in the way of changing an instance, and may be taken away',
    ['sts:AssumeRole', 'ec2:ModifyInstanceAttribute'],
    account([allows('ec2:DeleteTags'), allows('sts:AssumeRole', arnOf('role/manager'))], [ec2], {
      roles: {
        manager: {
          trust: trusts(ANN),
          ...holds(
            allows(['ec2:StartInstances', 'ec2:StopInstances', 'ec2:ModifyInstanceAttribute'], '*', {
              StringNotEquals: { 'aws:ResourceTag/Name': 'admin' },
            }),
          ),
        },
      },
    }),
  ),
  scenario(
    'a role that starts functions',
    ['sts:AssumeRole', 'lambda:CreateFunction'],
    account([allows('sts:AssumeRole')], [lambda], {
      roles: { manager: { trust: trusts(ANN), ...holds(allows(['lambda:*', PASS])) } },
    }),
  ),
  scenario(
    'a job of a data service',
    ['glue:CreateJob'],
    account([allows(['glue:CreateJob', 'glue:StartJobRun', PASS])], ['glue.amazonaws.com']),
  ),
  scenario(
    'a task with another role',
    ['ecs:RegisterTaskDefinition'],
    account([allows(['ecs:RegisterTaskDefinition', 'ecs:RunTask', PASS])], ['ecs-tasks.amazonaws.com']),
  ),
  scenario(
    'sessions on instances that carry a tag, and the tag',
    ['ssm:StartSession'],
    account(
      [allows('ec2:CreateTags'), allows('ssm:StartSession', '*', tagged('StartSession', 'true'))],
      [ec2],
    ),
  ),
  scenario(
    'commands on instances by way of two users',
    ['iam:CreateAccessKey', 'ssm:SendCommand'],
    account([allows('iam:CreateAccessKey', arnOf('user/carl'))], [ec2], {
      users: { carl: holds(allows('ssm:SendCommand')) },
    }),
  ),
  scenario('a session on an instance', ['ssm:StartSession'], account([allows('ssm:StartSession')], [ec2])),
  scenario(
    'a role that whoever signs up may have',
    [],
    {
      roles: {
        power: {
          managed: [ADMINISTRATOR],
          trust: lets({ Federated: 'cognito-identity.amazonaws.com' }, 'sts:AssumeRoleWithWebIdentity'),
        },
      },
    },
    POWER,
    'federated:cognito-identity.amazonaws.com',
  ),
  scenario(
    'the function behind an assistant',
    ['lambda:UpdateFunctionCode'],
    account([allows(['bedrock:InvokeAgent', 'lambda:UpdateFunctionCode'])], [lambda]),
  ),
  scenario(
    'an interpreter that has a role',
    ['bedrock-agentcore:InvokeCodeInterpreter'],
    account(
      [allows(['bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'])],
      ['bedrock-agentcore.amazonaws.com'],
    ),
  ),
]
