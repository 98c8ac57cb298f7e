import { ENTITIES, entityRef, IDENTITY_KINDS, type IdentityEntityKind } from '../../model/index.ts'
import { type Holding, type Holdings, keyOfEntity } from './holdings.ts'
import { type Instance, lengthAt, textAt } from './instance.ts'
import { DOCUMENT, MEMBER, MEMBERS } from './kinds.ts'
import { grantKey, type PlanContext } from './plan-context.ts'
import { hasValue, madeUpName } from './plan-names.ts'

type Read = (instance: Instance, context: PlanContext, holdings: Holdings) => void

/** What gives policies and memberships to identities that are resources of their own, by type. */
const ATTACHMENTS: Readonly<Record<string, Read>> = {
  ...Object.fromEntries(
    IDENTITY_KINDS.flatMap((kind) => [
      [`aws_iam_${kind}_policy_attachment`, managedOf(kind)],
      [`aws_iam_${kind}_policy`, inlineOf(kind)],
    ]),
  ),
  aws_iam_policy_attachment: (instance, context, holdings) => {
    for (const kind of IDENTITY_KINDS)
      for (const holding of holdersAt(instance, kind, ENTITIES[kind].section, context, holdings))
        attach(holding, instance, ['policy_arn'], context)
  },
  aws_iam_user_group_membership: (instance, context, holdings) => {
    for (const holding of holderAt(instance, MEMBER, [MEMBER], context, holdings))
      for (const group of namesAt(instance, MEMBERS, ENTITIES[MEMBERS].section, context, holding))
        holding.groups.add(group)
  },
  aws_iam_group_membership: (instance, context, holdings) => {
    const group = context.names.nameAt(instance, MEMBERS, MEMBERS)
    for (const holding of holdersAt(instance, MEMBER, ENTITIES[MEMBER].section, context, holdings))
      if (group !== null) holding.groups.add(group)
      else unknownFor(holding, instance, context)
  },
}

/** What says that an identity has nothing besides, by type. */
const EXCLUSIVE: Readonly<Record<string, Read>> = Object.fromEntries(
  IDENTITY_KINDS.flatMap((kind) => [
    [`aws_iam_${kind}_policy_attachments_exclusive`, onlyManaged(kind)],
    [`aws_iam_${kind}_policies_exclusive`, onlyInline(kind)],
  ]),
)

export const ATTACHMENT_TYPES: readonly string[] = [...Object.keys(ATTACHMENTS), ...Object.keys(EXCLUSIVE)]

/** Gives the identities of one side what is attached to them. */
export function readAttachments(context: PlanContext, holdings: Holdings): void {
  for (const table of [ATTACHMENTS, EXCLUSIVE])
    for (const instance of context.side.instances)
      if (instance.mode === 'managed' && Object.hasOwn(table, instance.type))
        table[instance.type]?.(instance, context, holdings)
}

function managedOf(kind: IdentityEntityKind): Read {
  return (instance, context, holdings) => {
    for (const holding of holderAt(instance, kind, [kind], context, holdings))
      attach(holding, instance, ['policy_arn'], context)
  }
}

function inlineOf(kind: IdentityEntityKind): Read {
  return (instance, context, holdings) => {
    for (const holding of holderAt(instance, kind, [kind], context, holdings)) {
      const name =
        textAt(instance, 'name') ?? `${textAt(instance, 'name_prefix') ?? ''}${madeUpName(instance)}`
      const document = context.documents.at(instance, [DOCUMENT], 'identity', refOf(holding))
      if (document !== null) holding.inline.set(name, document)
      context.separate.add(grantKey(keyOfEntity(holding.account, kind, holding.name), name))
    }
  }
}

function onlyManaged(kind: IdentityEntityKind): Read {
  return (instance, context, holdings) => {
    for (const holding of holderAt(instance, kind, [`${kind}_name`], context, holdings)) {
      holding.managed.clear()
      const length = lengthAt(instance, 'policy_arns')
      if (length === null) unknownFor(holding, instance, context)
      else holding.only.add('managed')
      for (let index = 0; index < (length ?? 0); index++)
        attach(holding, instance, ['policy_arns', index], context)
    }
  }
}

function onlyInline(kind: IdentityEntityKind): Read {
  return (instance, context, holdings) => {
    for (const holding of holderAt(instance, kind, [`${kind}_name`], context, holdings)) {
      const length = lengthAt(instance, 'policy_names')
      const names = Array.from({ length: length ?? 0 }, (_, index) => textAt(instance, 'policy_names', index))
      if (length === null || names.includes(null)) continue
      holding.only.add('inline')
      for (const name of [...holding.inline.keys()])
        if (!names.includes(name) && !name.startsWith('(')) holding.inline.delete(name)
    }
  }
}

/** One at most: none where the attribute says nobody. Somebody of whom it isn't known who it is stands for whoever that is. */
function holderAt(
  instance: Instance,
  kind: IdentityEntityKind,
  path: readonly (string | number)[],
  context: PlanContext,
  holdings: Holdings,
): readonly Holding[] {
  if (!hasValue(instance, ...path)) return []
  const name = context.names.nameAt(instance, kind, ...path) ?? madeUpName(instance)
  const { account } = context.accounts.placeOf(instance)
  return [holdings.named(account, kind, name, (text) => context.documents.notHeld(text))]
}

function holdersAt(
  instance: Instance,
  kind: IdentityEntityKind,
  attribute: string,
  context: PlanContext,
  holdings: Holdings,
): readonly Holding[] {
  const length = lengthAt(instance, attribute)
  return length === null
    ? holderAt(instance, kind, [attribute], context, holdings)
    : Array.from({ length }, (_, index) =>
        holderAt(instance, kind, [attribute, index], context, holdings),
      ).flat()
}

function namesAt(
  instance: Instance,
  kind: IdentityEntityKind,
  attribute: string,
  context: PlanContext,
  holding: Holding,
): readonly string[] {
  const length = lengthAt(instance, attribute)
  const names = Array.from({ length: length ?? 0 }, (_, index) =>
    context.names.nameAt(instance, kind, attribute, index),
  )
  if (length === null || names.includes(null)) unknownFor(holding, instance, context)
  return names.filter((name) => name !== null)
}

function attach(
  holding: Holding,
  instance: Instance,
  path: readonly (string | number)[],
  context: PlanContext,
): void {
  const arn = context.names.policyArnAt(instance, ...path)
  if (arn !== null) {
    holding.managed.add(arn)
    context.separate.add(grantKey(keyOfEntity(holding.account, holding.kind, holding.name), arn))
  } else if (hasValue(instance, ...path)) unknownFor(holding, instance, context)
}

/** What somebody gets by a resource isn't known yet. */
function unknownFor(holding: Holding, instance: Instance, { documents }: PlanContext): void {
  holding.inline.set(
    `(${instance.address})`,
    documents.open(instance.address, refOf(holding), 'what it is given'),
  )
}

const refOf = ({ kind, name }: Holding): string => entityRef(kind, name)
