import {
  KIND_ANONYMOUS,
  KIND_CANONICAL_USER,
  KIND_FEDERATED_USER,
  KIND_PROVIDER,
  KIND_ROLE,
  KIND_ROOT,
  KIND_SERVICE,
  KIND_UNIQUE_ID,
  KIND_USER,
} from '../../../assembly/wire.ts'
import { parseArn } from '../../model/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import type { Request } from '../decision.ts'
import { type PrincipalKind, parsePrincipal, principalProblem } from '../principal.ts'
import { isAssumeRoot, isDecidedByTrust } from './action-facts.ts'

/** A kind of principal in the module's words. */
export const KIND_CODES: Readonly<Record<PrincipalKind, number>> = {
  user: KIND_USER,
  role: KIND_ROLE,
  federatedUser: KIND_FEDERATED_USER,
  root: KIND_ROOT,
  service: KIND_SERVICE,
  anonymous: KIND_ANONYMOUS,
  provider: KIND_PROVIDER,
  canonicalUser: KIND_CANONICAL_USER,
  uniqueId: KIND_UNIQUE_ID,
}

/** How to mend what `requestProblem` says. */
export function requestHelp({ principal, action, resource }: Request): string {
  if (parsePrincipal(principal) === null)
    return 'write an ARN, a service (`lambda.amazonaws.com`), or `*` for whoever signs nothing'
  if (!IS_ACTION.test(action)) return 'write one action: `s3:GetObject`'
  return resource !== '*' && parseArn(resource) === null
    ? 'write an ARN (`arn:aws:s3:::bucket/key`: the segments of region and account may be empty, and stay), or `*`'
    : 'correct it'
}

const IS_ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9_-]+$/

/** Why a request can't be decided, or null. */
export function requestProblem(request: Request): string | null {
  if (parsePrincipal(request.principal) === null) return principalProblem(request.principal)
  if (!IS_ACTION.test(request.action))
    return `action \`${request.action}\` is not of the form \`service:Name\``
  if (request.resource !== '*' && parseArn(request.resource) === null)
    return `resource \`${request.resource}\` is neither an ARN nor \`*\``
  if (request.resourceAccount !== undefined && !/^\d{12}$/.test(request.resourceAccount))
    return `resource account \`${request.resourceAccount}\` is not an account id`
  if (request.context.size < 2) return null
  const keys = new Set<string>()
  for (const key of request.context.keys()) {
    const lower = key.toLowerCase()
    if (keys.has(lower)) return `context key \`${key}\` is given twice`
    keys.add(lower)
  }
  return null
}

/** Trust policies and key policies (of root, the organization's say): no allow there, no access. @see IAM User Guide, "Policy evaluation logic" */
export const needsResourcePolicy = (action: string, resource: string): boolean =>
  isAssumeRoot(action) ||
  (isDecidedByTrust(action) && /^arn:[^:]*:iam::[^:]*:role\//.test(resource)) ||
  (/^kms:/i.test(action) && /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource))

/** How the policy of what is asked about is read: of a role it is the trust policy. */
export const resourceUse = (action: string, resource: string): PolicyUse =>
  /^sts:/i.test(action) && needsResourcePolicy(action, resource) ? 'trust' : 'resource'
