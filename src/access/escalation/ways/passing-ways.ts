import type { OneOf, Way } from './way.ts'

const passed = (services: string, ...needs: readonly OneOf[]): Way => ({
  id: needs[0]?.[0] ?? '',
  needs,
  reaches: { type: 'passed', services: services.split(' ').map(principalOf) },
  does: '',
})

/** `lambda` for `lambda.amazonaws.com`; others are written out. */
const principalOf = (name: string): string => (/\.com$/.test(name) ? name : `${name}.amazonaws.com`)

const LAMBDA: OneOf = ['lambda:CreateFunction']
/**
 * What has a new function run: nobody calls it otherwise.
 * @see AWS Lambda Developer Guide, "Understanding Lambda function invocation methods"; whoever may call it is let in by AddPermission
 */
const CALLS: OneOf = [
  'lambda:InvokeFunction',
  'lambda:InvokeAsync',
  'lambda:AddPermission',
  'lambda:CreateEventSourceMapping',
  'lambda:UpdateEventSourceMapping',
]
const TASKS: OneOf = ['ecs:RunTask', 'ecs:StartTask', 'ecs:CreateService', 'ecs:UpdateService']

/**
 * Ways to start something with a role that is passed to it, by the services that the role must trust.
 * @see IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; each service's API Reference
 */
