import type { Request } from './decision.ts'
import type { PrincipalFacts } from './principal.ts'

/** How a user's credentials were made: by GetSessionToken, with or without MFA, or otherwise. */
export type Credentials = 'temporary' | 'temporaryWithMfa' | 'other'

/**
 * What a request's context shows of its credentials, as far as that limits what a user may call: only calls of IAM and
 * STS are limited.
 * @see IAM User Guide, "Compare AWS STS credentials"
 */
export function credentialsOf({ action, context }: Pick<Request, 'action' | 'context'>): Credentials {
  return context.size > 0 && limitsTemporary(action) ? credentialsIn(context) : 'other'
}

/** Whether an action is one of those that some credentials can't call. */
export const limitsTemporary = (action: string): boolean => /^(?:iam|sts):/i.test(action)

export function credentialsIn(context: Request['context']): Credentials {
  let isTemporary = false
  // Most contexts don't say: keys alone are walked twice as fast (row "in bulk" of W1).
  for (const key of context.keys())
    if (isSpelled(key, 'aws:tokenissuetime')) isTemporary = (context.get(key)?.length ?? 0) > 0
  if (!isTemporary) return 'other'
  let hasMfa = false
  for (const [key, values] of context)
    if (isSpelled(key, 'aws:multifactorauthpresent'))
      hasMfa = values.some((value) => value.toLowerCase() === 'true')
  return hasMfa ? 'temporaryWithMfa' : 'temporary'
}

/** Nothing of another length is the same in lower case, and most keys have another. */
const isSpelled = (key: string, lower: string): boolean =>
  key.length === lower.length && key.toLowerCase() === lower

/** Whether somebody may ask by credentials of GetSessionToken, and stay who they are: only a user is given such. */
export const getsSessionTokens = ({ kind }: Pick<PrincipalFacts, 'kind'>): boolean => kind === 'user'
