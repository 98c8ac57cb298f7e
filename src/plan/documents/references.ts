import {
  type Diagnostic,
  errorOf,
  type Located,
  nodeAt,
  type Span,
  spanOf,
  warningOf,
} from '../../diagnostics/index.ts'
import {
  type AnyDesiredEntity,
  type DesiredOf,
  type DesiredRole,
  type EntityKind,
  entityRef,
  isAwsManagedPolicyArn,
  keysOf,
  parseEntityArn,
} from '../../model/index.ts'
import { inNameOrder } from '../name-order.ts'
import { desiredOf, entitiesOf, fateOf, type PlanKind, type Planning } from '../planning.ts'
import { trustedElsewhere, trustedEntities, trustedProviders } from '../principals/trust.ts'
import { trustChange } from '../principals/trust-change.ts'
import { refuseChangesToAwsOwned } from '../removal/aws-owned.ts'
import { referencesToCheck } from './checked-references.ts'

/**
 * What a declared entity names must be there once the plan is carried out: declared, or existing and not deleted.
 * Names are resolved by the manifest; here it is ARNs that may live outside it.
 */
export function checkReferences(planning: Planning): void {
  const { arns, of, again } = referencesToCheck(planning)
  // Nearly all that is named is declared: then no ARN needs to be taken apart.
  const isMissing = (arn: string): boolean =>
    !arns.has(arn) && !isAwsManagedPolicyArn(arn) && !isThere(planning, arn)
  for (const kind of keysOf(planning.kinds))
    checkReferencesOf(planning, kind, of[kind], isMissing, again[kind])
}

function checkReferencesOf<K extends EntityKind>(
  planning: Planning,
  kind: K,
  toCheck: readonly AnyDesiredEntity[],
  isMissing: (arn: string) => boolean,
  again: Set<string>,
): void {
  const { attributes }: PlanKind<K> = planning.kinds[kind]
  const named = attributes.flatMap(({ name, refersTo }) => (refersTo === null ? [] : { name, ...refersTo }))
  // What may live outside the manifests comes first.
  const references = [...named.filter(({ by }) => by === 'arn'), ...named.filter(({ by }) => by === 'name')]
  const entities: ReadonlyMap<string, DesiredOf<K>> = planning.desired.entities[kind]
  const found: { readonly name: string; readonly diagnostic: Diagnostic }[] = []
  for (const { name: entityName } of toCheck) {
    const entity = entities.get(entityName)
    if (entity === undefined) continue
    const report = (attribute: string, what: string, text: string) =>
      found.push({ name: entity.name, diagnostic: dangling(planning, entity, attribute, what, text) })
    for (const { name, kind: to, by, namedIn } of references)
      for (const text of namedIn(entity))
        if (by === 'arn') {
          if (isMissing(text)) report(name, text, text)
        } else if (!desiredOf(planning.desired, to).has(text) && !remains(planning, to, text))
          report(name, entityRef(to, text), text)
    if (!('trustPolicy' in entity)) continue
    for (const trusted of trustedEntities(entity.trustPolicy.json, planning.observed.account))
      if (isMissing(trusted)) report('trustPolicy', trusted, trusted)
    for (const provider of trustedProviders(entity.trustPolicy.json, planning.observed.account))
      if (isMissing(provider))
        found.push({ name: entity.name, diagnostic: trustInNobody(planning, entity, provider) })
    // Who of another account is there may be another tale the next time.
    if (trustedElsewhere(entity.trustPolicy.json, planning.observed.account).length > 0)
      again.add(entity.name)
    for (const diagnostic of danglingElsewhere(planning, entity))
      found.push({ name: entity.name, diagnostic })
  }
  for (const { name } of found) again.add(name)
  for (const { diagnostic } of inNameOrder(found)) planning.diagnostics.push(diagnostic)
}

/**
 * A provider that isn't there. AWS stores such a trust, and lets nobody in by it; who comes to make a provider of that name
 * decides who does.
 */
function trustInNobody(planning: Planning, role: DesiredRole, provider: string): Diagnostic {
  const named = parseEntityArn(provider)
  const existing = named === null ? undefined : entitiesOf(planning.observed, named.kind).get(named.name)
  const what = existing?.arn === provider ? 'which this plan deletes' : 'which is neither declared nor there'
  return warningOf({
    code: 'plan.trust-in-missing-provider',
    message: `\`${entityRef(role.kind, role.name)}\` trusts \`${provider}\`, ${what}: nobody signs in by it`,
    help: 'declare the provider, or take it out of the trust policy',
    span: placeOfText(role, 'trustPolicy', provider),
  })
}

/**
 * Users and roles of the project's other accounts that a trust policy names. AWS refuses to store one that names
 * nobody; one that is stored already stays, whatever becomes of those whom it names.
 */
