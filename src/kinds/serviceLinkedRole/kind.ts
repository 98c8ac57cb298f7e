import type * as sdk from '#generated/iam-api'
import { InvariantError } from '../../diagnostics/index.ts'
import { type DesiredEntity, type EntityState, identityOf } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'
import type { PolicyDocument } from '../../model/policy-document.ts'
import { DEFAULT_MAX_SESSION_DURATION, ROLE_BY_NAME } from '../role/kind.ts'

/**
 * A role that a service has made for itself. It is also one of the account's roles, and stands among them; here it is what the
 * project declares: named by its service, and a suffix.
 */
export interface ServiceLinkedRoleState extends EntityState {
  readonly kind: 'serviceLinkedRole'
  readonly description: string
}

export interface DesiredServiceLinkedRole extends DesiredEntity {
  readonly kind: 'serviceLinkedRole'
  readonly path: LinkedPath
  /** null = none. */
  readonly description?: string | null
  /** It is to go, if it is there. */
  readonly delete?: boolean
}

/** Follows from the service, so that nobody declares it. */
export type LinkedPath = `/aws-service-role/${string}/`

/** The operations of IAM that are about what becomes of one. */
export interface ServiceLinkedRoleReads {
  readonly GetServiceLinkedRoleDeletionStatus: Operation<
    sdk.GetServiceLinkedRoleDeletionStatusRequest,
    sdk.GetServiceLinkedRoleDeletionStatusResponse
  >
}

/** Those that change it, but for its description: that is changed as of any role. */
export interface ServiceLinkedRoleWrites {
  readonly CreateServiceLinkedRole: Operation<
    sdk.CreateServiceLinkedRoleRequest,
    sdk.CreateServiceLinkedRoleResponse
  >
  readonly DeleteServiceLinkedRole: Operation<
    sdk.DeleteServiceLinkedRoleRequest,
    sdk.DeleteServiceLinkedRoleResponse
  >
}

/** What a store keeps: deletions that were started. The role itself is a role. */
export interface DeletionBody {
  /** The name of the role. */
  readonly role: string
}

