import { separatorsAfter } from './arn.ts'
import type { Estate, ResourceFacts } from './estate.ts'

type Resources = Estate['resources']

/**
 * The declared resource that an ARN names, or lies in: a bucket for its objects; null: there is none.
 * @param from how much of the ARN may be its name; absent: all
 */
export function declaredFor(
  arn: string,
  resources: Resources,
  isMeant: (facts: ResourceFacts) => boolean = () => true,
  from = arn.length,
): ResourceFacts | null {
  if (resources.size === 0) return null
  const separators = separatorsAfter(arn)
  for (let end = from; end > 0; end--) {
    if (end < arn.length && !separators.some((separator) => arn.startsWith(separator, end))) continue
    const found = resources.get(arn.slice(0, end))
    if (found !== undefined && isMeant(found)) return found
  }
  return null
}

/**
 * Declared resources with the policies that decide about them, and whose they are: of what has no policy itself, as of what it
 * lies in. An object that is declared for its tags is still under the policy of its bucket, and belongs to the bucket's owner.
 * @param elsewhere what another state declares: what lies in something declared here is there as well, with its tags
 * @returns the same map where there is nothing of the kind
 */
export function heldResources(resources: Resources, elsewhere: Resources = new Map()): Resources {
  const held: [string, ResourceFacts][] = []
  for (const [arn, facts] of [...resources, ...elsewhere]) {
    const own = resources.get(arn)
    if (own !== undefined && own.policy !== null) continue
    const holder =
      holderOf(arn, resources, ({ policy }) => policy !== null) ?? holderOf(arn, resources, () => true)
    if (holder === null) continue
    const { policy, account, arn: policyOf } = holder
    held.push([arn, { ...(own ?? facts), account, policy, ...(policy === null ? {} : { policyOf }) }])
  }
  return held.length === 0 ? resources : new Map([...resources, ...held])
}

const holderOf = (arn: string, resources: Resources, isMeant: (facts: ResourceFacts) => boolean) =>
  declaredFor(arn, resources, isMeant, arn.length - 1)
