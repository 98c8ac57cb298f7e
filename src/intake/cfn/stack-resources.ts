import { entryOf, warningOf } from '../../diagnostics/index.ts'
import { parseArn, type ResourceFacts, type StateDocument } from '../../model/index.ts'
import { functionPoliciesOf } from './function-statements.ts'
import { generatedName } from './made-up-names.ts'
import { NAMED_TYPES, namedType } from './named-types.ts'
import { itemsIn, type Resolved, scalarText } from './resolved.ts'
import { resourcesOf, type StackContext, type StackResource, stackTags } from './stack-context.ts'
import { propertyOf } from './stack-names.ts'

/** A type that is the policy of other resources. */
interface PolicyType {
  /** The property that says which: one, or several. */
  readonly of: string
  /** The type of these, where one may be named without its ARN. */
  readonly owner?: string
  /** The property that is the policy. */
  readonly policy: string
}

const POLICIES: Readonly<Record<string, PolicyType>> = {
  'AWS::Kinesis::ResourcePolicy': { of: 'ResourceArn', policy: 'ResourcePolicy' },
  'AWS::MSK::ClusterPolicy': { of: 'ClusterArn', policy: 'Policy' },
  'AWS::NetworkFirewall::ResourcePolicy': { of: 'ResourceArn', policy: 'PolicyDocument' },
  'AWS::S3::BucketPolicy': { of: 'Bucket', owner: 'AWS::S3::Bucket', policy: 'PolicyDocument' },
  'AWS::S3Express::BucketPolicy': {
    of: 'Bucket',
    owner: 'AWS::S3Express::DirectoryBucket',
    policy: 'PolicyDocument',
  },
  'AWS::S3Tables::TableBucketPolicy': { of: 'TableBucketARN', policy: 'ResourcePolicy' },
  'AWS::SNS::TopicInlinePolicy': { of: 'TopicArn', policy: 'PolicyDocument' },
  'AWS::SNS::TopicPolicy': { of: 'Topics', policy: 'PolicyDocument' },
  'AWS::SQS::QueueInlinePolicy': { of: 'Queue', owner: 'AWS::SQS::Queue', policy: 'PolicyDocument' },
  'AWS::SQS::QueuePolicy': { of: 'Queues', owner: 'AWS::SQS::Queue', policy: 'PolicyDocument' },
  'AWS::SecretsManager::ResourcePolicy': {
    of: 'SecretId',
    owner: 'AWS::SecretsManager::Secret',
    policy: 'ResourcePolicy',
  },
  'AWS::VpcLattice::AuthPolicy': { of: 'ResourceIdentifier', policy: 'Policy' },
  'AWS::VpcLattice::ResourcePolicy': { of: 'ResourceArn', policy: 'Policy' },
}

export const RESOURCE_TYPES_OF_STACK: readonly string[] = [
  ...NAMED_TYPES,
  ...Object.keys(POLICIES),
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
]

interface Found {
  readonly facts: ResourceFacts
  readonly address: string
}

/** Reads the policies of resources, and what else decides who gets at them. */
export function readStackResources(context: StackContext): void {
  const found = new Map<string, Found>()
  for (const resource of resourcesOf(context, (type) => namedType(type) !== null))
    readOwn(resource, context, found)
  const given = new Map<string, string>()
  for (const resource of resourcesOf(context, (type) => Object.hasOwn(POLICIES, type)))
    for (const arn of targetsOf(resource, context)) readPolicy(resource, arn, context, found, given)
  for (const [arn, { policy, address }] of functionPoliciesOf(context))
    found.set(arn, { facts: factsOf(arn, context, found.get(arn), policy), address })
  for (const { facts, address } of found.values()) {
    if (facts.policy === null && facts.tags.size === 0 && facts.publicAccessBlock === undefined) continue
    context.draft.resource(facts, { file: context.file, address })
  }
}

