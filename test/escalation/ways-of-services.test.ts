import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../../src/model/index.ts'
import { controlPolicy, FULL_ACCESS, nodeOf } from '../evaluator/estate-world.ts'
import { askForTests, told } from './ask.ts'
import {
  ADMINISTRATOR,
  allows,
  arnOf,
  document,
  ELSEWHERE,
  HOME,
  lets,
  type Parts,
  stateOf,
  trusts,
} from './estates.ts'

const asked = askForTests()
const account = (trust: PolicyDocument, actions: readonly string[]): Parts => ({
  users: { ann: { policy: document(allows(actions)) } },
  roles: { power: { managed: [ADMINISTRATOR], trust } },
})
/** What `user/ann` comes to by some actions, where one role trusts a service. */
const found = (service: string, actions: readonly string[]) =>
  asked().existing(account(trusts(`${service}.amazonaws.com`), actions), 'user/ann')

// Each service's API Reference: what returns a role's credentials, and what runs as the role of something that is there
describe('a role that something has already is had', () => {
  it.each([
    ['lambda', 'lambda:UpdateFunctionConfiguration'],
    ['codebuild', 'codebuild:StartSandbox codebuild:StartSandboxConnection'],
    ['codebuild', 'codebuild:StartSandbox codebuild:StartCommandExecution'],
    ['ec2', 'codedeploy:CreateDeployment codedeploy:RegisterApplicationRevision'],
    ['ec2', 'ssm:UpdateAssociation'],
    ['athena', 'athena:StartSession athena:StartCalculationExecution'],
    ['kinesisanalytics', 'kinesisanalytics:UpdateApplication'],
    ['amplify', 'amplify:UpdateApp amplify:StartJob'],
    ['appstream', 'appstream:CreateImageBuilderStreamingURL'],
    ['gamelift', 'gamelift:GetComputeAccess'],
    ['gamelift', 'gamelift:GetInstanceAccess'],
    ['elasticmapreduce', 'elasticmapreduce:GetClusterSessionCredentials'],
    ['credentials.deadline', 'deadline:AssumeQueueRoleForUser'],
    ['credentials.deadline', 'deadline:AssumeFleetRoleForWorker'],
    ['datazone', 'datazone:GetEnvironmentCredentials'],
    ['pods.eks', 'eks:AssociateAccessPolicy'],
  ])('of %s: %s', (service, actions) => {
    const held = actions.split(' ')
    expect(found(service, held).map(({ targets }) => targets)).toEqual([[arnOf('role/power')]])
    // Only who trusts the service, and only by all that it takes.
    expect(told(found('textract', held))).toEqual([])
    if (held.length > 1) for (const one of held) expect(told(found(service, [one]))).toEqual([])
  })
  it('is said to be handed out where it is', () => {
    expect(found('datazone', ['datazone:GetEnvironmentCredentials']).map(({ why }) => why)).toEqual([
      'may become administrator: takes the credentials of role/power from an environment (datazone:GetEnvironmentCredentials)',
    ])
  })
})

describe('a role that is passed is had', () => {
  it.each([
    ['athena', 'athena:CreateWorkGroup athena:StartSession athena:StartCalculationExecution'],
    ['sagemaker', 'sagemaker:CreateCluster'],
    ['ecs-tasks', 'ecs:CreateExpressGatewayService'],
    ['ec2', 'pcs:CreateComputeNodeGroup'],
    ['appstream', 'appstream:CreateImageBuilder'],
    ['appstream', 'appstream:CreateFleet'],
    ['gamelift', 'gamelift:CreateContainerFleet'],
    ['airflow-serverless', 'airflow-serverless:CreateWorkflow'],
    ['chatbot', 'chatbot:CreateSlackChannelConfiguration'],
  ])('by %s: %s', (service, actions) => {
    const held = actions.split(' ')
    const passing = found(service, ['iam:PassRole', ...held])
    expect(passing.map(({ targets, rule }) => [targets, rule])).toEqual([
      [[arnOf('role/power')], 'pass-role'],
    ])
    expect(passing[0]?.path[0]?.does).toContain('passes role/power to')
    expect(told(found('textract', ['iam:PassRole', ...held]))).toEqual([])
  })
  it('by a queue whose credentials are handed out', () => {
    const held = ['iam:PassRole', 'deadline:CreateQueue', 'deadline:AssumeQueueRoleForUser']
    expect(found('credentials.deadline', held).map(({ targets }) => targets)).toEqual([[arnOf('role/power')]])
    expect(told(found('credentials.deadline', held.slice(0, 2)))).toEqual([])
  })
})

