import { parseArn, type StateDocument } from '../../model/index.ts'
import { functionPolicies } from './function-policies.ts'
import { tagsOf } from './identities.ts'
import { type Instance, isConfigured } from './instance.ts'
import { DOCUMENT } from './kinds.ts'
import { OWNED_TYPES, ownedArn, policyAttribute } from './owned-resources.ts'
import { grantKey, type PlanContext } from './plan-context.ts'
import { PUBLIC_ACCESS_TYPES, publicAccessBlocks } from './public-access.ts'
import { type BelongsTo, type FoundResource, targetArn } from './target-arn.ts'

/** A type that is the policy of another resource. */
interface PolicyType extends BelongsTo {
  /** The attribute that is the policy. */
  readonly policy: string
}

const POLICIES: Readonly<Record<string, PolicyType>> = {
  aws_acmpca_policy: { of: 'resource_arn', policy: DOCUMENT },
  aws_api_gateway_rest_api_policy: { of: 'rest_api_id', owner: 'aws_api_gateway_rest_api', policy: DOCUMENT },
  aws_backup_vault_policy: { of: 'backup_vault_name', owner: 'aws_backup_vault', policy: DOCUMENT },
  aws_cloudwatch_event_bus_policy: {
    of: 'event_bus_name',
    owner: 'aws_cloudwatch_event_bus',
    policy: DOCUMENT,
  },
  aws_cloudwatch_log_destination_policy: {
    of: 'destination_name',
    owner: 'aws_cloudwatch_log_destination',
    policy: 'access_policy',
  },
  aws_codeartifact_domain_permissions_policy: {
    of: 'domain',
    owner: 'aws_codeartifact_domain',
    policy: 'policy_document',
  },
  aws_codebuild_resource_policy: { of: 'resource_arn', policy: DOCUMENT },
  aws_dynamodb_resource_policy: { of: 'resource_arn', policy: DOCUMENT },
  aws_ecr_repository_policy: { of: 'repository', owner: 'aws_ecr_repository', policy: DOCUMENT },
  aws_ecrpublic_repository_policy: {
    of: 'repository_name',
    owner: 'aws_ecrpublic_repository',
    policy: DOCUMENT,
  },
  aws_efs_file_system_policy: { of: 'file_system_id', owner: 'aws_efs_file_system', policy: DOCUMENT },
  aws_elasticsearch_domain_policy: {
    of: 'domain_name',
    owner: 'aws_elasticsearch_domain',
    policy: 'access_policies',
  },
  aws_kinesis_resource_policy: { of: 'resource_arn', policy: DOCUMENT },
  aws_kms_key_policy: { of: 'key_id', owner: 'aws_kms_key', policy: DOCUMENT },
  aws_media_store_container_policy: {
    of: 'container_name',
    owner: 'aws_media_store_container',
    policy: DOCUMENT,
  },
  aws_msk_cluster_policy: { of: 'cluster_arn', policy: DOCUMENT },
  aws_networkfirewall_resource_policy: { of: 'resource_arn', policy: DOCUMENT },
  aws_opensearch_domain_policy: {
    of: 'domain_name',
    owner: 'aws_opensearch_domain',
    policy: 'access_policies',
  },
  aws_redshift_resource_policy: { of: 'resource_arn', policy: DOCUMENT },
  aws_s3_bucket_policy: { of: 'bucket', owner: 'aws_s3_bucket', policy: DOCUMENT },
  aws_s3control_access_point_policy: { of: 'access_point_arn', policy: DOCUMENT },
  aws_s3control_bucket_policy: { of: 'bucket', policy: DOCUMENT },
  aws_s3tables_table_bucket_policy: { of: 'table_bucket_arn', policy: 'resource_policy' },
  aws_schemas_registry_policy: { of: 'registry_name', owner: 'aws_schemas_registry', policy: DOCUMENT },
  aws_secretsmanager_secret_policy: {
    of: 'secret_arn',
    owner: 'aws_secretsmanager_secret',
    policy: DOCUMENT,
  },
  aws_ses_identity_policy: { of: 'identity', owner: 'aws_ses_domain_identity', policy: DOCUMENT },
  aws_sesv2_email_identity_policy: {
    of: 'email_identity',
    owner: 'aws_sesv2_email_identity',
    policy: DOCUMENT,
  },
  aws_sns_topic_policy: { of: 'arn', policy: DOCUMENT },
  aws_sqs_queue_policy: { of: 'queue_url', owner: 'aws_sqs_queue', policy: DOCUMENT },
  aws_vpclattice_auth_policy: { of: 'resource_identifier', policy: DOCUMENT },
  aws_vpclattice_resource_policy: { of: 'resource_arn', policy: DOCUMENT },
}