function readOwn(resource: StackResource, context: StackContext, found: Map<string, Found>): void {
  const named = context.names.nameOf(resource)
  if (named === null) return
  const { arn } = named
  const { own, id, type } = resource
  const path = namedType(type)?.policy?.split('.') ?? null
  const value = path === null ? null : propertyOf(own, ...path)
  const policy =
    documentOf(value, `${id}.${path?.join('.')}`, resource, `\`${arn}\``, context) ??
    (type === 'AWS::KMS::Key' ? keyDefault(resource, context, arn) : null)
  const tags = stackTags(propertyOf(own, 'Tags'))
  if (tags.unknown !== null)
    context.draft.find(
      warningOf({
        code: 'intake.not-known-yet',
        message: `\`${arn}\`: a tag of \`${id}\` is not known`,
        help: 'it is taken to have none of that key; give parameters with `--parameters FILE`',
        span: resource.span,
      }),
    )
  const blocks = scalarText(propertyOf(own, 'PublicAccessBlockConfiguration', 'RestrictPublicBuckets'))
  found.set(arn, {
    facts: {
      arn,
      account: context.names.place.account.id,
      policy,
      tags: tags.tags,
      ...(blocks === 'true' && resource.hangsOn === null ? { publicAccessBlock: 'resource' as const } : {}),
    },
    address: id,
  })
}

function documentOf(
  value: Resolved | null,
  address: string,
  { hangsOn }: StackResource,
  holds: string,
  { documents }: StackContext,
): StateDocument | null {
  if (value === null) return null
  return hangsOn?.kind === 'unknown'
    ? documents.notYet(value, hangsOn, address, holds)
    : documents.at(value, 'resource', address, holds)
}

/** @see AWS KMS Developer Guide, "Default key policy" */
function keyDefault(resource: StackResource, { names, documents }: StackContext, arn: string): StateDocument {
  const { id, partition } = names.place.account
  const statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:${partition}:iam::${id}:root` },
    Action: 'kms:*',
    Resource: '*',
  }
  const document = { Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] }
  return documents.made(document, 'resource', resource.id, `\`${arn}\``)
}

function readPolicy(
  resource: StackResource,
  arn: string,
  context: StackContext,
  found: Map<string, Found>,
  given: Map<string, string>,
): void {
  const property = POLICIES[resource.type]?.policy ?? ''
  const value = propertyOf(resource.own, property)
  const address = `${resource.id}.${property}`
  const policy = documentOf(value, address, resource, `\`${arn}\``, context)
  if (policy === null) return
  const first = given.get(arn)
  if (first !== undefined)
    context.draft.find(
      warningOf({
        code: 'intake.twice',
        message: `\`${arn}\` has two policies: \`${first}\` and \`${resource.id}\``,
        help: 'a resource has one: put them together; here the last one is taken',
        span: resource.span,
      }),
    )
  given.set(arn, resource.id)
  found.set(arn, { facts: factsOf(arn, context, found.get(arn), policy), address: resource.id })
}

function factsOf(
  arn: string,
  { names }: StackContext,
  known: Found | undefined,
  policy: StateDocument,
): ResourceFacts {
  const inArn = parseArn(arn)?.account ?? ''
  const account = /^\d{12}$/.test(inArn) ? inArn : names.place.account.id
  return { tags: new Map(), ...known?.facts, arn, account: known?.facts.account ?? account, policy }
}

/** The ARNs of what a policy belongs to. One that isn't known stands for whichever it is. */
function targetsOf(resource: StackResource, { names }: StackContext): readonly string[] {
  const type = POLICIES[resource.type]
  if (type === undefined) return []
  const service = resource.type.split('::')[1]?.toLowerCase() ?? ''
  const madeUp = (index: number): string => {
    const name = generatedName(`${resource.id}${index === 0 ? '' : `-${index}`}`)
    return (type.owner === undefined ? null : names.arnOf(type.owner, name)) ?? `arn:aws:${service}:::${name}`
  }
  const node = entryOf(resource.properties, type.of)?.value
  const nodes = node?.kind === 'list' ? node.items : [node]
  return itemsIn(propertyOf(resource.own, type.of)).map((each, index) => {
    const text = scalarText(each)
    if (text === null) return names.arnBehind(nodes[index]) ?? madeUp(index)
    if (parseArn(text) !== null) return text
    const name = /^https?:\/\/[^/]+\/\d{12}\/([^/]+)$/.exec(text)?.[1] ?? text
    return (type.owner === undefined ? null : names.arnOf(type.owner, name)) ?? madeUp(index)
  })
}