export const PASSING_WAYS: readonly Way[] = [
  passed('lambda', LAMBDA, CALLS),
  passed('lambda', LAMBDA, ['lambda:CreateFunctionUrlConfig'], ['lambda:InvokeFunctionUrl']),
  passed('lambda', ['lambda:UpdateFunctionConfiguration']),
  passed('ec2', ['ec2:RunInstances']),
  passed('ec2', ['ec2:RequestSpotInstances']),
  passed('ec2', ['ec2:RequestSpotFleet']),
  passed('ec2', ['ec2:CreateFleet'], ['ec2:CreateLaunchTemplate', 'ec2:CreateLaunchTemplateVersion']),
  passed('ec2', ['ec2:AssociateIamInstanceProfile']),
  passed('ec2', ['ec2:ReplaceIamInstanceProfileAssociation']),
  passed(
    'ec2',
    ['iam:AddRoleToInstanceProfile'],
    ['ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation', 'ec2:RunInstances'],
  ),
  passed(
    'ec2',
    ['autoscaling:CreateLaunchConfiguration'],
    ['autoscaling:CreateAutoScalingGroup', 'autoscaling:UpdateAutoScalingGroup'],
  ),
  passed(
    'ec2',
    ['autoscaling:CreateAutoScalingGroup'],
    ['ec2:CreateLaunchTemplate', 'ec2:CreateLaunchTemplateVersion'],
  ),
  passed('ecs-tasks', ['ecs:RegisterTaskDefinition'], TASKS),
  passed('ecs-tasks', ['ecs:RunTask']),
  passed('ecs-tasks', ['ecs:StartTask']),
  passed('ecs-tasks batch', ['batch:RegisterJobDefinition'], ['batch:SubmitJob']),
  passed('ec2 batch ecs-tasks', ['batch:CreateComputeEnvironment'], ['batch:SubmitJob']),
  passed('tasks.apprunner build.apprunner', ['apprunner:CreateService']),
  passed('tasks.apprunner', ['apprunner:UpdateService']),
  passed(
    'bedrock-agentcore',
    ['bedrock-agentcore:CreateCodeInterpreter'],
    ['bedrock-agentcore:StartCodeInterpreterSession'],
    ['bedrock-agentcore:InvokeCodeInterpreter'],
  ),
  passed('bedrock-agentcore', [
    'bedrock-agentcore:CreateAgentRuntime',
    'bedrock-agentcore:UpdateAgentRuntime',
  ]),
  passed('bedrock', ['bedrock:CreateAgent', 'bedrock:UpdateAgent'], ['bedrock:CreateAgentActionGroup']),
  passed('bedrock', ['bedrock:CreateFlow', 'bedrock:UpdateFlow'], ['bedrock:InvokeFlow']),
  passed('cloudformation', ['cloudformation:CreateStack']),
  passed('cloudformation', ['cloudformation:UpdateStack']),
  passed('cloudformation', ['cloudformation:CreateChangeSet'], ['cloudformation:ExecuteChangeSet']),
  passed('cloudformation', [
    'cloudformation:SetStackPolicy',
    'cloudformation:ContinueUpdateRollback',
    'cloudformation:DeleteStack',
  ]),
  passed('cloudformation', ['cloudformation:CreateStackSet'], ['cloudformation:CreateStackInstances']),
  passed('cloudformation', ['cloudformation:UpdateStackSet']),
  passed('codebuild', ['codebuild:CreateProject'], ['codebuild:StartBuild', 'codebuild:StartBuildBatch']),
  passed('codebuild', ['codebuild:UpdateProject'], ['codebuild:StartBuild', 'codebuild:StartBuildBatch']),
  passed('codepipeline', ['codepipeline:CreatePipeline', 'codepipeline:UpdatePipeline']),
  passed(
    'codedeploy',
    ['codedeploy:CreateDeploymentGroup', 'codedeploy:UpdateDeploymentGroup'],
    ['codedeploy:CreateDeployment'],
  ),
  passed('codestar', ['codestar:CreateProject']),
  passed('cloud9 ec2', ['cloud9:CreateEnvironmentEC2']),
  passed(
    'datapipeline elasticmapreduce ec2',
    ['datapipeline:CreatePipeline'],
    ['datapipeline:PutPipelineDefinition'],
    ['datapipeline:ActivatePipeline'],
  ),
  passed('glue', ['glue:CreateDevEndpoint']),
  passed('glue', ['glue:CreateJob'], ['glue:StartJobRun', 'glue:CreateTrigger', 'glue:StartTrigger']),
  passed('glue', ['glue:UpdateJob'], ['glue:StartJobRun', 'glue:CreateTrigger', 'glue:StartTrigger']),
  passed('glue', ['glue:CreateSession'], ['glue:RunStatement']),
  passed('glue', ['glue:CreateCrawler', 'glue:UpdateCrawler'], ['glue:StartCrawler']),
  passed('sagemaker', ['sagemaker:CreateNotebookInstance']),
  passed('sagemaker', ['sagemaker:CreateTrainingJob']),
  passed('sagemaker', ['sagemaker:CreateProcessingJob']),
  passed('sagemaker', ['sagemaker:CreateTransformJob'], ['sagemaker:CreateModel']),
  passed(
    'sagemaker',
    ['sagemaker:CreateModel'],
    ['sagemaker:CreateEndpoint', 'sagemaker:CreateTransformJob'],
  ),
  passed('sagemaker', ['sagemaker:CreateAutoMLJob', 'sagemaker:CreateAutoMLJobV2']),
  passed('sagemaker', ['sagemaker:CreateHyperParameterTuningJob']),
  passed(
    'sagemaker',
    ['sagemaker:CreatePipeline', 'sagemaker:UpdatePipeline'],
    ['sagemaker:StartPipelineExecution'],
  ),
  passed(
    'sagemaker',
    [
      'sagemaker:CreateDomain',
      'sagemaker:CreateUserProfile',
      'sagemaker:UpdateDomain',
      'sagemaker:UpdateUserProfile',
    ],
    ['sagemaker:CreatePresignedDomainUrl', 'sagemaker:CreateApp'],
  ),
  passed('sagemaker', ['sagemaker:CreateSpace', 'sagemaker:UpdateSpace'], ['sagemaker:CreateApp']),
  passed('ssm', ['ssm:StartAutomationExecution']),
  passed('ssm', ['ssm:CreateAssociation', 'ssm:UpdateAssociation']),
  passed('ssm', ['ssm:RegisterTaskWithMaintenanceWindow', 'ssm:UpdateMaintenanceWindowTask']),
  passed('ssm ec2', ['ssm:CreateActivation']),
  passed('states', ['states:CreateStateMachine'], ['states:StartExecution', 'states:StartSyncExecution']),
  passed('states', ['states:UpdateStateMachine'], ['states:StartExecution', 'states:StartSyncExecution']),
  passed('states', ['states:TestState']),
  passed('scheduler', ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule']),
  passed('events', ['events:PutTargets']),
  passed('pipes', ['pipes:CreatePipe', 'pipes:UpdatePipe']),
  passed('elasticmapreduce ec2', ['elasticmapreduce:RunJobFlow']),
  passed('emr-serverless', ['emr-serverless:StartJobRun']),
  passed('eks ec2 eks-fargate-pods', [
    'eks:CreateNodegroup',
    'eks:CreateFargateProfile',
    'eks:CreateCluster',
  ]),
  passed('pods.eks', ['eks:CreatePodIdentityAssociation', 'eks:UpdatePodIdentityAssociation']),
  passed('elasticbeanstalk ec2', [
    'elasticbeanstalk:CreateEnvironment',
    'elasticbeanstalk:UpdateEnvironment',
  ]),
  passed('opsworks ec2', ['opsworks:CreateStack', 'opsworks:CloneStack'], ['opsworks:CreateInstance']),
  passed(
    'imagebuilder ec2',
    ['imagebuilder:CreateInfrastructureConfiguration', 'imagebuilder:UpdateInfrastructureConfiguration'],
    ['imagebuilder:CreateImage', 'imagebuilder:StartImagePipelineExecution'],
  ),
  passed('amplify', ['amplify:CreateApp', 'amplify:UpdateApp'], ['amplify:StartJob']),
  passed('appsync', ['appsync:CreateDataSource', 'appsync:UpdateDataSource']),
  passed('apigateway', ['apigateway:PUT', 'apigateway:POST']),
  // AWS IoT Core Developer Guide, "Authorizing direct calls to AWS services using AWS IoT Core credential provider".
  passed('credentials.iot.amazonaws.com', ['iot:CreateRoleAlias', 'iot:UpdateRoleAlias']),
  passed('iot', ['iot:CreateTopicRule', 'iot:ReplaceTopicRule']),
  passed('kinesisanalytics', ['kinesisanalytics:CreateApplication'], ['kinesisanalytics:StartApplication']),
  passed('firehose', ['firehose:CreateDeliveryStream', 'firehose:UpdateDestination']),
  passed('dms', ['dms:CreateEndpoint', 'dms:ModifyEndpoint']),
  passed('redshift', ['redshift:ModifyClusterIamRoles', 'redshift:CreateCluster']),
  passed('redshift-serverless redshift', [
    'redshift-serverless:CreateNamespace',
    'redshift-serverless:UpdateNamespace',
  ]),
  passed('rds', ['rds:AddRoleToDBCluster', 'rds:AddRoleToDBInstance']),
  passed('s3', ['s3:PutReplicationConfiguration']),
  passed('batchoperations.s3', ['s3:CreateJob']),
  passed('dataexchange datasync', ['datasync:CreateLocationS3'], ['datasync:StartTaskExecution']),
  passed('transfer', ['transfer:CreateUser', 'transfer:UpdateUser']),
  passed('transfer', ['transfer:CreateAccess', 'transfer:UpdateAccess']),
  passed('config', ['config:PutRemediationConfigurations'], ['config:StartRemediationExecution']),
  passed('fis', ['fis:CreateExperimentTemplate', 'fis:UpdateExperimentTemplate'], ['fis:StartExperiment']),
  passed('gamelift', ['gamelift:CreateFleet', 'gamelift:CreateBuild']),
  passed('robomaker', ['robomaker:CreateSimulationJob']),
  passed('braket', ['braket:CreateJob']),
  passed('airflow airflow-env', ['airflow:CreateEnvironment', 'airflow:UpdateEnvironment']),
  passed('databrew', ['databrew:CreateProfileJob', 'databrew:CreateRecipeJob'], ['databrew:StartJobRun']),
  passed('proton', ['proton:CreateEnvironment', 'proton:UpdateEnvironment']),
  passed('servicecatalog', ['servicecatalog:CreateConstraint'], ['servicecatalog:ProvisionProduct']),
  passed('lightsail', ['lightsail:CreateContainerServiceDeployment']),
  passed('omics', ['omics:StartRun']),
  passed('synthetics lambda', ['synthetics:CreateCanary', 'synthetics:UpdateCanary']),
  passed('comprehend', ['comprehend:CreateDocumentClassifier', 'comprehend:StartDocumentClassificationJob']),
  passed('backup', ['backup:StartRestoreJob']),
  passed('vmie', ['ec2:ImportImage', 'ec2:ImportSnapshot']),
  passed('m2', ['m2:CreateEnvironment']),
  passed(
    'rolesanywhere',
    ['rolesanywhere:CreateProfile', 'rolesanywhere:UpdateProfile'],
    ['rolesanywhere:CreateTrustAnchor', 'rolesanywhere:UpdateTrustAnchor'],
  ),
  {
    id: 'cognito-identity:SetIdentityPoolRoles',
    needs: [['cognito-identity:SetIdentityPoolRoles']],
    reaches: {
      type: 'passed',
      services: ['cognito-identity.amazonaws.com'],
      provider: 'cognito-identity.amazonaws.com',
    },
    does: '',
  },
  {
    id: 'iam:AddRoleToInstanceProfile alone',
    needs: [['iam:AddRoleToInstanceProfile']],
    reaches: { type: 'passed', services: ['ec2.amazonaws.com'] },
    does: '',
    isPotential: true,
  },
]
