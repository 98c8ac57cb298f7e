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
  return context.size > 0 && /^(?:iam|sts):/i.test(action) ? credentialsIn(context) : 'other'
}

export function credentialsIn(context: Request['context']): Credentials {
  let isTemporary = false
  let hasMfa = false
  for (const [key, values] of context) {
    const lower = key.toLowerCase()
    if (lower === 'aws:tokenissuetime') isTemporary = values.length > 0
    if (lower === 'aws:multifactorauthpresent')
      hasMfa = values.some((value) => value.toLowerCase() === 'true')
  }
  if (!isTemporary) return 'other'
  return hasMfa ? 'temporaryWithMfa' : 'temporary'
}

/** Whether somebody may ask by credentials of GetSessionToken, and stay who they are: only a user is given such. */
export const getsSessionTokens = ({ kind }: Pick<PrincipalFacts, 'kind'>): boolean => kind === 'user'
