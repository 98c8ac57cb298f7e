import { spanOf } from '../../diagnostics/index.ts'
import {
  groupsOf,
  isEntityKind,
  isUnknown,
  parseArn,
  parseEntityArn,
  principalEntityNamed,
  type StateDocument,
} from '../../model/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import type { UnknownAccess } from '../access-entry.ts'
import type { EstateView } from '../estate-view.ts'
import type { Region } from '../regions/region.ts'

interface UnknownPlace {
  /** As `UnknownAccess` has it. */
  readonly policy: string
  readonly sid: null
  readonly source: UnknownAccess['source']
}

const NOWHERE: UnknownPlace = { policy: '', sid: null, source: null }

/**
 * Which document it is that nobody can read, or that has no clear meaning, where nothing is known of somebody's access.
 * @param label as findings call who it is about, or the ARN of a resource
 * @param region where the access is looked at; null: anywhere
 * @param views the first one in which something is found tells it
 * @returns no policy where it is something else that isn't known
 */
export function unknownPlace(
  label: string,
  region: Region | null,
  ...views: readonly EstateView[]
): UnknownPlace {
  for (const view of views) {
    const place = placeIn(label, region, view)
    if (place !== null) return place
  }
  return NOWHERE
}

function placeIn(label: string, region: Region | null, view: EstateView): UnknownPlace | null {
  for (const { id, document, use } of documentsOf(label, region, view)) {
    if (isUnknown(document)) return { policy: id, sid: null, source: document.place }
    if (view.knownPolicy(id, document, use) === null)
      return { policy: id, sid: null, source: document.located === null ? null : spanOf(document.located) }
  }
  return null
}

interface UsedDocument {
  readonly id: string
  readonly document: StateDocument
  readonly use: PolicyUse
}

function* documentsOf(label: string, region: Region | null, view: EstateView): Iterable<UsedDocument> {
  for (const arn of region?.type === 'resource' ? [region.arn] : [label]) {
    const { policy = null, policyOf = arn } = view.resourceOf(arn) ?? {}
    if (policy !== null) yield { id: policyOf, document: policy, use: 'resource' }
  }
  if (region?.type === 'trust') {
    const trust = view.roleOf(region.arn)?.trustPolicy
    if (trust !== undefined) yield { id: region.arn, document: trust, use: 'trust' }
  }
  const state = view.accounts.get(parseArn(label)?.account ?? '')
  const entity = principalEntityNamed(state?.entities, label)
  if (state === undefined || entity === null) return
  const managed = (arn: string, use: PolicyUse): readonly UsedDocument[] => {
    const named = parseEntityArn(arn)
    const own = named !== null && isEntityKind(named.kind) ? state.entities[named.kind].get(named.name) : null
    const document = own?.arn === arn && 'document' in own ? own.document : state.awsPolicies?.get(arn)
    return document === undefined ? [] : [{ id: arn, document, use }]
  }
  for (const holder of [entity, ...groupsOf(entity, state.entities)]) {
    for (const [name, document] of holder.inlinePolicies)
      yield { id: `inline:${name}`, document, use: 'identity' }
    for (const arn of holder.managedPolicies) yield* managed(arn, 'identity')
  }
  if (entity.permissionsBoundary !== null) yield* managed(entity.permissionsBoundary, 'boundary')
  if ('trustPolicy' in entity) yield { id: entity.arn, document: entity.trustPolicy, use: 'trust' }
}
