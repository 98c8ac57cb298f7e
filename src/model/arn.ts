import { ENTITIES, ENTITY_KINDS, type EntityKind } from '../kinds/kind.ts'
import type { EntityFacts } from './kind-facts.ts'
import { ownValue } from './own-value.ts'

/** @see IAM User Guide, "IAM identifiers": partitions and ARN formats */
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov'

export const PARTITIONS: readonly Partition[] = ['aws', 'aws-cn', 'aws-us-gov']

/** `arn:partition:service:region:account:resource`; only `resource` may hold colons. */
export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

export function parseArn(text: string): Arn | null {
  const parts = text.split(':')
  if (parts.length < 6 || parts[0] !== 'arn') return null
  const [, partition = '', service = '', region = '', account = ''] = parts
  return { partition, service, region, account, resource: parts.slice(5).join(':') }
}

/**
 * By service, what may stand between a resource and what lies in it, where a slash or a colon isn't enough: names of the others
 * have slashes themselves, so that what is called longer is another one; streams of tables and consumers of streams have policies
 * of their own.
 * @see S3 User Guide, "General purpose bucket naming rules"; Secrets Manager API Reference, CreateSecret; ECR API Reference,
 * CreateRepository; Systems Manager API Reference, PutParameter; CloudWatch Logs API Reference, CreateLogGroup; EventBridge API
 * Reference, CreateEventBus; DynamoDB API Reference, PutResourcePolicy; Kinesis Data Streams API Reference, PutResourcePolicy
 */
const SEPARATORS: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ['/index/'],
  ecr: [],
  'ecr-public': [],
  events: [],
  kinesis: [],
  logs: [':'],
  s3: ['/'],
  secretsmanager: [],
  ssm: [],
}

/** What stands between the ARN of a resource and the name of what lies in it; empty: nothing does. */
export function separatorsAfter(arn: string): readonly string[] {
  const [, , service = '', region = ''] = arn.split(':', 4)
  const found = ownValue(SEPARATORS, service)
  // An access point has a region, and another form.
  return found === undefined || (service === 's3' && region !== '') ? ['/', ':'] : found
}

/**
 * The ARN of an IAM entity, computed, never asked for.
 * @param facts of its kind
 * @param path begins and ends with `/`
 */
export function entityArn(
  account: { readonly id: string; readonly partition: Partition },
  { arnType }: Pick<EntityFacts, 'arnType'>,
  path: string,
  name: string,
): string {
  return `arn:${account.partition}:iam::${account.id}:${arnType}${path}${name}`
}

export const rootArn = (account: { readonly id: string; readonly partition: Partition }): string =>
  `arn:${account.partition}:iam::${account.id}:root`

const BY_ARN_TYPE: ReadonlyMap<string, EntityKind> = new Map(
  ENTITY_KINDS.map((kind) => [ENTITIES[kind].arnType, kind]),
)

/**
 * Splits the resource part of an IAM entity's ARN: `role/service/x` → role, `/service/`, `x`. Of a kind without paths all is its
 * name: `oidc-provider/a.example/x` → `a.example/x`.
 */
export function parseEntityArn(text: string): {
  readonly account: string
  readonly partition: string
  readonly kind: EntityKind
  readonly path: string
  readonly name: string
} | null {
  const arn = parseArn(text)
  if (arn === null || arn.service !== 'iam') return null
  const match = /^([a-z-]+)(\/(?:.*\/)?)([^/]*)$/.exec(arn.resource)
  const kind = match === null ? undefined : BY_ARN_TYPE.get(match[1] ?? '')
  if (match === null || kind === undefined) return null
  const [, , path = '/', last = ''] = match
  const isPathless = ENTITIES[kind].isPathless === true
  const name = isPathless ? `${path}${last}`.slice(1) : last
  if (name === '') return null
  return { account: arn.account, partition: arn.partition, kind, path: isPathless ? '/' : path, name }
}

/** Whether a policy ARN names one of AWS's own (account segment `aws`). */
export const isAwsManagedPolicyArn = (text: string): boolean => /^arn:aws[a-z-]*:iam::aws:policy\//.test(text)
