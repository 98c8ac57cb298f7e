import { parseArn } from '../../model/index.ts'
import { type Instance, textAt } from './instance.ts'
import { DOCUMENT } from './kinds.ts'
import type { PlaceOfProvider } from './plan-accounts.ts'
import { madeUpName } from './plan-names.ts'

/** A type of resource that may have a policy of its own. */
interface OwnedType {
  /** The attribute that is its name, where its ARN is made of it; null: AWS makes up an id. */
  readonly name: string | null
  /** What stands after the partition: `{region}`, `{account}` and `{name}` are filled in. */
  readonly arn: string
  /** The attribute that is its policy, for types that have one. */
  readonly policy?: string
}

/**
 * By type, the ARN of a resource that isn't there yet.
 * @see Service Authorization Reference, "Resource types defined by …" of each service
 */
const TYPES: Readonly<Record<string, OwnedType>> = {
  aws_acmpca_certificate_authority: {
    name: null,
    arn: 'acm-pca:{region}:{account}:certificate-authority/{name}',
  },
  aws_api_gateway_rest_api: { name: null, arn: 'execute-api:{region}:{account}:{name}', policy: DOCUMENT },
  aws_backup_vault: { name: 'name', arn: 'backup:{region}:{account}:backup-vault:{name}' },
  aws_cloudwatch_event_bus: { name: 'name', arn: 'events:{region}:{account}:event-bus/{name}' },
  aws_cloudwatch_log_destination: { name: 'name', arn: 'logs:{region}:{account}:destination:{name}' },
  aws_codeartifact_domain: { name: 'domain', arn: 'codeartifact:{region}:{account}:domain/{name}' },
  aws_dynamodb_table: { name: 'name', arn: 'dynamodb:{region}:{account}:table/{name}' },
  aws_ecr_repository: { name: 'name', arn: 'ecr:{region}:{account}:repository/{name}' },
  aws_ecrpublic_repository: { name: 'repository_name', arn: 'ecr-public::{account}:repository/{name}' },
  aws_efs_file_system: { name: null, arn: 'elasticfilesystem:{region}:{account}:file-system/{name}' },
  aws_elasticsearch_domain: {
    name: 'domain_name',
    arn: 'es:{region}:{account}:domain/{name}',
    policy: 'access_policies',
  },
  aws_glacier_vault: {
    name: 'name',
    arn: 'glacier:{region}:{account}:vaults/{name}',
    policy: 'access_policy',
  },
  aws_kinesis_stream: { name: 'name', arn: 'kinesis:{region}:{account}:stream/{name}' },
  aws_kinesis_stream_consumer: { name: null, arn: 'kinesis:{region}:{account}:stream/consumer/{name}' },
  aws_kms_external_key: { name: null, arn: 'kms:{region}:{account}:key/{name}', policy: DOCUMENT },
  aws_kms_key: { name: null, arn: 'kms:{region}:{account}:key/{name}', policy: DOCUMENT },
  aws_kms_replica_key: { name: null, arn: 'kms:{region}:{account}:key/{name}', policy: DOCUMENT },
  aws_lambda_function: { name: 'function_name', arn: 'lambda:{region}:{account}:function:{name}' },
  aws_media_store_container: { name: 'name', arn: 'mediastore:{region}:{account}:container/{name}' },
  aws_msk_cluster: { name: null, arn: 'kafka:{region}:{account}:cluster/{name}' },
  aws_opensearch_domain: {
    name: 'domain_name',
    arn: 'es:{region}:{account}:domain/{name}',
    policy: 'access_policies',
  },
  aws_s3_access_point: {
    name: 'name',
    arn: 's3:{region}:{account}:accesspoint/{name}',
    policy: DOCUMENT,
  },
  aws_s3_bucket: { name: 'bucket', arn: 's3:::{name}', policy: DOCUMENT },
  aws_s3_directory_bucket: { name: 'bucket', arn: 's3express:{region}:{account}:bucket/{name}' },
  aws_s3tables_table: { name: null, arn: 's3tables:{region}:{account}:bucket/table/{name}' },
  aws_s3tables_table_bucket: { name: 'name', arn: 's3tables:{region}:{account}:bucket/{name}' },
  aws_schemas_registry: { name: 'name', arn: 'schemas:{region}:{account}:registry/{name}' },
  // Six characters that AWS makes up follow the name.
  aws_secretsmanager_secret: {
    name: 'name',
    arn: 'secretsmanager:{region}:{account}:secret:{name}-000000',
    policy: DOCUMENT,
  },
  aws_ses_domain_identity: { name: 'domain', arn: 'ses:{region}:{account}:identity/{name}' },
  aws_ses_email_identity: { name: 'email', arn: 'ses:{region}:{account}:identity/{name}' },
  aws_sesv2_email_identity: { name: 'email_identity', arn: 'ses:{region}:{account}:identity/{name}' },
  aws_sns_topic: { name: 'name', arn: 'sns:{region}:{account}:{name}', policy: DOCUMENT },
  aws_sqs_queue: { name: 'name', arn: 'sqs:{region}:{account}:{name}', policy: DOCUMENT },
}

export const OWNED_TYPES: readonly string[] = Object.keys(TYPES)

const typeOf = (type: string): OwnedType | null => (Object.hasOwn(TYPES, type) ? (TYPES[type] ?? null) : null)

/** The attribute of a resource that is its policy; null: such resources have none, or one of its own type. */
export const policyAttribute = ({ type }: Instance): string | null => typeOf(type)?.policy ?? null

/**
 * The ARN of a resource, of which something is made up where it is yet to be created.
 * @returns null: resources of that type have no policies
 */
export function ownedArn(instance: Instance, place: PlaceOfProvider): string | null {
  const type = typeOf(instance.type)
  if (type === null) return null
  const known = textAt(instance, 'arn')
  // An API's own ARN is that of its management, and its policy is about calling it.
  if (known !== null && parseArn(known) !== null && instance.type !== 'aws_api_gateway_rest_api') return known
  const id = type.name === null ? textAt(instance, 'id') : textAt(instance, type.name)
  return namedArn(instance.type, id ?? madeUpName(instance), place)
}

/** @returns null: there is no such type */
export function namedArn(type: string, name: string, { account, region }: PlaceOfProvider): string | null {
  const form = typeOf(type)?.arn
  return form === undefined
    ? null
    : `arn:${account.partition}:${form
        .replace('{region}', region)
        .replace('{account}', account.id)
        // A function, since names may hold what stands for something in a replacement.
        .replace('{name}', () => name)}`
}
