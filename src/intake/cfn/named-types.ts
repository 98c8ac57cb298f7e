/** A type of resource whose name and ARN follow from the template. */
interface NamedType {
  /** The property that is its name; null: AWS makes up an id. */
  readonly name: string | null
  /** What stands after the partition: `{region}`, `{account}` and `{name}` are filled in. */
  readonly arn: string
  /** What `Ref` gives. */
  readonly ref: 'name' | 'arn' | 'url'
  /** Attributes of `Fn::GetAtt` that are its ARN. */
  readonly arns: readonly string[]
  /** Attributes of `Fn::GetAtt` that are its name, or its id. */
  readonly names?: readonly string[]
  /** The property that is its own policy. */
  readonly policy?: string
}

const ARN = ['Arn'] as const

/**
 * By type, of what people name in policies.
 * @see AWS CloudFormation Template Reference, "Return values" of each type; Service Authorization Reference, "Resource types"
 */
const TYPES: Readonly<Record<string, NamedType>> = {
  'AWS::ACMPCA::CertificateAuthority': {
    name: null,
    arn: 'acm-pca:{region}:{account}:certificate-authority/{name}',
    ref: 'arn',
    arns: ARN,
  },
  'AWS::ApiGateway::RestApi': {
    name: null,
    arn: 'execute-api:{region}:{account}:{name}',
    ref: 'name',
    arns: [],
    names: ['RestApiId'],
    policy: 'Policy',
  },
  'AWS::Backup::BackupVault': {
    name: 'BackupVaultName',
    arn: 'backup:{region}:{account}:backup-vault:{name}',
    ref: 'name',
    arns: ['BackupVaultArn'],
    names: ['BackupVaultName'],
    policy: 'AccessPolicy',
  },
  'AWS::CodeArtifact::Domain': {
    name: 'DomainName',
    arn: 'codeartifact:{region}:{account}:domain/{name}',
    ref: 'arn',
    arns: ARN,
    names: ['Name'],
    policy: 'PermissionsPolicyDocument',
  },
  'AWS::CodeBuild::Project': {
    name: 'Name',
    arn: 'codebuild:{region}:{account}:project/{name}',
    ref: 'name',
    arns: ARN,
  },
  'AWS::Cognito::UserPool': {
    name: null,
    arn: 'cognito-idp:{region}:{account}:userpool/{name}',
    ref: 'name',
    arns: ARN,
    names: ['UserPoolId'],
  },
  'AWS::DynamoDB::GlobalTable': {
    name: 'TableName',
    arn: 'dynamodb:{region}:{account}:table/{name}',
    ref: 'name',
    arns: ARN,
  },
  'AWS::DynamoDB::Table': {
    name: 'TableName',
    arn: 'dynamodb:{region}:{account}:table/{name}',
    ref: 'name',
    arns: ARN,
    policy: 'ResourcePolicy.PolicyDocument',
  },
  'AWS::ECR::PublicRepository': {
    name: 'RepositoryName',
    arn: 'ecr-public::{account}:repository/{name}',
    ref: 'name',
    arns: ARN,
    policy: 'RepositoryPolicyText',
  },
  'AWS::ECR::Repository': {
    name: 'RepositoryName',
    arn: 'ecr:{region}:{account}:repository/{name}',
    ref: 'name',
    arns: ARN,
    policy: 'RepositoryPolicyText',
  },
  'AWS::ECS::Cluster': {
    name: 'ClusterName',
    arn: 'ecs:{region}:{account}:cluster/{name}',
    ref: 'name',
    arns: ARN,
  },
  'AWS::EFS::FileSystem': {
    name: null,
    arn: 'elasticfilesystem:{region}:{account}:file-system/{name}',
    ref: 'name',
    arns: ARN,
    names: ['FileSystemId'],
    policy: 'FileSystemPolicy',
  },
  'AWS::Elasticsearch::Domain': {
    name: 'DomainName',
    arn: 'es:{region}:{account}:domain/{name}',
    ref: 'name',
    arns: ['Arn', 'DomainArn'],
    policy: 'AccessPolicies',
  },
  'AWS::Events::EventBus': {
    name: 'Name',
    arn: 'events:{region}:{account}:event-bus/{name}',
    ref: 'name',
    arns: ARN,
    names: ['Name'],
    policy: 'Policy',
  },
  'AWS::Events::Rule': { name: 'Name', arn: 'events:{region}:{account}:rule/{name}', ref: 'name', arns: ARN },
  'AWS::KMS::Key': {
    name: null,
    arn: 'kms:{region}:{account}:key/{name}',
    ref: 'name',
    arns: ARN,
    names: ['KeyId'],
    policy: 'KeyPolicy',
  },
  'AWS::KMS::ReplicaKey': {
    name: null,
    arn: 'kms:{region}:{account}:key/{name}',
    ref: 'name',
    arns: ARN,
    names: ['KeyId'],
    policy: 'KeyPolicy',
  },
  'AWS::Kinesis::Stream': {
    name: 'Name',
    arn: 'kinesis:{region}:{account}:stream/{name}',
    ref: 'name',
    arns: ARN,
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    name: 'DeliveryStreamName',
    arn: 'firehose:{region}:{account}:deliverystream/{name}',
    ref: 'name',
    arns: ARN,
  },
  'AWS::Lambda::Function': {
    name: 'FunctionName',
    arn: 'lambda:{region}:{account}:function:{name}',
    ref: 'name',
    arns: ARN,
  },
  'AWS::Logs::Destination': {
    name: 'DestinationName',
    arn: 'logs:{region}:{account}:destination:{name}',
    ref: 'name',
    arns: ARN,
    policy: 'DestinationPolicy',
  },
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',
    arn: 'logs:{region}:{account}:log-group:{name}:*',
    ref: 'name',
    arns: ARN,
  },
  'AWS::MSK::Cluster': {
    name: null,
    arn: 'kafka:{region}:{account}:cluster/{name}',
    ref: 'arn',
    arns: ARN,
  },
  'AWS::MediaStore::Container': {
    name: 'ContainerName',
    arn: 'mediastore:{region}:{account}:container/{name}',
    ref: 'arn',
    arns: [],
    policy: 'Policy',
  },
  'AWS::OpenSearchService::Domain': {
    name: 'DomainName',
    arn: 'es:{region}:{account}:domain/{name}',
    ref: 'name',
    arns: ['Arn', 'DomainArn'],
    policy: 'AccessPolicies',
  },
  'AWS::S3::AccessPoint': {
    name: 'Name',
    arn: 's3:{region}:{account}:accesspoint/{name}',
    ref: 'name',
    arns: ARN,
    names: ['Name'],
    policy: 'Policy',
  },
  'AWS::S3::Bucket': { name: 'BucketName', arn: 's3:::{name}', ref: 'name', arns: ARN },
  'AWS::S3Express::DirectoryBucket': {
    name: 'BucketName',
    arn: 's3express:{region}:{account}:bucket/{name}',
    ref: 'name',
    arns: ARN,
  },
  'AWS::S3Tables::TableBucket': {
    name: 'TableBucketName',
    arn: 's3tables:{region}:{account}:bucket/{name}',
    ref: 'arn',
    arns: ['TableBucketARN'],
  },
  'AWS::SES::EmailIdentity': {
    name: 'EmailIdentity',
    arn: 'ses:{region}:{account}:identity/{name}',
    ref: 'name',
    arns: [],
  },
  'AWS::SNS::Topic': {
    name: 'TopicName',
    arn: 'sns:{region}:{account}:{name}',
    ref: 'arn',
    arns: ['TopicArn'],
    names: ['TopicName'],
  },
  'AWS::SQS::Queue': {
    name: 'QueueName',
    arn: 'sqs:{region}:{account}:{name}',
    ref: 'url',
    arns: ARN,
    names: ['QueueName'],
  },
  // Six characters that AWS makes up follow the name.
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    arn: 'secretsmanager:{region}:{account}:secret:{name}-000000',
    ref: 'arn',
    arns: ['Id'],
  },
  'AWS::Serverless::Function': {
    name: 'FunctionName',
    arn: 'lambda:{region}:{account}:function:{name}',
    ref: 'name',
    arns: ARN,
  },
  'AWS::Serverless::SimpleTable': {
    name: 'TableName',
    arn: 'dynamodb:{region}:{account}:table/{name}',
    ref: 'name',
    arns: ARN,
  },
  'AWS::Serverless::StateMachine': {
    name: 'Name',
    arn: 'states:{region}:{account}:stateMachine:{name}',
    ref: 'arn',
    arns: ARN,
    names: ['Name'],
  },
  // `Ref` is that of its instance besides; nothing but assignments names one.
  'AWS::SSO::PermissionSet': {
    name: null,
    arn: 'sso:::permissionSet/{name}',
    ref: 'arn',
    arns: ['PermissionSetArn'],
  },
  'AWS::SSM::Parameter': {
    name: 'Name',
    arn: 'ssm:{region}:{account}:parameter/{name}',
    ref: 'name',
    arns: [],
  },
  'AWS::StepFunctions::StateMachine': {
    name: 'StateMachineName',
    arn: 'states:{region}:{account}:stateMachine:{name}',
    ref: 'arn',
    arns: ARN,
    names: ['Name'],
  },
}

export const NAMED_TYPES: readonly string[] = Object.keys(TYPES)

/** null: what its names are isn't known here. */
export const namedType = (type: string): NamedType | null =>
  Object.hasOwn(TYPES, type) ? (TYPES[type] ?? null) : null
