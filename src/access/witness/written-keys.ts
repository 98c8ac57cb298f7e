import type { PolicyLayers } from '../../evaluator/layers.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'

/** Keys that the policies of a side speak of: as they are written, by key in lower case. */
export function writtenKeys({ layers }: { readonly layers: PolicyLayers }): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  for (const policy of Object.values(layers).flat(2))
    if (policy != null) for (const [key, spelling] of writtenIn(policy.policy)) keys.set(key, spelling)
  return keys
}

const mentioned = new WeakMap<ParsedPolicy, ReadonlyMap<string, string>>()

/** The same of one policy. */
export function writtenIn(policy: ParsedPolicy): ReadonlyMap<string, string> {
  const known = mentioned.get(policy)
  if (known !== undefined) return known
  const keys = new Map<string, string>()
  for (const { conditions, resource } of policy.statements) {
    for (const { key, values } of conditions) {
      keys.set(key.toLowerCase(), key)
      for (const value of values) addVariables(value, keys)
    }
    for (const entry of resource?.entries ?? []) addVariables(entry, keys)
  }
  mentioned.set(policy, keys)
  return keys
}

function addVariables(text: string, keys: Map<string, string>): void {
  if (!text.includes('${')) return
  for (const [, name = ''] of text.matchAll(/\$\{([^},]+)/g)) keys.set(name.trim().toLowerCase(), name.trim())
}
