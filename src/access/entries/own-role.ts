import { isOfUnknownPath } from '../outsiders/outsider-names.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import type { Asked } from '../witness/decision.ts'

/**
 * The place of an entry. A session that gets in by the path of its role is told of apart from whoever has that ARN anyway, unless
 * an entry names it already.
 * @param key of the entry, by what it says
 * @param known entries by their places
 */
export function withOwnRole(
  key: string,
  known: ReadonlyMap<string, { readonly principals: ReadonlySet<string> }>,
  { context }: FoundRequest,
  { principal }: Asked,
): string {
  const { label, outsider } = principal
  if (outsider === undefined || !isOfUnknownPath(outsider)) return key
  const role = [...context].find(([name]) => name.toLowerCase() === 'aws:principalarn')?.[1]
  return role === undefined || known.get(key)?.principals.has(label) === true
    ? key
    : JSON.stringify([key, role])
}
