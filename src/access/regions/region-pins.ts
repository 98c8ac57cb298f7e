import type { EstateView } from '../estate-view.ts'
import type { Pins } from '../symbolic/pins.ts'
import type { Region } from './region.ts'

/** Of what an account owns, as far as ARNs tell: its organization, where it is declared. */
export function pinnedToOwn(account: string, view: EstateView, pins: Pins): Pins {
  const organization = view.organizationOf(account)
  return organization === null ? pins : { valueOf: (key) => organization.get(key) ?? pins.valueOf(key) }
}

/**
 * What is known of requests by what they are about: its account, the organization of that, where it is declared, and of one
 * resource its tags, under whatever names a service shows them.
 * @param isKey whether a key is known to the catalogue: of others nobody knows whether they speak of tags
 */
export function pinnedBy(
  region: Exclude<Region, { readonly type: 'rest' }>,
  view: EstateView,
  pins: Pins,
  isKey: (key: string) => boolean,
): Pins {
  const organization = view.organizationOf(region.owner)
  const tags =
    region.type === 'trust' || region.part === 'itself' ? foldedTags(view.tagsOf(region.arn)) : null
  const owner = [region.owner]
  const own = new Set(['aws', region.arn.split(':')[2] ?? ''])
  return {
    valueOf: (key) => {
      const [, service = '', tag] = /^([^:]+):resourcetag\/(.+)$/.exec(key) ?? []
      // What another service calls its tags is nothing here.
      if (tag !== undefined && tags !== null && isKey(key))
        return own.has(service) ? (tags.get(tag) ?? null) : null
      if (key === RESOURCE_ACCOUNT) return owner
      return organization?.get(key) ?? pins.valueOf(key)
    },
  }
}

const RESOURCE_ACCOUNT = 'aws:resourceaccount'

const foldedTags = (
  tags: ReadonlyMap<string, string> | null,
): ReadonlyMap<string, readonly string[]> | null =>
  tags === null ? null : new Map([...tags].map(([key, value]) => [key.toLowerCase(), [value]]))
