import { credentialsOf, getsSessionTokens } from '../credentials.ts'
import type { Request } from '../decision.ts'
import { isOpenToTemporary } from '../module/action-facts.ts'
import type { PrincipalFacts } from '../principal.ts'

/** A further action that a request needs as well. */
interface ImpliedAction {
  readonly action: string
  /** Keys of a request, in lower case, that need it. */
  readonly isFor: RegExp
  readonly why: string
}

/**
 * What a call that assumes a role passes along needs a permission of its own on the same role.
 * @see IAM User Guide, "Pass session tags in AWS STS"; "Monitor and control actions taken with assumed roles"
 */
export const PASSED_ALONG: readonly ImpliedAction[] = [
  {
    action: 'sts:TagSession',
    isFor: /^(?:aws:requesttag\/|aws:tagkeys$|sts:transitivetagkeys$)/,
    why: 'passing session tags needs `sts:TagSession` as well',
  },
  {
    action: 'sts:SetSourceIdentity',
    isFor: /^sts:sourceidentity$/,
    why: 'passing a source identity needs `sts:SetSourceIdentity` as well',
  },
  {
    action: 'sts:SetContext',
    isFor: /^sts:requestcontext(?:providers$|\/)/,
    why: 'passing a context of a provider needs `sts:SetContext` as well',
  },
]

/** @param passed keys that it may have beside those of its context */
export function impliedActions(
  { action, context }: Request,
  passed: Iterable<string> = [],
): readonly ImpliedAction[] {
  if (!/^sts:assumerole/i.test(action)) return []
  const keys = [...context.keys(), ...passed].map((key) => key.toLowerCase())
  return PASSED_ALONG.filter(({ isFor }) => keys.some((key) => isFor.test(key)))
}

/**
 * What the credentials of GetSessionToken can't call, whatever the policies; null: they can.
 * A user's request with `aws:TokenIssueTime` was made with them.
 * @see IAM User Guide, "Compare AWS STS credentials"
 */
export function callLimit(principal: PrincipalFacts, { action, context }: Request): string | null {
  const credentials = getsSessionTokens(principal) ? credentialsOf({ action, context }) : 'other'
  if (credentials === 'other' || isOpenToTemporary(action)) return null
  if (/^sts:/i.test(action))
    return 'of STS, temporary credentials of a user can call only AssumeRole and GetCallerIdentity'
  return credentials === 'temporary' ? 'temporary credentials of a user call IAM only with MFA' : null
}

/** Whether temporary credentials of somebody may call an action with MFA only. */
export const mayHangOnMfa = (principal: PrincipalFacts, action: string): boolean =>
  getsSessionTokens(principal) && /^iam:/i.test(action)
