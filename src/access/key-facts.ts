import type { ActionFacts } from '../catalog/actions.ts'
import { KEY_FORMS, type KeyForm, mayBeEmpty } from '../evaluator/keys/key-forms.ts'
import { isAlwaysThere } from '../evaluator/keys/key-kinds.ts'
import { ACCOUNT_ID } from './account-id.ts'
import { PRINCIPAL_TAG } from './session-tags/tag-keys.ts'
import type { KeyFacts } from './symbolic/key-theory.ts'
import {
  COLON,
  type Glob,
  literalGlob,
  ONE_IN_NAME,
  SLASH,
  STAR,
  STAR_IN_NAME,
  STAR_IN_SEGMENT,
} from './symbolic/tokens.ts'

/** Those of whoever has temporary credentials. */
const OF_SESSIONS: ReadonlySet<string> = new Set(['aws:tokenissuetime'])

const VALUES: Readonly<Record<string, KeyFacts['values']>> = {
  Bool: 'boolean',
  Boolean: 'boolean',
  Numeric: 'number',
  Date: 'date',
  IPAddress: 'address',
}

const TRUTHS: readonly Glob[] = ['true', 'false'].map(literalGlob)

/** Where an account stands in an organization, behind the id of that: below its root, or in it. */
export const BELOW_ROOT: Glob = [...literalGlob('/r-'), ONE_IN_NAME, STAR_IN_NAME, SLASH, STAR]

const RESTS: Readonly<Record<KeyForm['rest'], Glob>> = {
  account: ACCOUNT_ID,
  name: [ONE_IN_NAME, STAR_IN_NAME],
  path: [ONE_IN_NAME, STAR_IN_NAME, ...BELOW_ROOT],
  text: [ONE_IN_NAME, STAR],
}

const globOf = ({ begins, rest }: KeyForm): Glob => [...literalGlob(begins), ...RESTS[rest]]

/** Of every request, in either form. */
export const isTimeOfRequest = (key: string): boolean => key === 'aws:currenttime' || key === 'aws:epochtime'

/** Ids hold none of the characters that are wildcards in patterns. */
export const WITH_WILDCARDS: readonly Glob[] = ['*', '?'].map((character) => [
  STAR,
  ...literalGlob(character),
  STAR,
])

/** ARNs of users, roles and the like end with a name, whatever their path. */
const WITHOUT_NAME: readonly Glob[] = [
  [
    ...literalGlob('arn:'),
    STAR_IN_SEGMENT,
    ...literalGlob(':iam:'),
    STAR_IN_SEGMENT,
    COLON,
    STAR_IN_SEGMENT,
    COLON,
    STAR,
    SLASH,
  ],
]

const withoutSome = (without: readonly Glob[]): Pick<KeyFacts, 'without'> =>
  without.length === 0 ? {} : { without }

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
      const form = KEY_FORMS.get(key)
      found = {
        // Dates of policies are compared with seconds as well.
        values: key === 'aws:epochtime' ? 'number' : (VALUES[type ?? ''] ?? null),
        maySeveral: !key.startsWith(PRINCIPAL_TAG) && (type === null || type.startsWith('ArrayOf')),
        mayBeAbsent: !(isAlwaysThere(key) || present.has(key) || (isSession && OF_SESSIONS.has(key))),
        ...((type === null || type === 'String') && mayBeEmpty(key) ? { mayBeEmpty: true } : {}),
        ...(VALUES[type ?? ''] === 'boolean' ? { within: TRUTHS } : {}),
        ...(form === undefined ? {} : { within: [globOf(form)] }),
        ...withoutSome([
          ...(form === undefined ? [] : WITH_WILDCARDS),
          ...(type === 'ARN' || type === 'ArrayOfARN' ? WITHOUT_NAME : []),
        ]),
      }
      known.set(key, found)
    }
    return found
  }
}