export const RESOURCE_TYPES: readonly string[] = [
  ...OWNED_TYPES,
  ...Object.keys(POLICIES),
  ...PUBLIC_ACCESS_TYPES,
  'aws_lambda_permission',
  'aws_lambda_function_url',
]

/** Reads the policies of resources of one side, and what else decides who gets at them. */
export function readResources(context: PlanContext): void {
  const found = new Map<string, FoundResource>()
  for (const instance of context.side.instances) readOwn(instance, context, found)
  for (const instance of context.side.instances) readPolicy(instance, context, found)
  for (const each of functionPolicies(context)) found.set(each.facts.arn, each)
  const blockOf = publicAccessBlocks(context)
  for (const { facts, address } of found.values()) {
    const block = blockOf(facts)
    if (facts.policy === null && facts.tags.size === 0 && block === null) continue
    context.draft.resource(block === null ? facts : { ...facts, publicAccessBlock: block }, {
      file: context.file,
      address,
    })
  }
}

function readOwn(instance: Instance, context: PlanContext, found: Map<string, FoundResource>): void {
  const place = context.accounts.placeOf(instance)
  const arn = instance.mode === 'managed' ? ownedArn(instance, place) : null
  if (arn === null) return
  const attribute = policyAttribute(instance)
  const isLeft =
    attribute !== null &&
    (context.side.name === 'before' ||
      isConfigured(instance, attribute) ||
      !context.earlier.has(grantKey(arn, DOCUMENT)))
  const own = isLeft ? context.documents.at(instance, [attribute], 'resource', `\`${arn}\``) : null
  const policy = own ?? (isKey(instance) ? keyDefault(instance, context, arn) : null)
  found.set(arn, {
    facts: { arn, account: place.account.id, policy, tags: tagsOf(instance).tags },
    address: instance.address,
  })
}

const isKey = ({ type }: Instance): boolean => /^aws_kms_(?:external_|replica_)?key$/.test(type)

/** @see AWS KMS Developer Guide, "Default key policy" */
function keyDefault(instance: Instance, context: PlanContext, arn: string): StateDocument | null {
  const { id, partition } = context.accounts.placeOf(instance).account
  const document = {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${id}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  }
  return context.documents.read(document, 'resource', instance.address, `\`${arn}\``)
}

function readPolicy(instance: Instance, context: PlanContext, found: Map<string, FoundResource>): void {
  const type = Object.hasOwn(POLICIES, instance.type) ? POLICIES[instance.type] : undefined
  if (type === undefined || instance.mode !== 'managed') return
  const arn = targetArn(instance, type, context)
  const policy = context.documents.at(instance, [type.policy], 'resource', `\`${arn}\``)
  if (policy === null) return
  context.separate.add(grantKey(arn, DOCUMENT))
  const known = found.get(arn)?.facts
  const { account } = context.accounts.placeOf(instance)
  const inArn = parseArn(arn)?.account ?? ''
  found.set(arn, {
    facts: {
      arn,
      account: known?.account ?? (/^\d{12}$/.test(inArn) ? inArn : account.id),
      tags: known?.tags ?? new Map(),
      policy,
    },
    address: instance.address,
  })
}