// Amazon EKS User Guide, "IAM roles for service accounts"; Amazon Cognito API Reference, GetOpenIdTokenForDeveloperIdentity
describe('a role that trusts a provider is had by who speaks for it', () => {
  const CLUSTER = 'oidc.eks.us-east-1.amazonaws.com/id/ABCDEF0123456789ABCDEF0123456789'
  const cluster = lets({ Federated: arnOf(`oidc-provider/${CLUSTER}`) }, 'sts:AssumeRoleWithWebIdentity', {
    StringEquals: { [`${CLUSTER}:sub`]: 'system:serviceaccount:ns:sa' },
  })
  const pool = lets({ Federated: 'cognito-identity.amazonaws.com' }, 'sts:AssumeRoleWithWebIdentity', {
    StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-1:11111111-2222-3333-4444-555555555555' },
  })
  const targets = (trust: PolicyDocument, ...actions: readonly string[]) =>
    asked()
      .existing(account(trust, actions), 'user/ann')
      .map((each) => each.targets)
  it('that of a cluster, by its administrator', () => {
    expect(targets(cluster, 'eks:CreateAccessEntry', 'eks:AssociateAccessPolicy')).toEqual([
      [arnOf('role/power')],
    ])
    expect(targets(cluster, 'eks:AssociateAccessPolicy')).toEqual([[arnOf('role/power')]])
    expect(targets(cluster, 'eks:CreateAccessEntry')).toEqual([])
    expect(targets(pool, 'eks:AssociateAccessPolicy')).toEqual([])
  })
  it('that of a pool, by tokens for any identity', () => {
    expect(targets(pool, 'cognito-identity:GetOpenIdTokenForDeveloperIdentity')).toEqual([
      [arnOf('role/power')],
    ])
    expect(targets(cluster, 'cognito-identity:GetOpenIdTokenForDeveloperIdentity')).toEqual([])
  })
})

describe('what an organization forbids may be taken away', () => {
  const policies = (names: readonly string[]) =>
    names.map((name) => (name === 'FullAWSAccess' ? FULL_ACCESS : controlPolicy(name, allows('s3:*'))))
  const of = (levels: readonly (readonly string[])[], action: string) => {
    const [root = [], member = []] = levels
    const accounts = [nodeOf('account', ELSEWHERE, { serviceControlPolicies: policies(member) })]
    return told(
      asked().ofEstate({
        accounts: [stateOf({ users: { ann: { policy: document(allows(action)) } } })],
        organization: {
          id: 'o-a1b2c3d4e5',
          managementAccount: HOME,
          root: nodeOf('root', 'r-ab12', { serviceControlPolicies: policies(root), children: accounts }),
        },
        resources: new Map(),
      }),
    )
  }
  it.each([
    [
      'out of the organization',
      [['FullAWSAccess'], ['FullAWSAccess']],
      'organizations:RemoveAccountFromOrganization',
      1,
    ],
    [
      'by a policy more, where a level allows some only',
      [['FullAWSAccess'], ['some']],
      'organizations:AttachPolicy',
      1,
    ],
    [
      'not where each allows everything',
      [['FullAWSAccess'], ['FullAWSAccess', 'some']],
      'organizations:AttachPolicy',
      0,
    ],
  ] as const)('%s', (_, levels, action, count) => {
    expect(of(levels, action)).toHaveLength(count)
  })
})

it.each(['sso-directory:AddMemberToGroup', 'sso-directory:UpdatePassword'])(
  'the directory of IAM Identity Center is changed by %s',
  (action) => {
    const found = asked().existing({ users: { ann: { policy: document(allows(action)) } } }, 'user/ann')
    expect(found.map((each) => each.class)).toEqual(['administrator'])
  },
)