/** Of each service the name of its role, and of the policy of AWS's that the role holds. */
const ROLES: Readonly<Record<string, readonly [role: string, policy: string]>> = {
  'access-analyzer.amazonaws.com': ['AccessAnalyzer', 'AccessAnalyzerServiceRolePolicy'],
  'autoscaling.amazonaws.com': ['AutoScaling', 'AutoScalingServiceRolePolicy'],
  'backup.amazonaws.com': ['Backup', 'AWSBackupServiceLinkedRolePolicyForBackup'],
  'batch.amazonaws.com': ['Batch', 'BatchServiceRolePolicy'],
  'cloudtrail.amazonaws.com': ['CloudTrail', 'CloudTrailServiceRolePolicy'],
  'config.amazonaws.com': ['Config', 'AWSConfigServiceRolePolicy'],
  'dynamodb.application-autoscaling.amazonaws.com': [
    'ApplicationAutoScaling_DynamoDBTable',
    'AWSApplicationAutoscalingDynamoDBTablePolicy',
  ],
  'ec2.application-autoscaling.amazonaws.com': [
    'ApplicationAutoScaling_EC2SpotFleetRequest',
    'AWSApplicationAutoscalingEC2SpotFleetRequestPolicy',
  ],
  'ecs.amazonaws.com': ['ECS', 'AmazonECSServiceRolePolicy'],
  'ecs.application-autoscaling.amazonaws.com': [
    'ApplicationAutoScaling_ECSService',
    'AWSApplicationAutoscalingECSServicePolicy',
  ],
  'eks.amazonaws.com': ['AmazonEKS', 'AmazonEKSServiceRolePolicy'],
  'eks-fargate.amazonaws.com': ['AmazonEKSForFargate', 'AmazonEKSForFargateServiceRolePolicy'],
  'eks-nodegroup.amazonaws.com': ['AmazonEKSNodegroup', 'AWSServiceRoleForAmazonEKSNodegroup'],
  'elasticache.amazonaws.com': ['ElastiCache', 'ElastiCacheServiceRolePolicy'],
  'elasticbeanstalk.amazonaws.com': ['ElasticBeanstalk', 'AWSElasticBeanstalkServiceRolePolicy'],
  'elasticfilesystem.amazonaws.com': ['AmazonElasticFileSystem', 'AmazonElasticFileSystemServiceRolePolicy'],
  'elasticloadbalancing.amazonaws.com': ['ElasticLoadBalancing', 'AWSElasticLoadBalancingServiceRolePolicy'],
  'es.amazonaws.com': ['AmazonElasticsearchService', 'AmazonElasticsearchServiceRolePolicy'],
  'fms.amazonaws.com': ['FMS', 'FMSServiceRolePolicy'],
  'globalaccelerator.amazonaws.com': ['GlobalAccelerator', 'AWSGlobalAcceleratorSLRPolicy'],
  'guardduty.amazonaws.com': ['AmazonGuardDuty', 'AmazonGuardDutyServiceRolePolicy'],
  'inspector2.amazonaws.com': ['AmazonInspector2', 'AmazonInspector2ServiceRolePolicy'],
  'kafka.amazonaws.com': ['Kafka', 'KafkaServiceRolePolicy'],
  'lakeformation.amazonaws.com': ['LakeFormationDataAccess', 'LakeFormationDataAccessServiceRolePolicy'],
  'lambda.application-autoscaling.amazonaws.com': [
    'ApplicationAutoScaling_LambdaConcurrency',
    'AWSApplicationAutoscalingLambdaConcurrencyPolicy',
  ],
  'macie.amazonaws.com': ['AmazonMacie', 'AmazonMacieServiceRolePolicy'],
  'maintenance.elasticbeanstalk.amazonaws.com': [
    'ElasticBeanstalkMaintenance',
    'AWSElasticBeanstalkMaintenance',
  ],
  'managedupdates.elasticbeanstalk.amazonaws.com': [
    'ElasticBeanstalkManagedUpdates',
    'AWSElasticBeanstalkManagedUpdatesServiceRolePolicy',
  ],
  'memorydb.amazonaws.com': ['MemoryDB', 'MemoryDBServiceRolePolicy'],
  'network-firewall.amazonaws.com': ['NetworkFirewall', 'AWSNetworkFirewallServiceRolePolicy'],
  'opensearchservice.amazonaws.com': ['AmazonOpenSearchService', 'AmazonOpenSearchServiceRolePolicy'],
  'ops.apigateway.amazonaws.com': ['APIGateway', 'APIGatewayServiceRolePolicy'],
  'organizations.amazonaws.com': ['Organizations', 'AWSOrganizationsServiceTrustPolicy'],
  'rds.amazonaws.com': ['RDS', 'AmazonRDSServiceRolePolicy'],
  'rds.application-autoscaling.amazonaws.com': [
    'ApplicationAutoScaling_RDSCluster',
    'AWSApplicationAutoscalingRDSClusterPolicy',
  ],
  'redshift.amazonaws.com': ['Redshift', 'AmazonRedshiftServiceLinkedRolePolicy'],
  'replication.dynamodb.amazonaws.com': ['DynamoDBReplication', 'DynamoDBReplicationServiceRolePolicy'],
  'replication.ecr.amazonaws.com': ['ECRReplication', 'ECRReplicationServiceRolePolicy'],
  'sagemaker.application-autoscaling.amazonaws.com': [
    'ApplicationAutoScaling_SageMakerEndpoint',
    'AWSApplicationAutoscalingSageMakerEndpointPolicy',
  ],
  'securityhub.amazonaws.com': ['SecurityHub', 'AWSSecurityHubServiceRolePolicy'],
  'shield.amazonaws.com': ['AWSShield', 'AWSShieldServiceRolePolicy'],
  'spot.amazonaws.com': ['EC2Spot', 'AWSEC2SpotServiceRolePolicy'],
  'spotfleet.amazonaws.com': ['EC2SpotFleet', 'AWSEC2SpotFleetServiceRolePolicy'],
  'ssm.amazonaws.com': ['AmazonSSM', 'AmazonSSMServiceRolePolicy'],
  'sso.amazonaws.com': ['SSO', 'AWSSSOServiceRolePolicy'],
  'support.amazonaws.com': ['Support', 'AWSSupportServiceRolePolicy'],
  'transitgateway.amazonaws.com': ['VPCTransitGateway', 'AWSVPCTransitGatewayServiceRolePolicy'],
  'trustedadvisor.amazonaws.com': ['TrustedAdvisor', 'AWSTrustedAdvisorServiceRolePolicy'],
}

/** Services that may have several, told apart by a suffix. @see Amazon EC2 Auto Scaling User Guide, "Service-linked roles" */
const WITH_SUFFIX: ReadonlySet<string> = new Set(['autoscaling.amazonaws.com'])

/** What is known of one, by its service and suffix. */
export interface LinkedRole {
  readonly service: string
  readonly suffix: string | null
  /** As IAM calls it. */
  readonly roleName: string
  readonly path: LinkedPath
  /** The name of the policy of AWS's, below `aws-service-role/`. */
  readonly policy: string
  readonly takesSuffix: boolean
}

/** Services of which it is known what their roles are called. */
export const LINKING_SERVICES: readonly string[] = Object.keys(ROLES)

