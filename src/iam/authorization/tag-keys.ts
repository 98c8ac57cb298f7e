import type { Keys } from './call.ts'

/** As callers pass them. */
interface PassedTag {
  readonly Key?: unknown
  readonly Value?: unknown
}

/**
 * `aws:RequestTag/…` and `aws:TagKeys` of the tags that a call passes. Keys that differ in case alone are one key with several
 * values, which a plain operator is false of in an Allow and true in a Deny.
 */
export function passedTags(tags: unknown): Keys {
  if (!Array.isArray(tags) || tags.length === 0) return []
  const pairs = tags.flatMap((tag: PassedTag | null): [string, string][] =>
    typeof tag?.Key === 'string' ? [[tag.Key, typeof tag.Value === 'string' ? tag.Value : '']] : [],
  )
  return [...keysOfTags(['aws:RequestTag/'], pairs), ['aws:TagKeys', pairs.map(([key]) => key)]]
}

/** `aws:TagKeys` of keys that a call takes away. */
export const removedTags = (keys: unknown): Keys =>
  Array.isArray(keys) && keys.length > 0
    ? [['aws:TagKeys', keys.filter((key) => typeof key === 'string')]]
    : []

/** @param names what stands before the key: `aws:ResourceTag/` */
export function keysOfTags(
  names: readonly string[],
  tags: Iterable<readonly [key: string, value: string]>,
): Keys {
  const byKey = new Map<string, { readonly key: string; readonly values: string[] }>()
  for (const [key, value] of tags) {
    const known = byKey.get(key.toLowerCase())
    if (known === undefined) byKey.set(key.toLowerCase(), { key, values: [value] })
    else known.values.push(value)
  }
  return [...byKey.values()].flatMap(({ key, values }) =>
    names.map((name) => [`${name}${key}`, values] as const),
  )
}
