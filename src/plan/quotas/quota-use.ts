import type { StateDocument } from '../../model/index.ts'
import type { QuotaName } from '../../model/quotas.ts'
import { leastSize } from '../../policy/size.ts'

/** Something of an entity that a quota of AWS bounds. */
export interface QuotaUse<State> {
  readonly quota: QuotaName
  /** The attribute under which it is declared. */
  readonly attribute: string
  /** What several of it are called: `groups`. Of a size: `characters of …`. */
  readonly what: string
  /** How much of it an entity takes. What can't be known counts as the least that it may be. */
  readonly used: (state: State) => number
}

/** @param attribute a list */
export const listed = <N extends string>(
  attribute: N,
  quota: QuotaName,
  what: string,
): QuotaUse<Readonly<Record<N, readonly string[]>>> => ({
  quota,
  attribute,
  what,
  used: (state) => state[attribute].length,
})

export const attached = (quota: QuotaName) => listed('managedPolicies', quota, 'managed policies')

/** All of one entity together. @see IAM User Guide, "IAM and AWS STS quotas": character limits */
export const inlined = (
  quota: QuotaName,
): QuotaUse<{ readonly inlinePolicies: ReadonlyMap<string, StateDocument> }> => ({
  quota,
  attribute: 'inlinePolicies',
  what: 'characters of inline policies',
  used: ({ inlinePolicies }) =>
    [...inlinePolicies.values()].reduce((sum, document) => sum + leastSize(document), 0),
})

/** Those that AWS sets don't count. @see IAM User Guide, "Tags for AWS Identity and Access Management resources" */
export const tagged = (quota: QuotaName): QuotaUse<{ readonly tags: ReadonlyMap<string, string> }> => ({
  quota,
  attribute: 'tags',
  what: 'tags',
  used: ({ tags }) => [...tags.keys()].filter((key) => !key.startsWith('aws:')).length,
})
