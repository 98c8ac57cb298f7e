import type { ActionFacts } from '../catalog/actions.ts'
import { ACCOUNT_ID } from './account-id.ts'
import { PRINCIPAL_TAG } from './session-tags/tag-keys.ts'
import type { KeyFacts } from './symbolic/key-theory.ts'
import { type Glob, literalGlob, ONE_IN_NAME, SLASH, STAR, STAR_IN_NAME } from './symbolic/tokens.ts'

/** Every request has them, whoever makes it. @see IAM User Guide, "AWS global condition context keys" */
const ALWAYS: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:requestedregion',
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

const ACCOUNT: readonly Glob[] = [ACCOUNT_ID]
const WORD: Glob = [ONE_IN_NAME, STAR_IN_NAME]
const beginning = (begin: string, ...more: Glob): readonly Glob[] => [[...literalGlob(begin), ...more]]

/**
 * What the texts of keys are like.
 * @see IAM User Guide, "AWS global condition context keys"; Amazon VPC API Reference, CreateVpc, CreateVpcEndpoint;
 * Organizations API Reference, Organization
 */
const FORMS: ReadonlyMap<string, readonly Glob[]> = new Map([
  ['aws:resourceorgid', beginning('o-', ...WORD)],
  ['aws:resourceorgpaths', beginning('o-', ...WORD, SLASH, STAR)],
  ['aws:sourceaccount', ACCOUNT],
  ['aws:sourcearn', beginning('arn:', ONE_IN_NAME, STAR)],
  ['aws:sourceorgid', beginning('o-', ...WORD)],
  ['aws:sourceorgpaths', beginning('o-', ...WORD, SLASH, STAR)],
  ['aws:sourceowner', ACCOUNT],
  ['aws:sourcevpc', beginning('vpc-', ...WORD)],
  ['aws:sourcevpce', beginning('vpce-', ...WORD)],
])

/** Ids hold none of the characters that are wildcards in patterns. */
export const WITH_WILDCARDS: readonly Glob[] = ['*', '?'].map((character) => [
  STAR,
  ...literalGlob(character),
  STAR,
])

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
      const within = FORMS.get(key)
      found = {
        // Dates of policies and numbers are compared with either kind of value.
        values: key === 'aws:epochtime' ? null : (VALUES[type ?? ''] ?? null),
        maySeveral: !key.startsWith(PRINCIPAL_TAG) && (type === null || type.startsWith('ArrayOf')),
        mayBeAbsent: !(ALWAYS.has(key) || present.has(key) || (isSession && OF_SESSIONS.has(key))),
        ...(within === undefined ? {} : { within, without: WITH_WILDCARDS }),
      }
      known.set(key, found)
    }
    return found
  }
}
