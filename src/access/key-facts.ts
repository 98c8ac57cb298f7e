import type { ActionFacts } from '../catalog/actions.ts'
import { PRINCIPAL_TAG } from './session-tags/tag-keys.ts'
import type { KeyFacts } from './symbolic/key-theory.ts'

/** Every request has them, whoever makes it. @see IAM User Guide, "AWS global condition context keys" */
const ALWAYS: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:resourceaccount',
  'aws:securetransport',
  'aws:viaawsservice',
])
/** Those of whoever has temporary credentials. */
const OF_SESSIONS: ReadonlySet<string> = new Set(['aws:tokenissuetime'])

const VALUES: Readonly<Record<string, KeyFacts['values']>> = {
  Bool: 'boolean',
  Boolean: 'boolean',
  Numeric: 'number',
  Date: 'date',
  IPAddress: 'address',
}

/**
 * What keys can be, by the catalogue.
 * @param isSession whoever asks has temporary credentials
 * @param present further keys that are never absent, in lower case
 */
export function keyFactsFrom(
  facts: ActionFacts,
  { isSession, present }: { readonly isSession: boolean; readonly present: ReadonlySet<string> },
): (key: string) => KeyFacts {
  const known = new Map<string, KeyFacts>()
  return (key) => {
    let found = known.get(key)
    if (found === undefined) {
      const type = facts.conditionKeyTypeOf(key)
      found = {
        // Dates of policies and numbers are compared with either kind of value.
        values: key === 'aws:epochtime' ? null : (VALUES[type ?? ''] ?? null),
        maySeveral: !key.startsWith(PRINCIPAL_TAG) && (type === null || type.startsWith('ArrayOf')),
        mayBeAbsent: !(ALWAYS.has(key) || present.has(key) || (isSession && OF_SESSIONS.has(key))),
      }
      known.set(key, found)
    }
    return found
  }
}
