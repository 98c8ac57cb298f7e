import { plainOf, spanOf, warningOf } from '../../diagnostics/index.ts'
import { ENTITIES, entityArn, entityRef, type IdentityEntityKind, isIdentityKind } from '../../model/index.ts'
import { type Holding, type Holdings, newHolding } from '../tfplan/holdings.ts'
import { generatedName } from './made-up-names.ts'
import { itemsIn, memberOf, type Resolved, scalarText, type UnknownValue, unknownIn } from './resolved.ts'
import { resourcesOf, type StackContext, type StackResource, stackTags } from './stack-context.ts'
import { kindOfStackType, propertyOf } from './stack-names.ts'

const SERVICE_LINKED = 'AWS::IAM::ServiceLinkedRole'

export const IDENTITY_TYPES: readonly string[] = [
  'AWS::IAM::User',
  'AWS::IAM::Group',
  'AWS::IAM::Role',
  'AWS::IAM::ManagedPolicy',
  SERVICE_LINKED,
]

/** Reads the users, groups, roles and policies of a template, with what their own resources say of them. */
export function readStackIdentities(context: StackContext, holdings: Holdings): void {
  for (const resource of resourcesOf(context, (type) => IDENTITY_TYPES.includes(type))) {
    const kind = kindOfStackType(resource.type)
    if (kind === 'policy') readManagedPolicy(resource, context)
    else if (resource.type === SERVICE_LINKED) readServiceLinkedRole(resource, context, holdings)
    else if (kind !== null && isIdentityKind(kind)) readIdentity(resource, kind, context, holdings)
  }
}

function readManagedPolicy(resource: StackResource, { names, draft, documents, file }: StackContext): void {
  const named = names.nameOf(resource)
  if (named === null) return
  const { name, path, arn } = named
  const holds = entityRef('policy', name)
  const value = propertyOf(resource.own, 'PolicyDocument')
  const document =
    unknownFirst([resource.hangsOn], (unknown) => documents.notYet(unknown, unknown, resource.id, holds)) ??
    documents.at(value, 'identity', `${resource.id}.PolicyDocument`, holds) ??
    documents.made({}, 'identity', resource.id, holds)
  draft.entity(
    names.place.account,
    {
      kind: 'policy',
      name,
      path,
      arn,
      description: scalarText(propertyOf(resource.own, 'Description')) ?? '',
      document,
      versions: [{ id: 'v1', isDefault: true }],
      tags: new Map(),
    },
    { file, address: resource.id },
  )
}

function readIdentity(
  resource: StackResource,
  kind: IdentityEntityKind,
  context: StackContext,
  holdings: Holdings,
): void {
  const { names, draft } = context
  const named = names.nameOf(resource)
  if (named === null) return
  const { own, id } = resource
  const holding = newHolding(kind, names.place.account, named, id)
  const property = (name: string) => propertyOf(own, name)
  if (own?.kind === 'unknown') holdUnknown(holding, own, id, context)
  if (resource.hangsOn !== null) holdUnknown(holding, resource.hangsOn, `${id}.Condition`, context)
  if (!named.isOwn) {
    const said = property(NAME_OF[kind])
    holdUnknown(
      holding,
      said?.kind === 'unknown' ? said : property('Path'),
      `${id}.${NAME_OF[kind]}`,
      context,
    )
  }
  holdPolicies(holding, own, id, context)
  if (kind !== 'group') {
    const { tags, unknown } = stackTags(property('Tags'))
    holding.tags = tags
    holdUnknown(holding, unknown, `${id}.Tags`, context)
    const boundary = property('PermissionsBoundary')
    holding.boundary = scalarText(boundary)
    if (holding.boundary === null) holdUnknown(holding, boundary, `${id}.PermissionsBoundary`, context)
  }
  if (kind === 'user')
    for (const group of itemsIn(property('Groups'))) {
      const name = scalarText(group)
      if (name === null) holdUnknown(holding, group, `${id}.Groups`, context)
      else holding.groups.add(name)
    }
  if (kind === 'role') readRole(holding, resource, context)
  if (holdings.add(holding)) return
  draft.find(
    warningOf({
      code: 'intake.twice',
      message: `${entityRef(kind, named.name)} is there twice, the second time as \`${id}\``,
      help: 'the first one is taken',
      span: resource.span,
    }),
  )
}

