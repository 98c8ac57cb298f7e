import {
  type AccountState,
  type AnyEntityState,
  ENTITY_KINDS,
  isUnknown,
  type PolicyDocument,
  type StateDocument,
} from '../../model/index.ts'
import type { EstateView } from '../estate-view.ts'
import { writtenIn } from '../witness/written-keys.ts'

/**
 * Whether any policy that may decide for somebody of an account asks for a tag of a resource; one that can't be read may. Told by the
 * texts, since to put everybody together for it would be most of the work of a comparison.
 * @param tags in lower case
 */
export function asksForTags(view: EstateView, account: string, tags: ReadonlySet<string>): boolean {
  const state = view.accounts.get(account)
  if (state === undefined) return false
  for (const document of documentsOf(state, view)) {
    const asked = document === null ? 'any' : tagsIn(document)
    if (asked === 'any' || [...tags].some((tag) => asked.has(tag))) return true
  }
  const controls = view.controlsOf(account)?.flat() ?? []
  return controls.some(({ policy }) => [...writtenIn(policy).keys()].some((key) => tags.has(tagOf(key))))
}

const tagOf = (key: string): string => /:resourcetag\/(.*)$/i.exec(key)?.[1] ?? ''

/** null: it isn't known. */
function* documentsOf(
  state: AccountState,
  view: EstateView,
): Iterable<StateDocument | PolicyDocument | null> {
  const attached = new Set<string>()
  for (const kind of ENTITY_KINDS)
    for (const entity of (state.entities[kind] as ReadonlyMap<string, AnyEntityState>).values()) {
      if ('document' in entity) yield entity.document
      if ('inlinePolicies' in entity) yield* entity.inlinePolicies.values()
      if ('managedPolicies' in entity) for (const arn of entity.managedPolicies) attached.add(arn)
      if ('permissionsBoundary' in entity && entity.permissionsBoundary !== null)
        attached.add(entity.permissionsBoundary)
    }
  for (const arn of attached)
    if (/^arn:[^:]*:iam::aws:/.test(arn)) yield state.awsPolicies?.get(arn) ?? view.awsPolicy(arn)
}

const known = new WeakMap<object, ReadonlySet<string> | 'any'>()

/** The tags of resources that a document asks for, in lower case. */
function tagsIn(document: StateDocument | PolicyDocument): ReadonlySet<string> | 'any' {
  let tags = known.get(document)
  if (tags === undefined) {
    tags = 'unknown' in document && isUnknown(document) ? 'any' : tagsInText(JSON.stringify(document))
    known.set(document, tags)
  }
  return tags
}

const tagsInText = (text: string): ReadonlySet<string> =>
  new Set([...text.toLowerCase().matchAll(/resourcetag\/([^"},]+)/g)].map(([, tag = '']) => tag.trimEnd()))
