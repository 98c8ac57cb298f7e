import { describe, expect, it } from 'vitest'
import type { OrganizationPolicy, PolicyDocument } from '../../src/model/index.ts'
import { controlPolicy, FULL_ACCESS, nodeOf } from '../evaluator/estate-world.ts'
import { askForTests } from './ask.ts'
import {
  ADMINISTRATOR,
  allows,
  arnOf,
  document,
  estateOf,
  HOME,
  lets,
  type Parts,
  trusts,
} from './estates.ts'

const asked = askForTests()

const account = (trust: PolicyDocument, actions: readonly string[]): Parts => ({
  users: { ann: { policy: document(allows(actions)) } },
  roles: { strong: { managed: [ADMINISTRATOR], trust } },
})
/** By which first action `user/ann` comes to the role. */
const reached = (trust: PolicyDocument, actions: readonly string[]) =>
  asked()
    .existing(account(trust, actions), 'user/ann')
    .filter(({ targets }) => targets.includes(arnOf('role/strong')))
    .map(({ path }) => path[0]?.does)

/** Services that a role trusts, actions that are needed, what is said. */
const HELD: readonly (readonly [string, readonly string[], string])[] = [
  [
    'credentials.deadline',
    ['deadline:AssumeQueueRoleForUser'],
    'takes the credentials of role/strong from a queue (deadline:AssumeQueueRoleForUser)',
  ],
  [
    'credentials.deadline',
    ['deadline:AssumeFleetRoleForWorker'],
    'takes the credentials of role/strong from a fleet (deadline:AssumeFleetRoleForWorker)',
  ],
  [
    'datazone',
    ['datazone:GetEnvironmentCredentials'],
    'takes the credentials of role/strong from an environment (datazone:GetEnvironmentCredentials)',
  ],
  [
    'gamelift',
    ['gamelift:GetComputeAccess'],
    'runs code in a fleet that has role/strong (gamelift:GetComputeAccess)',
  ],
  [
    'codebuild',
    ['codebuild:StartSandbox', 'codebuild:StartCommandExecution'],
    'runs code in a sandbox that has role/strong (codebuild:StartSandbox)',
  ],
  [
    'ec2',
    ['codedeploy:CreateDeployment', 'codedeploy:RegisterApplicationRevision'],
    'runs code in an instance that has role/strong (codedeploy:CreateDeployment)',
  ],
  ['ec2', ['ssm:UpdateAssociation'], 'runs code in an instance that has role/strong (ssm:CreateAssociation)'],
  [
    'athena',
    ['athena:StartSession', 'athena:StartCalculationExecution'],
    'runs code in a session that has role/strong (athena:StartSession)',
  ],
  [
    'kinesisanalytics',
    ['kinesisanalytics:UpdateApplication'],
    'runs code in an application that has role/strong (kinesisanalytics:UpdateApplication)',
  ],
  [
    'amplify',
    ['amplify:UpdateApp', 'amplify:StartJob'],
    'runs code in an app that has role/strong (amplify:UpdateApp)',
  ],
  [
    'appstream',
    ['appstream:CreateImageBuilderStreamingURL'],
    'runs code in an image builder that has role/strong (appstream:CreateImageBuilderStreamingURL)',
  ],
  [
    'pods.eks',
    ['eks:AssociateAccessPolicy'],
    'runs code in a pod that has role/strong (eks:AssociateAccessPolicy)',
  ],
]

/** The same, with `iam:PassRole` besides. */
const PASSED: readonly (readonly [string, readonly string[]])[] = [
  ['athena', ['athena:CreateWorkGroup', 'athena:StartSession', 'athena:StartCalculationExecution']],
  ['sagemaker', ['sagemaker:CreateCluster']],
  ['ecs-tasks', ['ecs:CreateExpressGatewayService']],
  ['ec2', ['pcs:CreateComputeNodeGroup']],
  ['appstream', ['appstream:CreateImageBuilder', 'appstream:CreateImageBuilderStreamingURL']],
  ['appstream', ['appstream:CreateFleet', 'appstream:CreateStreamingURL']],
  ['credentials.deadline', ['deadline:CreateQueue', 'deadline:AssumeQueueRoleForUser']],
  ['gamelift', ['gamelift:CreateContainerFleet']],
  ['airflow-serverless', ['airflow-serverless:CreateWorkflow', 'airflow-serverless:StartWorkflowRun']],
  ['chatbot', ['chatbot:CreateSlackChannelConfiguration']],
]

