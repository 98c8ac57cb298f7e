import { ownValue } from '../model/index.ts'

/**
 * What may stand for a placeholder of a resource type's ARN, as far as services document it.
 * - `region`, `account`: of every ARN
 * - `name`: neither a colon nor a slash
 * - `path`: no colon
 * - `pair`: two names with a colon between; `time`: three, as in `2026-01-31T00:00:00.000`
 * - `text`: anything
 * Nothing is empty.
 */
type NameForm = 'region' | 'account' | 'name' | 'path' | 'pair' | 'time' | 'text'

/**
 * Services whose names hold no slash, with the placeholders that may all the same. Of what isn't listed nothing is known.
 * @see Amazon S3 User Guide, "General purpose bucket naming rules"; SQS Developer Guide, "Amazon SQS message quotas"; SNS API
 * Reference, CreateTopic; DynamoDB Developer Guide, "Supported data types and naming rules"; Lambda API Reference,
 * CreateFunction; IAM User Guide, "IAM and AWS STS quotas"; KMS API Reference, CreateAlias; Kinesis and Firehose API
 * References, CreateStream, CreateDeliveryStream; Step Functions API Reference, CreateStateMachine; ECS API Reference,
 * CreateCluster, RegisterTaskDefinition; EventBridge API Reference, PutRule, CreateEventBus; and the API references of the
 * others, where their names are made
 */
const WITH_SLASHES: Readonly<Record<string, readonly string[]>> = {
  // Recovery points of AWS Backup are named by the services that they are of.
  '${Vendor}': [],
  acm: [],
  athena: [],
  backup: [],
  batch: [],
  cloudformation: ['Id', 'Type'],
  codebuild: [],
  codecommit: [],
  'cognito-identity': [],
  'cognito-idp': [],
  dynamodb: [],
  ecs: [],
  eks: ['IamIdentityName'],
  elasticfilesystem: [],
  elasticloadbalancing: [],
  events: ['EventBusName', 'EventSourceName'],
  firehose: [],
  iam: [
    'CertificateNameWithPath',
    'EntityPath',
    'GroupNameWithPath',
    'InstanceProfileNameWithPath',
    'MfaTokenIdWithPath',
    'OidcProviderName',
    'PolicyNameWithPath',
    'RoleName',
    'RoleNameWithPath',
    'AwsUserName',
    'UserNameWithPath',
  ],
  kinesis: [],
  kms: ['Alias'],
  lambda: [],
  rds: ['Engine'],
  s3: ['ObjectName', 'Operation', 'Token'],
  's3-object-lambda': [],
  's3-outposts': ['ObjectName'],
  s3express: [],
  s3tables: [],
  s3vectors: [],
  sns: [],
  sqs: [],
  states: [],
  sts: [],
}

/**
 * Placeholders whose values hold colons.
 * @see Amazon S3 User Guide, "Naming Amazon S3 objects"; DynamoDB Developer Guide, "Change data capture for DynamoDB
 * Streams"; Amazon Cognito Identity API Reference, CreateIdentityPool
 */
const WITH_COLONS: Readonly<Record<string, NameForm>> = {
  'cognito-identity IdentityPoolId': 'pair',
  'dynamodb StreamLabel': 'time',
  's3 ObjectName': 'text',
  's3-outposts ObjectName': 'text',
}

/** @param placeholder without its braces: `BucketName` */
export function formOfName(service: string, placeholder: string): NameForm {
  if (placeholder === 'Region') return 'region'
  if (placeholder === 'Account' || placeholder === 'AccountId') return 'account'
  const withColons = WITH_COLONS[`${service} ${placeholder}`]
  if (withColons !== undefined) return withColons
  const withSlashes = ownValue(WITH_SLASHES, service)
  return withSlashes === undefined || withSlashes.includes(placeholder) ? 'path' : 'name'
}

/**
 * What may stand behind the name of `function:${FunctionName}` and the like, after another colon: `text` where the service
 * doesn't say, one more `name` where it does.
 * @see Lambda API Reference, Invoke: a version or an alias of a function is one word
 */
export const formBehindName = (service: string): NameForm => (service === 'lambda' ? 'name' : 'text')

/**
 * What stands in the account's place of what AWS owns, besides the twelve digits of an account.
 * @see IAM User Guide, "IAM ARNs" (managed policies); Systems Manager User Guide, "Discovering public parameters"; Image
 * Builder User Guide, "Amazon-managed images"; SageMaker AI Developer Guide, "Public hubs"; Resource Explorer User Guide, "Managed views"; CloudFormation User Guide,
 * "Use public extensions"; Security Hub User Guide, "Product integrations"
 */
const OWNED_BY_AWS: Readonly<Record<string, readonly string[]>> = {
  cloudformation: ['', 'aws'],
  'iam policy': ['aws'],
  imagebuilder: ['aws'],
  'resource-explorer-2': [''],
  sagemaker: ['aws'],
  securityhub: [''],
  ssm: [''],
}

/**
 * What may stand in the account's place besides the twelve digits of an account.
 * @param type what stands before the first slash of the resource: `policy`
 */
export const accountsOfAws = (service: string, type: string): readonly string[] =>
  ownValue(OWNED_BY_AWS, service) ?? OWNED_BY_AWS[`${service} ${type}`] ?? []
