import type { IdentityEntityKind } from '../../model/index.ts'
import type { Holding, Holdings } from '../tfplan/holdings.ts'
import { generatedName } from './made-up-names.ts'
import { itemsIn, type Resolved, scalarText } from './resolved.ts'
import { resourcesOf, type StackContext, type StackResource } from './stack-context.ts'
import { holdInline, holdUnknown } from './stack-identities.ts'
import { propertyOf } from './stack-names.ts'

type Read = (resource: StackResource, context: StackContext, holdings: Holdings) => void

const MANAGED = 'AWS::IAM::ManagedPolicy'

/** What gives policies and memberships to identities that are resources of their own, by type. */
const ATTACHMENTS: Readonly<Record<string, Read>> = {
  'AWS::IAM::Policy': (resource, context, holdings) => {
    for (const holding of holdersIn(resource, context, holdings)) giveInline(holding, resource, context)
  },
  [MANAGED]: (resource, context, holdings) => {
    const arn = context.names.nameOf(resource)?.arn
    for (const holding of holdersIn(resource, context, holdings))
      if (resource.hangsOn !== null) holdUnknown(holding, resource.hangsOn, resource.id, context)
      else if (arn !== undefined) holding.managed.add(arn)
  },
  'AWS::IAM::UserPolicy': inlineOf('user', 'UserName'),
  'AWS::IAM::GroupPolicy': inlineOf('group', 'GroupName'),
  'AWS::IAM::RolePolicy': inlineOf('role', 'RoleName'),
  'AWS::IAM::UserToGroupAddition': (resource, context, holdings) => {
    const group = propertyOf(resource.own, 'GroupName')
    const name = scalarText(group)
    for (const holding of holdersAt(resource, 'user', 'Users', context, holdings))
      if (resource.hangsOn !== null || name === null)
        holdUnknown(holding, resource.hangsOn ?? group, resource.id, context)
      else holding.groups.add(name)
  },
}

export const ATTACHMENT_TYPES_OF_STACK: readonly string[] = Object.keys(ATTACHMENTS)

/** Gives the identities of a template what is attached to them. */
export function readStackAttachments(context: StackContext, holdings: Holdings): void {
  for (const resource of resourcesOf(context, (type) => Object.hasOwn(ATTACHMENTS, type)))
    ATTACHMENTS[resource.type]?.(resource, context, holdings)
}

function inlineOf(kind: IdentityEntityKind, property: string): Read {
  return (resource, context, holdings) => {
    for (const holding of holdersAt(resource, kind, property, context, holdings))
      giveInline(holding, resource, context)
  }
}

function giveInline(holding: Holding, resource: StackResource, context: StackContext): void {
  const { own, id, hangsOn } = resource
  const document = propertyOf(own, 'PolicyDocument')
  if (hangsOn !== null) holdUnknown(holding, hangsOn, id, context)
  else if (document !== null)
    holdInline(holding, propertyOf(own, 'PolicyName'), document, `${id}.PolicyDocument`, context)
}

const HOLDERS = [
  ['user', 'Users'],
  ['group', 'Groups'],
  ['role', 'Roles'],
] as const

const holdersIn = (resource: StackResource, context: StackContext, holdings: Holdings): readonly Holding[] =>
  HOLDERS.flatMap(([kind, property]) => holdersAt(resource, kind, property, context, holdings))

/** Somebody of whom it isn't known who it is stands for whoever that is. */
function holdersAt(
  { own, id }: StackResource,
  kind: IdentityEntityKind,
  property: string,
  { names, documents }: StackContext,
  holdings: Holdings,
): readonly Holding[] {
  const { account } = names.place
  const holder = (value: Resolved): Holding =>
    holdings.named(account, kind, scalarText(value) ?? generatedName(`${id}.${property}`), documents.notHeld)
  return itemsIn(propertyOf(own, property)).map(holder)
}