const NAME_OF: Readonly<Record<IdentityEntityKind, string>> = {
  user: 'UserName',
  group: 'GroupName',
  role: 'RoleName',
}

function readRole(holding: Holding, resource: StackResource, { documents }: StackContext): void {
  const { own, id } = resource
  const holds = `the trust policy of ${entityRef('role', holding.name)}`
  const trust = propertyOf(own, 'AssumeRolePolicyDocument')
  holding.trust =
    unknownFirst([resource.hangsOn], (unknown) => documents.notYet(unknown, unknown, id, holds)) ??
    documents.at(trust, 'trust', `${id}.AssumeRolePolicyDocument`, holds) ??
    documents.made({}, 'trust', id, holds)
  holding.description = scalarText(propertyOf(own, 'Description')) ?? ''
  const seconds = Number(scalarText(propertyOf(own, 'MaxSessionDuration')) ?? Number.NaN)
  if (Number.isInteger(seconds)) holding.maxSessionDuration = seconds
}

/** The managed and inline policies that a resource says of itself. @param own its properties */
function holdPolicies(holding: Holding, own: Resolved | null, id: string, context: StackContext): void {
  for (const each of itemsIn(propertyOf(own, 'ManagedPolicyArns'))) {
    const arn = scalarText(each)
    if (arn === null) holdUnknown(holding, each, `${id}.ManagedPolicyArns`, context)
    else holding.managed.add(arn)
  }
  for (const [index, each] of itemsIn(propertyOf(own, 'Policies')).entries()) {
    const address = `${id}.Policies[${index}]`
    const document = memberOf(each, 'PolicyDocument')
    if (each.kind === 'unknown') holdUnknown(holding, each, address, context)
    else holdInline(holding, memberOf(each, 'PolicyName'), document ?? each, address, context)
  }
}

/** @param name of the policy; one that isn't known has no say in what it grants */
export function holdInline(
  holding: Holding,
  name: Resolved | null,
  document: Resolved,
  address: string,
  { documents }: StackContext,
): void {
  const read = documents.at(document, 'identity', address, entityRef(holding.kind, holding.name))
  if (read !== null) holding.inline.set(freeName(holding, scalarText(name) ?? generatedName(address)), read)
}

/** Of two of the same name IAM keeps the last, and in which order they come nobody says: both count. */
function freeName({ inline }: Holding, name: string): string {
  let free = name
  for (let count = 2; inline.has(free); count++) free = `${name} (${count})`
  return free
}

/** What somebody has, and nobody knows what it is. @param value null, or known: nothing is unknown */
export function holdUnknown(
  holding: Holding,
  value: Resolved | null,
  address: string,
  { documents }: StackContext,
): void {
  if (value === null) return
  const unknown = unknownIn(value) ?? {
    kind: 'unknown',
    of: 'what is of no form that can be read',
    basis: JSON.stringify(value.kind === 'scalar' ? plainOf(value) : value.kind),
    ...spanOf(value),
  }
  const document = documents.notYet(value, unknown, address, entityRef(holding.kind, holding.name))
  holding.inline.set(`(${address})`, document)
}

/** What it is, where one of some values isn't known. */
function unknownFirst<T>(values: readonly (Resolved | null)[], say: (unknown: UnknownValue) => T): T | null {
  for (const each of values) if (each?.kind === 'unknown') return say(each)
  return null
}

/** What AWS gives to it no template says. */
function readServiceLinkedRole(resource: StackResource, context: StackContext, holdings: Holdings): void {
  const { names, documents } = context
  const service = scalarText(propertyOf(resource.own, 'AWSServiceName'))
  const name = `AWSServiceRoleFor.${generatedName(resource.id)}`
  const path = `/aws-service-role/${service ?? 'known-after-apply'}/`
  const arn = entityArn(names.place.account, ENTITIES.role, path, name)
  const holding = newHolding('role', names.place.account, { name, path, arn }, resource.id)
  const statement = { Effect: 'Allow', Principal: { Service: service ?? '' }, Action: 'sts:AssumeRole' }
  const holds = `the trust policy of ${entityRef('role', name)}`
  holding.trust =
    service === null
      ? documents.made({}, 'trust', resource.id, holds)
      : documents.made({ Version: '2012-10-17', Statement: [statement] }, 'trust', resource.id, holds)
  holding.inline.set('(of the service)', { unknown: 'not-held', text: `${arn} held`, place: null })
  holdings.add(holding)
}