// Each service's API Reference: what the call answers, or what it has the service run
describe('what has a role already', () => {
  it.each(HELD)('of %s is reached by %j', (service, actions, does) => {
    expect(reached(trusts(`${service}.amazonaws.com`), actions)).toEqual([does])
    expect(reached(trusts('codepipeline.amazonaws.com'), actions)).toEqual([])
    for (const missing of actions.length > 1 ? actions : [])
      expect(reached(trusts(`${service}.amazonaws.com`), [missing])).toEqual([])
  })
})

describe('what is started with a role', () => {
  it.each(PASSED)('of %s is reached by %j', (service, actions) => {
    const trust = trusts(`${service}.amazonaws.com`)
    expect(reached(trust, [...actions, 'iam:PassRole'])).toContain(
      `passes role/strong to ${service} (${actions[0]})`,
    )
    expect(reached(trusts('codepipeline.amazonaws.com'), [...actions, 'iam:PassRole'])).toEqual([])
    for (const missing of [...actions, 'iam:PassRole']) {
      const others = [...actions, 'iam:PassRole'].filter((action) => action !== missing)
      expect(reached(trust, others).filter((does) => does?.startsWith('passes'))).toEqual([])
    }
  })
})

/** A role that trusts somebody of a provider. */
const ofProvider = (host: string, subject: string): PolicyDocument =>
  lets({ Federated: arnOf(`oidc-provider/${host}`) }, 'sts:AssumeRoleWithWebIdentity', {
    StringEquals: { [`${host}:sub`]: subject },
  })

// Amazon EKS User Guide, "IAM roles for service accounts": pods sign in by the cluster's own provider
describe('roles that trust the provider of a cluster', () => {
  const cluster = ofProvider('oidc.eks.us-east-1.amazonaws.com/id/ABC', 'system:serviceaccount:ns:sa')
  it('are reached by whoever administers clusters', () => {
    expect(reached(cluster, ['eks:AssociateAccessPolicy'])).toEqual([
      'runs code in a pod that has role/strong (eks:AssociateAccessPolicy)',
    ])
  })
  it('are out of reach by other providers', () => {
    expect(reached(ofProvider('example.com/id/ABC', 'x'), ['eks:AssociateAccessPolicy'])).toEqual([])
  })
})

// Amazon Cognito API Reference, GetOpenIdTokenForDeveloperIdentity: a token of anybody, which roles are had for
it('roles that trust an identity pool are reached by whoever is handed its tokens', () => {
  const pool = lets({ Federated: 'cognito-identity.amazonaws.com' }, 'sts:AssumeRoleWithWebIdentity', {
    StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-1:12345678-1234-1234-1234-123456789012' },
  })
  expect(reached(pool, ['cognito-identity:GetOpenIdTokenForDeveloperIdentity'])).toEqual([
    'takes the credentials of role/strong from an identity pool (cognito-identity:GetOpenIdTokenForDeveloperIdentity)',
  ])
})

describe('the organization and its directory', () => {
  const ways = (actions: readonly string[]) =>
    asked()
      .existing({ users: { ann: { policy: document(allows(actions)) } } }, 'user/ann')
      .map(({ path }) => path[0]?.does)

  it.each([
    ['sso-directory:AddMemberToGroup', 'joins any group of IAM Identity Center'],
    ['sso-directory:UpdatePassword', 'takes a user of IAM Identity Center by a new password'],
    ['organizations:RemoveAccountFromOrganization', 'takes accounts out of the organization'],
  ])('%s', (action, does) => {
    expect(ways([action])).toEqual([does])
  })

  it('a control policy that is attached allows more where a level lists what it allows', () => {
    const under = (serviceControlPolicies: readonly OrganizationPolicy[]) => {
      const parts = { users: { ann: { policy: document(allows('organizations:AttachPolicy')) } } }
      const child = nodeOf('account', '444455556666', { serviceControlPolicies })
      const organization = {
        id: 'o-abcdefghij',
        managementAccount: HOME,
        root: nodeOf('root', 'r-ab12', { children: [child] }),
      }
      return asked()
        .ofEstate({ ...estateOf(parts), organization })
        .map(({ path }) => path[0]?.does)
    }
    const list = controlPolicy('Listed', allows('s3:*'))
    expect(under([list])).toEqual(['attaches control policies that allow more'])
    expect(under([FULL_ACCESS, list])).toEqual([])
  })
})
