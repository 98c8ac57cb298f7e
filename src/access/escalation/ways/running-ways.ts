import type { OneOf, Way, WayEnd } from './way.ts'

type Running = Way & { readonly reaches: Extract<WayEnd, { readonly type: 'running' }> }

const running = (services: string, things: string, ...needs: readonly OneOf[]): Running => ({
  id: needs[0]?.[0] ?? '',
  needs,
  reaches: {
    type: 'running',
    services: services.split(' ').map((name) => `${name}.amazonaws.com`),
    things,
  },
  does: '',
})

/** The service's own answer is a role's credentials, or what they are exchanged for. */
const handsOut = (services: string, from: string, ...needs: readonly OneOf[]): Running => ({
  ...running(services, from, ...needs),
  does: `takes the credentials of {} from ${from} (${needs[0]?.[0]})`,
})

const ofHosts = (hosts: RegExp, way: Running): Running => ({ ...way, reaches: { ...way.reaches, hosts } })

/** The service takes a role of that name where none is passed. @see CloudFormation User Guide, "Grant self-managed permissions" */
const ofRole = (role: string, way: Running): Way => ({ ...way, reaches: { ...way.reaches, role } })

/** What is asked for first is about something else: a group of deployments, a configuration. */
const beside = (way: Running): Way => ({ ...way, reaches: { ...way.reaches, isBeside: true } })

/** AWS calls it reading. */
const ofReaders = (way: Running): Way => ({ ...way, reaches: { ...way.reaches, onlyKnown: true } })

/** Ways to act through something that has a role already: what there is of it isn't known here. */
export const RUNNING_WAYS: readonly Way[] = [
  running('lambda', 'a function', ['lambda:UpdateFunctionCode']),
  running(
    'lambda',
    'a function',
    ['lambda:UpdateFunctionConfiguration'],
    ['lambda:PublishLayerVersion', 'lambda:GetLayerVersion'],
  ),
  running('ec2', 'an instance', ['ssm:StartSession']),
  running('ec2', 'an instance', ['ssm:SendCommand']),
  running('ec2', 'an instance', ['ssm:CreateAssociation', 'ssm:UpdateAssociation']),
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
  // AWS CodeDeploy API Reference, CreateDeployment: a revision that isn't registered takes both.
  beside(
    running(
      'ec2',
      'an instance',
      ['codedeploy:CreateDeployment'],
      ['codedeploy:RegisterApplicationRevision'],
    ),
  ),
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
    'a sandbox',
    ['codebuild:StartSandbox'],
    ['codebuild:StartSandboxConnection', 'codebuild:StartCommandExecution'],
  ),
  running('athena', 'a session', ['athena:StartSession'], ['athena:StartCalculationExecution']),
  running('kinesisanalytics', 'an application', ['kinesisanalytics:UpdateApplication']),
  running('amplify', 'an app', ['amplify:UpdateApp'], ['amplify:StartJob']),
  running('appstream', 'an image builder', ['appstream:CreateImageBuilderStreamingURL']),
  ofReaders(running('gamelift', 'a fleet', ['gamelift:GetComputeAccess', 'gamelift:GetInstanceAccess'])),
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
  beside(
    running(
      'sagemaker',
      'a notebook',
      ['sagemaker:CreateNotebookInstanceLifecycleConfig', 'sagemaker:UpdateNotebookInstanceLifecycleConfig'],
      ['sagemaker:StopNotebookInstance'],
      ['sagemaker:UpdateNotebookInstance'],
      ['sagemaker:StartNotebookInstance'],
    ),
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
  // Whoever administers a cluster starts pods as any of its service accounts. An entry of one's own is a state.
  ofHosts(/^oidc\.eks\./, running('pods.eks', 'a pod', ['eks:AssociateAccessPolicy'])),
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
  handsOut('credentials.deadline', 'a queue', [
    'deadline:AssumeQueueRoleForUser',
    'deadline:AssumeQueueRoleForRead',
    'deadline:AssumeQueueRoleForWorker',
  ]),
  handsOut('credentials.deadline', 'a fleet', [
    'deadline:AssumeFleetRoleForWorker',
    'deadline:AssumeFleetRoleForRead',
  ]),
  ofReaders(handsOut('datazone', 'an environment', ['datazone:GetEnvironmentCredentials'])),
  // The token is exchanged by calls that nobody signs. @see Amazon Cognito Developer Guide, "Developer-authenticated identities"
  ofReaders(
    ofHosts(
      /^cognito-identity\.amazonaws\.com$/,
      handsOut('cognito-identity', 'an identity pool', [
        'cognito-identity:GetOpenIdTokenForDeveloperIdentity',
      ]),
    ),
  ),
]
