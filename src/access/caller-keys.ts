import type { PrincipalFacts } from '../evaluator/principal.ts'
import type { EstateView } from './estate-view.ts'
import type { KeyFacts } from './symbolic/key-theory.ts'
import { COLON, type Glob, literalGlob, ONE_IN_SEGMENT, STAR, STAR_IN_SEGMENT } from './symbolic/tokens.ts'

/** What keys can be for some callers, beside what the catalogue says of them. */
export interface CallerKeys {
  /** Equal ones say the same of every key. */
  readonly id: string
  /** @param key in lower case. @returns null: nothing is known */
  readonly factsOf: (key: string) => Partial<KeyFacts> | null
}

/** A text of at least one character, and none with a colon. */
export const WORD: Glob = [ONE_IN_SEGMENT, STAR_IN_SEGMENT]

/** Names that no host has: something stands before each dot. */
export const NO_HOSTS: readonly Glob[] = [
  [...literalGlob('.'), STAR],
  [STAR, ...literalGlob('..'), STAR],
]
/** Of whoever is in an organization. */
const ANY_ORGANIZATION: Glob = [...literalGlob('o-'), ...WORD]
const ANY_ORGANIZATION_PATH: Glob = [...literalGlob('o-'), ...WORD, ...literalGlob('/'), STAR]

/** What a request says of the caller's organization, where that isn't known: any there is but those that are known. */
export function organizationFacts(key: string, notOf: string | null): Partial<KeyFacts> | null {
  if (key === 'aws:principalorgid')
    return {
      within: [ANY_ORGANIZATION],
      ...(notOf === null ? {} : { without: [literalGlob(notOf)] }),
    }
  if (key === 'aws:principalorgpaths')
    return {
      within: [ANY_ORGANIZATION_PATH],
      ...(notOf === null ? {} : { without: [[...literalGlob(`${notOf}/`), STAR]] }),
    }
  return null
}

/** @see IAM User Guide, "IAM identifiers": unique identifiers; "IAM policy elements: Variables": principal key values */
export const userIdOf = (kind: 'user' | 'role'): Glob =>
  kind === 'user' ? [...literalGlob('AIDA'), ...WORD] : [...literalGlob('AROA'), ...WORD, COLON, ...WORD]

/**
 * Of somebody of the estate: a unique id, which isn't known, has its form; and whether an account outside of the declared
 * organization is in another isn't known.
 */
export function entityKeys({ kind, account }: PrincipalFacts, view: EstateView): CallerKeys {
  const { organization } = view.estate
  const isMember = account !== null && view.isMember(account)
  const notOf = isMember ? null : (organization?.id ?? null)
  return {
    id: `${kind} ${isMember ? 'member' : (notOf ?? '')}`,
    factsOf: (key) => {
      if (key === 'aws:sourceidentity') return kind === 'role' ? { maySeveral: false } : null
      if (key === 'aws:userid' && (kind === 'user' || kind === 'role'))
        return { within: [userIdOf(kind)], mayBeAbsent: false, maySeveral: false }
      return isMember ? null : organizationFacts(key, notOf)
    },
  }
}
