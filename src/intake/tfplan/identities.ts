import { warningOf } from '../../diagnostics/index.ts'
import { entityRef, type IdentityEntityKind, isIdentityKind, type StateOf } from '../../model/index.ts'
import { HELD_ELSEWHERE, type Holding, type Holdings, keyOfEntity, newHolding } from './holdings.ts'
import { type Instance, isConfigured, knownTextsAt, lengthAt, readAt, textAt } from './instance.ts'
import { ASSUMED, DOCUMENT, kindOfType, MANAGED, MEMBERS } from './kinds.ts'
import { grantKey, type PlanContext } from './plan-context.ts'
import { objectOf } from './plan-file.ts'
import { hasValue, madeUpName } from './plan-names.ts'

/** Reads the users, groups, roles and policies of one side, with what their own resources say of them. */
export function readIdentities(context: PlanContext, holdings: Holdings): void {
  const { side } = context
  // What is managed here comes before what is only looked up.
  for (const mode of ['managed', 'data'] as const)
    for (const instance of side.instances) {
      const kind = instance.mode === mode ? kindOfType(instance.type) : null
      if (kind === MANAGED) readPolicy(instance, context)
      else if (kind !== null && isIdentityKind(kind)) readIdentity(instance, kind, context, holdings)
    }
}

function readPolicy(instance: Instance, context: PlanContext): void {
  const { draft, names, accounts, documents, file } = context
  const { name, path, arn } = names.entityOf(instance, MANAGED)
  const { account } = accounts.placeOf(instance)
  // One of AWS's own that is looked up is known by the catalogue.
  if (instance.mode === 'data' && !arn.includes(`:${account.id}:`)) return
  const source = { file, address: instance.address }
  const document =
    documents.at(instance, [DOCUMENT], 'identity', entityRef(MANAGED, name)) ??
    documents.notHeld(instance.address)
  const state: StateOf<typeof MANAGED> = {
    kind: MANAGED,
    name,
    path,
    arn,
    description: '',
    document,
    versions: [{ id: 'v1', isDefault: true }],
    tags: tagsOf(instance).tags,
  }
  if (draft.entity(account, state, source) && instance.mode === 'data') context.lookedUp.add(arn)
}

function readIdentity(
  instance: Instance,
  kind: IdentityEntityKind,
  context: PlanContext,
  holdings: Holdings,
): void {
  const { names, accounts, documents } = context
  const entity = names.entityOf(instance, kind)
  const { account } = accounts.placeOf(instance)
  const ref = entityRef(kind, entity.name)
  const holding = newHolding(kind, account, entity, instance.address)
  if (instance.mode === 'data') {
    holding.manner = 'data'
    // Whatever else it holds nobody says.
    holding.inline.set(HELD_ELSEWHERE, documents.notHeld(`${entity.arn} held`))
  }
  if (!entity.isNameKnown) holding.inline.set('(its name)', documents.open(instance.address, ref, 'its name'))
  const { tags, isWhole, isSaid } = tagsOf(instance)
  holding.tags = tags
  holding.saysTags = isSaid
  if (!isWhole) holding.inline.set('(its tags)', documents.open(instance.address, ref, 'a tag'))
  if (kind !== MEMBERS) holding.boundary = boundaryOf(instance, holding, context)
  if (kind === ASSUMED) readRole(instance, holding, context)
  if (holdings.add(holding)) return
  if (instance.mode === 'data') return
  context.draft.find(
    warningOf({
      code: 'intake.twice',
      message: `${ref} is there twice, the second time at \`${instance.address}\``,
      help: 'the first one is taken',
    }),
  )
}

/** An ARN that leads nowhere stands for one that isn't known: whoever is bounded by it may do nobody knows what. */
function boundaryOf(instance: Instance, holding: Holding, context: PlanContext): string | null {
  const known = context.names.policyArnAt(instance, 'permissions_boundary')
  if (known !== null) return known
  if (!hasValue(instance, 'permissions_boundary')) return null
  holding.inline.set(
    '(its boundary)',
    context.documents.open(instance.address, entityRef(holding.kind, holding.name), 'its boundary'),
  )
  return null
}

function readRole(instance: Instance, holding: Holding, context: PlanContext): void {
  const { documents } = context
  const ref = entityRef(ASSUMED, holding.name)
  const trust =
    instance.type === 'aws_iam_service_linked_role'
      ? null
      : documents.at(instance, ['assume_role_policy'], 'trust', `the trust policy of ${ref}`)
  holding.trust = trust ?? serviceTrust(instance, context, ref)
  holding.description = textAt(instance, 'description') ?? ''
  const seconds = readAt(instance, 'max_session_duration')
  if (seconds.is === 'known' && typeof seconds.value === 'number') holding.maxSessionDuration = seconds.value
  const holder = keyOfEntity(holding.account, ASSUMED, holding.name)
  const isLeft = (attribute: string, what: string): boolean =>
    context.side.name === 'before' ||
    isConfigured(instance, attribute) ||
    !context.earlier.has(grantKey(holder, what))
  if (readAt(instance, 'managed_policy_arns').is !== 'known') holding.tells.delete('managed')
  if (readAt(instance, 'inline_policy').is !== 'known') holding.tells.delete('inline')
  const { texts, isWhole } = knownTextsAt(instance, 'managed_policy_arns')
  for (const arn of texts) if (isLeft('managed_policy_arns', arn)) holding.managed.add(arn)
  if (!isWhole)
    holding.inline.set('(its policies)', documents.open(instance.address, ref, 'which policies are attached'))
  const blocks = lengthAt(instance, 'inline_policy')
  if (blocks === null)
    holding.inline.set('(inline)', documents.open(instance.address, ref, 'which inline policies it has'))
  for (let index = 0; index < (blocks ?? 0); index++) {
    // One without a name and a policy says that there are no others.
    if (!hasValue(instance, 'inline_policy', index, DOCUMENT)) continue
    const name = textAt(instance, 'inline_policy', index, 'name') ?? `${madeUpName(instance)}.${index}`
    const document = documents.at(instance, ['inline_policy', index, DOCUMENT], 'identity', ref)
    if (document !== null && isLeft('inline_policy', name)) holding.inline.set(name, document)
  }
}

/** Service-linked roles let in their service; of others without a document nothing is known. */
function serviceTrust(instance: Instance, { documents }: PlanContext, ref: string): Holding['trust'] {
  const service = textAt(instance, 'aws_service_name')
  if (service === null) return documents.notHeld(`${instance.address} trust`)
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  }
  return documents.read(document, 'trust', instance.address, `the trust policy of ${ref}`)
}

/** With those that the provider gives to everything, where the plan has them; without those whose value isn't known. */
export function tagsOf(instance: Instance): {
  readonly tags: ReadonlyMap<string, string>
  readonly isWhole: boolean
  /** Whether there is an attribute for them at all. */
  readonly isSaid: boolean
} {
  for (const attribute of ['tags_all', 'tags']) {
    const reading = readAt(instance, attribute)
    if (reading.is === 'absent') continue
    if (reading.is !== 'known') return { tags: new Map(), isWhole: false, isSaid: true }
    const keys = Object.keys(objectOf(reading.value))
    const tags = keys.flatMap((key) => {
      const value = readAt(instance, attribute, key)
      return value.is === 'known' && typeof value.value === 'string' ? [[key, value.value] as const] : []
    })
    return { tags: new Map(tags), isWhole: tags.length === keys.length, isSaid: true }
  }
  return { tags: new Map(), isWhole: true, isSaid: false }
}
