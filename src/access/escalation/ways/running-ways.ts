import type { OneOf, Way, WayEnd } from './way.ts'

type Running = Way & { readonly reaches: Extract<WayEnd, { readonly type: 'running' }> }

const running = (services: string, things: string, ...needs: readonly OneOf[]): Running => ({
  id: needs[0]?.[0] ?? '',
  needs,
  reaches: {
    type: 'running',
    services: services.split(' ').flatMap((name) => (name === '' ? [] : [`${name}.amazonaws.com`])),
    things,
  },
  does: '',
})

/** A service hands out the role's own credentials. @see each service's API Reference */
const handedOut = (services: string, things: string, ...needs: readonly OneOf[]): Way => ({
  ...running(services, things, ...needs),
  does: 'takes the credentials of {}',
})

/** A role that trusts a provider may be had by its word as well. */
const orByProvider = (provider: string, way: Running): Way => ({
  ...way,
  reaches: { ...way.reaches, provider },
})

/** The service takes a role of that name where none is passed. @see CloudFormation User Guide, "Grant self-managed permissions" */
const ofRole = (role: string, way: Running): Way => ({ ...way, reaches: { ...way.reaches, role } })

/** Ways to act through something that has a role already: what there is of it isn't known here. */
export const RUNNING_WAYS: readonly Way[] = [
  running('lambda', 'a function', ['lambda:UpdateFunctionCode']),
  // By its environment (NODE_OPTIONS, AWS_LAMBDA_EXEC_WRAPPER), or a layer of whatever account.
  running('lambda', 'a function', ['lambda:UpdateFunctionConfiguration']),
  running('ec2', 'an instance', ['ssm:StartSession']),
  running('ec2', 'an instance', ['ssm:SendCommand']),
  running('ec2', 'an instance', ['ssm:CreateAssociation']),
  running('ec2', 'an instance', ['ssm:UpdateAssociation']),
  // CodeDeploy User Guide, "AppSpec 'hooks' section": scripts of a revision run as root.
  running('ec2', 'an instance', ['codedeploy:CreateDeployment'], ['codedeploy:RegisterApplicationRevision']),
  running('ec2', 'an instance', ['ec2-instance-connect:SendSSHPublicKey']),
  running('ec2', 'an instance', ['ec2-instance-connect:SendSerialConsoleSSHPublicKey']),
  running(
    'ec2',
    'an instance',
    ['ec2:ModifyInstanceAttribute'],
    ['ec2:StopInstances'],
    ['ec2:StartInstances'],
  ),
  running('ec2', 'an instance', ['ec2:CreateReplaceRootVolumeTask']),
  running('ec2', 'a launch template', ['ec2:CreateLaunchTemplateVersion'], ['ec2:ModifyLaunchTemplate']),
  running('ssm', 'an automation', ['ssm:StartAutomationExecution']),
  running('ecs-tasks', 'a task', ['ecs:ExecuteCommand']),
  running('tasks.apprunner', 'a service', ['apprunner:UpdateService']),
  running(
    'bedrock-agentcore',
    'a code interpreter',
    ['bedrock-agentcore:StartCodeInterpreterSession'],
    ['bedrock-agentcore:InvokeCodeInterpreter'],
  ),
  running('cloudformation', 'a stack', ['cloudformation:UpdateStack']),
  running(
    'cloudformation',
    'a stack',
    ['cloudformation:CreateChangeSet'],
    ['cloudformation:ExecuteChangeSet'],
  ),
  running('cloudformation', 'a stack set', ['cloudformation:UpdateStackSet']),
  ofRole(
    'AWSCloudFormationStackSetAdministrationRole',
    running(
      'cloudformation',
      'a stack set',
      ['cloudformation:CreateStackSet'],
      ['cloudformation:CreateStackInstances'],
    ),
  ),
  running('codebuild', 'a project', ['codebuild:StartBuild']),
  running('codebuild', 'a project', ['codebuild:StartBuildBatch']),
  running('codebuild', 'a project', ['codebuild:UpdateProject']),
  running(
    'codebuild',
    'a project',
    ['codebuild:StartSandbox'],
    ['codebuild:StartSandboxConnection', 'codebuild:StartCommandExecution'],
  ),
  running('glue', 'a development endpoint', ['glue:UpdateDevEndpoint']),
  running(
    'glue',
    'a job',
    ['glue:UpdateJob'],
    ['glue:StartJobRun', 'glue:CreateTrigger', 'glue:StartTrigger'],
  ),
  running('glue', 'a session', ['glue:RunStatement']),
  running('sagemaker', 'a notebook', ['sagemaker:CreatePresignedNotebookInstanceUrl']),
  running('sagemaker', 'a domain', ['sagemaker:CreatePresignedDomainUrl']),
  running('sagemaker', 'a space', ['sagemaker:StartSession']),
  running(
    'sagemaker',
    'a notebook',
    ['sagemaker:CreateNotebookInstanceLifecycleConfig', 'sagemaker:UpdateNotebookInstanceLifecycleConfig'],
    ['sagemaker:StopNotebookInstance'],
    ['sagemaker:UpdateNotebookInstance'],
    ['sagemaker:StartNotebookInstance'],
  ),
  running('states', 'a state machine', ['states:UpdateStateMachine']),
  running('ec2 elasticmapreduce', 'a cluster', ['elasticmapreduce:AddJobFlowSteps']),
  running('ecs-tasks', 'a job', ['batch:SubmitJob']),
  running('codepipeline', 'a pipeline', ['codepipeline:UpdatePipeline']),
  running('cloud9 ec2', 'an environment', [
    'cloud9:CreateEnvironmentMembership',
    'cloud9:UpdateEnvironmentMembership',
  ]),
  running(
    'datapipeline elasticmapreduce ec2',
    'a pipeline',
    ['datapipeline:PutPipelineDefinition'],
    ['datapipeline:ActivatePipeline'],
  ),
  // Amazon EKS User Guide, "IAM roles for service accounts": a cluster's administrator runs pods as any service account.
  orByProvider('oidc.eks.*', running('pods.eks', 'a pod', ['eks:AssociateAccessPolicy'])),
  running('athena', 'a workgroup', ['athena:StartSession'], ['athena:StartCalculationExecution']),
  running('kinesisanalytics', 'an application', ['kinesisanalytics:UpdateApplication']),
  running('amplify', 'an app', ['amplify:UpdateApp'], ['amplify:StartJob']),
  running('appstream', 'an image builder', ['appstream:CreateImageBuilderStreamingURL']),
  running('gamelift', 'a fleet', ['gamelift:GetComputeAccess', 'gamelift:GetInstanceAccess']),
  running('ec2 elasticmapreduce', 'a cluster', ['elasticmapreduce:GetClusterSessionCredentials']),
  handedOut('credentials.deadline', 'a queue', ['deadline:AssumeQueueRoleForUser']),
  handedOut('credentials.deadline', 'a fleet', ['deadline:AssumeFleetRoleForWorker']),
  handedOut('datazone', 'an environment', ['datazone:GetEnvironmentCredentials']),
  // Amazon Cognito API Reference, GetOpenIdTokenForDeveloperIdentity: a token of the pool for whichever identity is asked for.
  {
    ...orByProvider(
      'cognito-identity.amazonaws.com',
      running('', 'an identity pool', ['cognito-identity:GetOpenIdTokenForDeveloperIdentity']),
    ),
    does: 'takes a token for {}',
  },
  running('rolesanywhere', 'a profile', [
    'rolesanywhere:CreateTrustAnchor',
    'rolesanywhere:UpdateTrustAnchor',
  ]),
  running(
    'elasticbeanstalk ec2',
    'an environment',
    ['elasticbeanstalk:UpdateEnvironment'],
    ['elasticbeanstalk:CreateApplicationVersion'],
  ),
]
