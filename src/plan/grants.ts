import type { Detail } from '../model/detail.ts'
import type { PlacedDocument } from '../model/index.ts'
import { listDetail, policyDetail, tagDetails, valueDetail } from './details.ts'
import type { DesiredPrincipal, Grants, PrincipalState } from './grant-change.ts'
import { declaredAttributes, memberChange, wantedValue } from './ownership.ts'
import { changeKey, desiredOf, type Planning } from './planning.ts'
import { sameMeaning } from './same-meaning.ts'

const NO_NAMES: readonly string[] = []
const NO_DOCUMENTS: ReadonlyMap<string, PlacedDocument> = new Map()
const NO_TAGS: ReadonlyMap<string, string> = new Map()

/** Compares what an entity is granted with what it should be. */
export function compareGrants(
  planning: Planning,
  observed: PrincipalState | null,
  desired: DesiredPrincipal,
): Grants {
  const known = observed === null ? undefined : planning.compared.get(observed)
  if (known !== undefined) return known
  const grants = compare(planning, observed, desired)
  if (observed !== null) planning.compared.set(observed, grants)
  return grants
}

/** The same for what exists; null: it is not declared here. */
export function grantsOf(planning: Planning, holder: PrincipalState): Grants | null {
  const desired = desiredOf(planning.desired, holder.kind).get(holder.name)
  return desired === undefined || desired.kind === 'policy' ? null : compareGrants(planning, holder, desired)
}

function compare(
  { declaredBefore, observed: { account } }: Planning,
  observed: PrincipalState | null,
  desired: DesiredPrincipal,
): Grants {
  const before = declaredAttributes(declaredBefore, desired)
  const inlineNow = observed?.inlinePolicies ?? NO_DOCUMENTS
  const inline = memberChange(inlineNow.keys(), desired.inlinePolicies?.keys(), before.inlinePolicies)
  const tagsBefore = tagsOf(observed)
  const tags = memberChange(tagsBefore.keys(), tagsWanted(desired)?.keys(), before.tags)
  const boundaryBefore = boundaryOf(observed)
  return {
    kind: desired.kind,
    name: desired.name,
    arn: desired.arn,
    key: changeKey(desired.kind, desired.arn),
    observed,
    desired,
    managed: memberChange(
      observed?.managedPolicies ?? NO_NAMES,
      desired.managedPolicies,
      before.managedPolicies,
    ),
    groups:
      desired.kind === 'user'
        ? memberChange(observed?.kind === 'user' ? observed.groups : NO_NAMES, desired.groups, before.groups)
        : { added: [], removed: [], unmanaged: [] },
    inlineRemoved: inline.removed,
    inlineUnmanaged: inline.unmanaged,
    inlinePut: [...(desired.inlinePolicies ?? [])].flatMap(([name, after]) => {
      const now = inlineNow.get(name) ?? null
      return now !== null && sameMeaning(now.json, after.json, account) ? [] : [{ name, before: now, after }]
    }),
    boundaryBefore,
    boundaryAfter:
      desired.kind === 'group'
        ? null
        : wantedValue(boundaryBefore, desired.permissionsBoundary, before.permissionsBoundary, null),
    tagsBefore,
    tagsAfter: tagsWanted(desired) ?? withoutKeys(tagsBefore, tags.removed),
    tagsUnmanaged: tags.unmanaged,
  }
}

const boundaryOf = (state: PrincipalState | null): string | null =>
  state === null || state.kind === 'group' ? null : state.permissionsBoundary

const tagsOf = (state: PrincipalState | null): ReadonlyMap<string, string> =>
  state === null || state.kind === 'group' ? NO_TAGS : state.tags

const tagsWanted = (desired: DesiredPrincipal): ReadonlyMap<string, string> | undefined =>
  desired.kind === 'group' ? undefined : desired.tags

export function withoutKeys(
  map: ReadonlyMap<string, string>,
  keys: readonly string[],
): ReadonlyMap<string, string> {
  return keys.length === 0 ? map : new Map([...map].filter(([key]) => !keys.includes(key)))
}

/** What a reviewer reads of the grants. */
export function grantDetails(grants: Grants, { observed: { account } }: Planning): readonly Detail[] {
  return [
    ...listDetail('groups', grants.groups.added, grants.groups.removed),
    ...listDetail('managedPolicies', grants.managed.added, grants.managed.removed),
    ...valueDetail('permissionsBoundary', grants.boundaryBefore, grants.boundaryAfter),
    ...grants.inlineRemoved.flatMap((name) =>
      policyDetail(
        `inlinePolicies.${name}`,
        grants.observed?.inlinePolicies.get(name)?.json ?? null,
        null,
        account,
      ),
    ),
    ...grants.inlinePut.flatMap(({ name, before, after }) =>
      policyDetail(`inlinePolicies.${name}`, before?.json ?? null, after.json, account),
    ),
    ...tagDetails(grants.tagsBefore, grants.tagsAfter),
  ]
}
