import { isUnknown, type ResourceFacts, type RoleState } from '../../model/index.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { EstateView } from '../estate-view.ts'
import { contentOf } from '../principals/policy-content.ts'

export const hasSameOrganization = (a: EstateView, b: EstateView): boolean =>
  a.estate.organization === b.estate.organization

/** What isn't known is the same where its text is. */
export function isSameTrust(
  before: RoleState | null,
  after: RoleState | null,
  [old = null, now = null]: readonly (ParsedPolicy | null)[],
): boolean {
  if (before === null || after === null) return false
  const documents = [before.trustPolicy, after.trustPolicy]
  if (!documents.some(isUnknown)) return contentOf(old) === contentOf(now)
  const [a, b] = documents.map((document) => (isUnknown(document) ? document.text : null))
  return a === b
}

/** The same of a resource's own policy; null: it isn't declared. */
export function isSamePolicy(
  before: ResourceFacts | null,
  after: ResourceFacts | null,
  [old = null, now = null]: readonly (ParsedPolicy | null)[],
): boolean {
  if ((before === null) !== (after === null)) return false
  const documents = [before?.policy ?? null, after?.policy ?? null]
  if (!documents.some((document) => document !== null && isUnknown(document)))
    return contentOf(old) === contentOf(now)
  const [a, b] = documents.map((document) =>
    document !== null && isUnknown(document) ? document.text : null,
  )
  return a === b
}

type Tagged = Pick<ResourceFacts, 'tags'> | null

/** Of a resource that only one state declares the tags are taken to be the same in both. */
export const hasSameTags = (a: Tagged, b: Tagged): boolean =>
  a === null ||
  b === null ||
  a.tags === b.tags ||
  JSON.stringify([...(a?.tags ?? [])].sort()) === JSON.stringify([...(b?.tags ?? [])].sort())
