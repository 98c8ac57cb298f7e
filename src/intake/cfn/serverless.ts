import type { ManagedPolicyFacts } from '../../catalog/managed-policies.ts'
import { entryOf } from '../../diagnostics/index.ts'
import { ENTITIES, entityArn, entityRef } from '../../model/index.ts'
import { type Holding, type Holdings, newHolding } from '../tfplan/holdings.ts'
import { itemsIn, memberOf, type Resolved, scalarText, textFrom } from './resolved.ts'
import {
  findNotModelled,
  resourcesOf,
  type StackContext,
  type StackResource,
  stackTags,
} from './stack-context.ts'
import { holdInline, holdUnknown } from './stack-identities.ts'
import { propertyOf } from './stack-names.ts'

/** The roles that SAM makes, by the type that it makes them for, and who assumes them. */
const SERVICES: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function': 'lambda.amazonaws.com',
  'AWS::Serverless::StateMachine': 'states.amazonaws.com',
}

export const SERVERLESS_TYPES: readonly string[] = Object.keys(SERVICES)

/**
 * Reads the roles that SAM makes for functions and state machines that name none.
 * @see AWS SAM Developer Guide, "AWS::Serverless::Function": Policies, Role
 */
export function readServerless(
  context: StackContext,
  holdings: Holdings,
  awsPolicies: Pick<ManagedPolicyFacts, 'arnOf'>,
): void {
  for (const resource of resourcesOf(context, (type) => Object.hasOwn(SERVICES, type))) {
    if (itemsIn(propertyOf(resource.own, 'Events')).length > 0)
      findNotModelled(context, resource, 'what SAM makes of its `Events`')
    const given = serverlessSetting(resource, 'Role', context)
    // A role that somebody else has made: what SAM would give it, it doesn't.
    if (given !== null && given.kind !== 'unknown') continue
    if (given?.kind === 'unknown' && serverlessSetting(resource, 'Policies', context) === null) continue
    readImpliedRole(resource, context, holdings, awsPolicies)
  }
}

/** What a resource says of itself, or else all of its type in `Globals`. */
export function serverlessSetting(
  { own, type }: StackResource,
  property: string,
  { template, names }: StackContext,
): Resolved | null {
  const value = propertyOf(own, property)
  if (value !== null) return value
  const section = entryOf(template.globals, type.slice('AWS::Serverless::'.length))?.value
  const node = entryOf(section, property)?.value
  return node === undefined ? null : names.values.resolve(node)
}

function readImpliedRole(
  resource: StackResource,
  context: StackContext,
  holdings: Holdings,
  awsPolicies: Pick<ManagedPolicyFacts, 'arnOf'>,
): void {
  const { names, documents } = context
  const { account } = names.place
  const { id, type, own, hangsOn } = resource
  const name = names.madeUp(`${id}Role`, 'AWS::IAM::Role')
  const holding = newHolding(
    'role',
    account,
    { name, path: '/', arn: entityArn(account, ENTITIES.role, '/', name) },
    id,
  )
  const setting = (property: string) => serverlessSetting(resource, property, context)
  const assume = setting('AssumeRolePolicyDocument')
  const holds = `the trust policy of ${entityRef('role', name)}`
  holding.trust =
    documents.at(hangsOn ?? assume, 'trust', `${id}.AssumeRolePolicyDocument`, holds) ??
    documents.made(trustOf(SERVICES[type] ?? ''), 'trust', id, holds)
  if (hangsOn !== null) holdUnknown(holding, hangsOn, `${id}.Condition`, context)
  if (own?.kind === 'unknown') holdUnknown(holding, own, id, context)
  const aws = (policy: string): void => {
    const arn = awsPolicies.arnOf(policy, account.partition)
    if (arn !== null) holding.managed.add(arn)
  }
  if (type === 'AWS::Serverless::Function') {
    aws('AWSLambdaBasicExecutionRole')
    if (setting('VpcConfig') !== null) aws('AWSLambdaVPCAccessExecutionRole')
    const tracing = setting('Tracing')
    if (scalarText(tracing) === 'Active') aws('AWSXrayWriteOnlyAccess')
    if (tracing?.kind === 'unknown') holdUnknown(holding, tracing, `${id}.Tracing`, context)
  }
  const boundary = setting('PermissionsBoundary')
  holding.boundary = scalarText(boundary)
  if (holding.boundary === null) holdUnknown(holding, boundary, `${id}.PermissionsBoundary`, context)
  const { tags, unknown } = stackTags(propertyOf(own, 'Tags'))
  holding.tags = tags
  holdUnknown(holding, unknown, `${id}.Tags`, context)
  for (const [index, each] of itemsIn(setting('Policies')).entries())
    give(holding, each, `${id}.Policies[${index}]`, context, awsPolicies)
  holdings.add(holding)
}

/** A policy's name or ARN, a document, a statement, or a template of SAM's own. */
function give(
  holding: Holding,
  policy: Resolved,
  address: string,
  context: StackContext,
  awsPolicies: Pick<ManagedPolicyFacts, 'arnOf'>,
): void {
  const named = scalarText(policy)
  if (named !== null) {
    const arn = named.startsWith('arn:')
      ? named
      : awsPolicies.arnOf(named, context.names.place.account.partition)
    if (arn !== null) holding.managed.add(arn)
    else
      holdNotRead(holding, policy, address, context, `\`${named.slice(0, 100)}\`, a policy that is not known`)
    return
  }
  if (policy.kind === 'unknown') {
    holdUnknown(holding, policy, address, context)
    return
  }
  if (memberOf(policy, 'Statement') !== null) {
    holdInline(holding, textFrom(policy, nameOf(address)), policy, address, context)
    return
  }
  const key = policy.kind === 'map' ? policy.entries[0]?.key : undefined
  const what = key === undefined ? 'of another form' : `the policy template \`${key.slice(0, 100)}\``
  holdNotRead(holding, policy, address, context, what)
}

/** As SAM calls what has no name. */
const nameOf = (address: string): string =>
  address.replace(/\.Policies\[(\d+)\]$/, (_, at: string) => `RolePolicy${at}`)

function holdNotRead(
  holding: Holding,
  value: Resolved,
  address: string,
  { documents }: StackContext,
  what: string,
): void {
  const ref = entityRef(holding.kind, holding.name)
  holding.inline.set(`(${address})`, documents.notRead(value, address, ref, what))
}

const trustOf = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
})
