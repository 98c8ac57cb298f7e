// Keys of which AWS's documentation doesn't say what requests of a service, or of a provider, have.

import type { PrincipalInState } from '../principals/examined-principal.ts'
import type { Region } from '../regions/region.ts'
import { grantsMore } from '../symbolic/open-rules.ts'
import { type Pins, pinnedTo } from '../symbolic/pins.ts'

/** What requests of a service say of an account, a principal and its id. */
const OF_SERVICES: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principaltype',
  'aws:userid',
  'kms:calleraccount',
])

/** Whether a key is one that requests of services may have, or not. @param key in lower case */
export const isOpenToServices = (key: string): boolean => OF_SERVICES.has(key)

/** Whoever signs in by a provider signs no request. @see IAM User Guide, "AWS global condition context keys" */
const isOfSigned = (key: string): boolean => /^aws:(?:principal.*|username|userid|sourceidentity)$/.test(key)

const NOTHING_KNOWN: Pins = { valueOf: () => undefined }

/**
 * What is settled of a principal's requests in a region. By the reading that grants less, a service has none of the keys that
 * it may have: only where they are taken into account as well, what hangs on them is seen.
 */
export function requestPins(
  state: PrincipalInState | null,
  region: Region,
  known: ReadonlyMap<string, readonly string[] | null>,
): Pins {
  const own = state?.pins ?? NOTHING_KNOWN
  const pins = known.size === 0 ? own : pinnedTo(own, known)
  switch (state?.facts.kind) {
    case 'service':
      return grantsMore(pins) ? pins : absentWhereOpen(pins, isOpenToServices)
    case 'provider':
      return region.type === 'trust' ? absentWhereOpen(pins, isOfSigned) : pins
    default:
      return pins
  }
}

const absentWhereOpen = (pins: Pins, isAbsent: (key: string) => boolean): Pins => ({
  valueOf: (key) => {
    const value = pins.valueOf(key)
    return value === undefined && isAbsent(key) ? null : value
  },
})