function danglingElsewhere(planning: Planning, role: DesiredRole): readonly Diagnostic[] {
  const { others, observed } = planning
  return trustedElsewhere(role.trustPolicy.json, observed.account).flatMap((arn) => {
    const fate = others.fateOf(arn)
    if (fate !== 'missing' && !(fate === 'goes' && isTrustWritten(planning, role))) return []
    const owner = others.nameOf(parseEntityArn(arn)?.account ?? '')
    const declared = others.declaredArnOf(arn)
    return [
      errorOf({
        code: 'plan.dangling-reference',
        message:
          fate === 'goes'
            ? `\`${entityRef('role', role.name)}\` names \`${arn}\`, which the plan of account \`${owner}\` deletes`
            : `\`${entityRef('role', role.name)}\` names \`${arn}\`, which is neither declared nor there in account \`${owner}\``,
        help:
          declared !== null && declared !== arn
            ? `its ARN is \`${declared}\``
            : fate === 'goes'
              ? 'declare it again, or remove the reference'
              : 'declare it, create it, or remove the reference',
        span: placeOfText(role, 'trustPolicy', arn),
      }),
    ]
  })
}

function isTrustWritten(planning: Planning, role: DesiredRole): boolean {
  const state = planning.observed.entities.role.get(role.name)
  return (
    state === undefined ||
    fateOf(planning, state) === 'replace' ||
    trustChange(planning, state.trustPolicy, role) === 'write'
  )
}

function isThere(planning: Planning, arn: string): boolean {
  const named = parseEntityArn(arn)
  if (named === null || named.account !== planning.observed.account.id) return true
  const desired = desiredOf(planning.desired, named.kind).get(named.name)
  if (desired !== undefined) return desired.arn === arn
  return remains(planning, named.kind, named.name, arn)
}

function remains(planning: Planning, kind: EntityKind, name: string, arn?: string): boolean {
  const state = entitiesOf(planning.observed, kind).get(name)
  if (state === undefined || (arn !== undefined && state.arn !== arn)) return false
  return fateOf(planning, state) !== 'delete'
}

function dangling(
  planning: Planning,
  entity: AnyDesiredEntity,
  attribute: string,
  what: string,
  text: string,
): Diagnostic {
  const named = parseEntityArn(text)
  const elsewhere = named === null ? undefined : desiredOf(planning.desired, named.kind).get(named.name)?.arn
  const existing = named === null ? undefined : entitiesOf(planning.observed, named.kind).get(named.name)
  const deleted = existing !== undefined && existing.arn === text && fateOf(planning, existing) === 'delete'
  return errorOf({
    code: 'plan.dangling-reference',
    message: deleted
      ? `\`${entityRef(entity.kind, entity.name)}\` names \`${what}\`, which this plan deletes`
      : `\`${entityRef(entity.kind, entity.name)}\` names \`${what}\`, which is neither declared nor in the account`,
    help:
      elsewhere !== undefined && elsewhere !== text
        ? `its ARN is \`${elsewhere}\``
        : deleted
          ? 'declare it again, or remove the reference'
          : 'declare it, create it, or remove the reference',
    span: placeOfText(entity, attribute, text),
  })
}

/** The scalar that names `text`, by ARN or by name, or else the whole attribute. */
function placeOfText(entity: AnyDesiredEntity, attribute: string, text: string): Span {
  const attributeNode = nodeAt(entity.node, [attribute])
  if (attributeNode === null) return spanOf(entity.span)
  const name = text.slice(text.lastIndexOf('/') + 1)
  const located =
    attribute === 'trustPolicy' && entity.kind === 'role'
      ? (entity.trustPolicy.located ?? attributeNode)
      : attributeNode
  return spanOf(findScalar(located, text) ?? findScalar(located, name) ?? attributeNode)
}

function findScalar(node: Located, value: string): Located | null {
  switch (node.kind) {
    case 'scalar':
      return node.value === value ? node : null
    case 'list':
      for (const item of node.items) {
        const found = findScalar(item, value)
        if (found !== null) return found
      }
      return null
    case 'map':
      for (const entry of node.entries) {
        const found = findScalar(entry.value, value)
        if (found !== null) return found
      }
      return null
  }
}

/** Names that are taken: by AWS, or in another case, since `Alice` can't stand beside `alice`, nor quietly become it. */
export function checkNames(planning: Planning): void {
  refuseChangesToAwsOwned(planning)
  for (const kind of keysOf(planning.kinds)) {
    const observed = entitiesOf(planning.observed, kind)
    const created = planning.toLookAt[kind].unsettled.filter(({ name }) => !observed.has(name))
    if (created.length === 0) continue
    for (const prefix of planning.kinds[kind].facts.reservedNames ?? [])
      for (const { name, span } of created)
        if (name.startsWith(prefix)) planning.diagnostics.push(reservedName(kind, name, prefix, span))
    const byLowerCase = new Map([...observed.keys()].map((name) => [name.toLowerCase(), name]))
    for (const entity of created) {
      const existing = byLowerCase.get(entity.name.toLowerCase())
      if (existing === undefined) continue
      planning.diagnostics.push(
        errorOf({
          code: 'plan.name-differs-in-case',
          message: `the account has \`${kind}/${existing}\`, and names that differ only in case are one name to IAM`,
          help: `write \`${existing}\`, or choose another name`,
          span: entity.span,
        }),
      )
    }
  }
}

/** One that is there keeps its name; so does AWS's own. */
const reservedName = (kind: EntityKind, name: string, prefix: string, span: Span): Diagnostic =>
  errorOf({
    code: 'plan.reserved-name',
    message: `\`${entityRef(kind, name)}\` is not there, and AWS alone makes what is named \`${prefix}…\``,
    help: 'choose another name',
    span,
  })