/** @param name `autoscaling.amazonaws.com`, `autoscaling.amazonaws.com_blue`. @returns null: nothing is known of the service */
export function linkedRoleNamed(name: string): LinkedRole | null {
  const at = name.indexOf('_')
  return at < 0 ? linkedRoleOf(name, null) : linkedRoleOf(name.slice(0, at), name.slice(at + 1))
}

export function linkedRoleOf(service: string, suffix: string | null): LinkedRole | null {
  const known = Object.hasOwn(ROLES, service) ? ROLES[service] : undefined
  if (known === undefined) return null
  const [role, policy] = known
  return {
    service,
    suffix,
    roleName: `AWSServiceRoleFor${role}${suffix === null ? '' : `_${suffix}`}`,
    path: `/aws-service-role/${service}/`,
    policy,
    takesSuffix: WITH_SUFFIX.has(service),
  }
}

/**
 * Path and name of the role that a call is about that names it by its service, or by the task of its deletion; null: it names it
 * otherwise, or nothing is known of the service.
 * @see IAM API Reference, DeleteServiceLinkedRole: the form of DeletionTaskId
 */
export function linkedNames(
  input: Readonly<Record<string, unknown>>,
): { readonly path: string; readonly roleName: string } | null {
  const { AWSServiceName: service, CustomSuffix: suffix, DeletionTaskId: task } = input
  if (typeof service === 'string') {
    const known = linkedRoleOf(service, typeof suffix === 'string' ? suffix : null)
    return known ?? { path: `/aws-service-role/${service}/`, roleName: 'AWSServiceRoleFor' }
  }
  const [, path, roleName] =
    /^task(\/aws-service-role\/[^/]+\/)([^/]+)\/[^/]+$/.exec(typeof task === 'string' ? task : '') ?? []
  return path === undefined || roleName === undefined ? null : { path, roleName }
}

/** What a project calls the role of such a path and name; null: nothing is known of the service, or it calls its role otherwise. */
export function linkedNameOf(path: string, roleName: string): string | null {
  const service = /^\/aws-service-role\/([^/]+)\/$/.exec(path)?.[1]
  const base = service === undefined ? null : linkedRoleOf(service, null)
  if (base === null) return null
  if (roleName === base.roleName) return base.service
  const suffix = roleName.startsWith(`${base.roleName}_`) ? roleName.slice(base.roleName.length + 1) : ''
  return suffix === '' || !base.takesSuffix ? null : `${base.service}_${suffix}`
}

export const linkedTrust = (service: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
})

/** Of one that was declared or observed. @throws InvariantError when nothing is known of the service */
export function linkedRole(name: string): LinkedRole {
  const known = linkedRoleNamed(name)
  if (known === null) throw new InvariantError(`nothing is known of the service-linked role ${name}`)
  return known
}

export const linkedPolicyArn = (partition: string, { policy }: LinkedRole): string =>
  `arn:${partition}:iam::aws:policy/aws-service-role/${policy}`

/** The role that it is, among the roles of the account, as AWS makes it. */
export function linkedRoleState(
  { name, path, arn, description }: DesiredServiceLinkedRole,
  partition: string,
) {
  const known = linkedRole(name)
  return {
    kind: ROLE_BY_NAME.kind,
    name: known.roleName,
    path,
    arn,
    description: description ?? '',
    maxSessionDuration: DEFAULT_MAX_SESSION_DURATION,
    trustPolicy: { json: linkedTrust(known.service), located: null },
    managedPolicies: [linkedPolicyArn(partition, known)],
    inlinePolicies: new Map<string, never>(),
    permissionsBoundary: null,
    tags: new Map<string, string>(),
  }
}

/** As the YAML alone has it. */
export const serviceLinkedRoleAsDeclared = (
  desired: DesiredServiceLinkedRole,
): ServiceLinkedRoleState | null =>
  desired.delete === true
    ? null
    : { kind: desired.kind, ...identityOf(desired), description: desired.description ?? '' }

export const SERVICE_LINKED_ROLE: EntityFacts = {
  family: 'entity',
  section: 'serviceLinkedRoles',
  label: 'service-linked role',
  article: 'a',
  title: 'ServiceLinkedRole',
  nameField: 'AWSServiceName',
  longestName: 193,
  arnType: 'role/aws-service-role',
  idPrefix: 'AROA',
  identity: null,
  after: [ROLE_BY_NAME.kind],
  quota: 'rolesPerAccount',
  isOfAws: true,
  placeOf: (name) => {
    const known = linkedRoleNamed(name)
    return known === null ? null : { arnType: ROLE_BY_NAME.kind, path: known.path, name: known.roleName }
  },
}
