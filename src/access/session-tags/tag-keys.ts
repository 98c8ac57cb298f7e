import type { PolicyLayers } from '../../evaluator/layers.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import { variableNames } from '../../policy/variables.ts'

export const PRINCIPAL_TAG = 'aws:principaltag/'
export const REQUEST_TAG = 'aws:requesttag/'
export const TAG_KEYS = 'aws:tagkeys'
export const TRANSITIVE_KEYS = 'sts:transitivetagkeys'

const known = new WeakMap<ParsedPolicy, ReadonlySet<string>>()

/** Tags of whoever asks that a policy speaks of, in conditions or as variables: their keys in lower case. */
export function tagKeysOfPolicy(policy: ParsedPolicy): ReadonlySet<string> {
  let keys = known.get(policy)
  if (keys === undefined) {
    keys = new Set(policy.statements.flatMap(keysOfStatement))
    known.set(policy, keys)
  }
  return keys
}

function keysOfStatement({ conditions, resource }: ParsedPolicy['statements'][number]): readonly string[] {
  const texts = [...conditions.flatMap(({ values }) => values), ...(resource?.entries ?? [])]
  const names = [...conditions.map(({ key }) => key), ...texts.flatMap(variableNames)]
  return names.flatMap((name) => {
    const lower = name.toLowerCase()
    return lower.startsWith(PRINCIPAL_TAG) ? [lower.slice(PRINCIPAL_TAG.length)] : []
  })
}

/** The same of all policies that bind somebody, but for the resource's own. */
export function tagKeysInLayers({
  identity,
  boundary,
  session,
  scp = [],
  rcp = [],
}: PolicyLayers): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const union of [identity, boundary, session, ...scp, ...rcp])
    for (const { policy } of union ?? []) for (const key of tagKeysOfPolicy(policy)) keys.add(key)
  return keys
}

/** Tags among keys that belong to a principal, by their keys in lower case. */
export function tagsIn(context: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  const tags = new Map<string, string>()
  for (const [key, [value]] of context)
    if (value !== undefined && key.toLowerCase().startsWith(PRINCIPAL_TAG))
      tags.set(key.slice(PRINCIPAL_TAG.length).toLowerCase(), value)
  return tags
}
