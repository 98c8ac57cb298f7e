import {
  KIND_ANONYMOUS,
  KIND_FEDERATED_USER,
  KIND_PROVIDER,
  KIND_ROLE,
  KIND_ROOT,
  KIND_SERVICE,
  KIND_USER,
  REQUEST_ALWAYS,
  REQUEST_ANY_RESOURCE,
  REQUEST_COVERED,
  REQUEST_NEVER,
  REQUEST_OTHER_PARTITION,
  REQUEST_POLICY_DECIDES,
  REQUEST_SAME_ACCOUNT,
  REQUEST_SERVICE_LINKED,
} from '../../assembly/wire.ts'
import { parseArn } from '../model/index.ts'
import type { Request } from './decision.ts'
import { isServiceLinked, type PrincipalFacts, type PrincipalKind, parsePrincipal } from './principal.ts'

/** A request as the module wants it, but for its policies and keys. */
export interface RequestFacts {
  readonly principal: PrincipalFacts
  /** KIND_… */
  readonly kind: number
  /** REQUEST_… */
  readonly flags: number
  readonly resourceAccount: string | null
  /** What a pattern must cover to match a resource `*` that stands for a type; null: only `*` itself matches. */
  readonly covers: readonly [string, string] | null
}

const KINDS: Readonly<Record<PrincipalKind, number>> = {
  user: KIND_USER,
  role: KIND_ROLE,
  federatedUser: KIND_FEDERATED_USER,
  root: KIND_ROOT,
  service: KIND_SERVICE,
  anonymous: KIND_ANONYMOUS,
  provider: KIND_PROVIDER,
}

/** Why a request can't be decided, or null. */
export function requestProblem(request: Request): string | null {
  if (parsePrincipal(request.principal) === null)
    return `principal \`${request.principal}\` is not an ARN of a user, role, session or root, a service, or \`*\``
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9_-]+$/.test(request.action))
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

export function readRequest(request: Request, principal: PrincipalFacts): RequestFacts {
  const { resource } = request
  const action = request.action.toLowerCase()
  const arn = resource === '*' ? null : parseArn(resource)
  const accountInArn = arn === null || !/^\d{12}$/.test(arn.account) ? null : arn.account
  const resourceAccount = request.resourceAccount ?? accountInArn ?? principal.account
  let flags = 0
  if (principal.account !== null && resourceAccount === principal.account) flags |= REQUEST_SAME_ACCOUNT
  if (
    principal.partition !== null &&
    arn !== null &&
    arn.partition !== '' &&
    arn.partition !== principal.partition
  )
    flags |= REQUEST_OTHER_PARTITION
  if (isServiceLinked(principal)) flags |= REQUEST_SERVICE_LINKED
  if (needsResourcePolicy(action, resource)) flags |= REQUEST_POLICY_DECIDES
  flags |= fixedAnswer(action, principal.kind)
  let covers: RequestFacts['covers'] = null
  if (resource === '*') {
    flags |= REQUEST_ANY_RESOURCE
    if (action === 's3:listallmybuckets') {
      flags |= REQUEST_COVERED
      const buckets = `arn:${principal.partition ?? 'aws'}:s3:::`
      // Nothing but a star matches both an empty name and one that no bucket can have.
      covers = [buckets, `${buckets}\u0001`]
    }
  }
  return { principal, kind: KINDS[principal.kind], flags, resourceAccount, covers }
}

/** Trust policies and key policies: no allow there, no access. @see IAM User Guide, "Policy evaluation logic" */
export const needsResourcePolicy = (action: string, resource: string): boolean =>
  (/^sts:(?:assumerole|tagsession|setsourceidentity)/i.test(action) &&
    /^arn:[^:]*:iam::[^:]*:role\//.test(resource)) ||
  (/^kms:/i.test(action) && /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource))

/** What no policy changes. @see IAM User Guide, "Compare AWS STS credentials" */
function fixedAnswer(action: string, kind: PrincipalKind): number {
  if (kind === 'provider') return 0
  if (kind === 'anonymous') return action.startsWith('sts:') ? REQUEST_NEVER : 0
  if (action === 'sts:getcalleridentity') return REQUEST_ALWAYS
  switch (kind) {
    case 'user':
      return action === 'sts:getsessiontoken' ? REQUEST_ALWAYS : 0
    case 'root':
      if (action === 'sts:getsessiontoken') return REQUEST_ALWAYS
      return action === 'sts:assumerole' ? REQUEST_NEVER : 0
    case 'role':
      return action === 'sts:getsessiontoken' || action === 'sts:getfederationtoken' ? REQUEST_NEVER : 0
    case 'federatedUser':
      return action.startsWith('iam:') || action.startsWith('sts:') ? REQUEST_NEVER : 0
    case 'service':
      return 0
  }
}
