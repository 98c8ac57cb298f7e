// Whether a witness is a request that somebody can send: nothing in it contradicts who asks, or what is asked about.
import type { Request } from '../../src/evaluator/decision.ts'
import { isOpenToTemporary } from '../../src/evaluator/module/action-facts.ts'
import { type PrincipalKind, parsePrincipal } from '../../src/evaluator/principal.ts'
import type { EstateSpec } from './estate-spec.ts'
import { membershipIn } from './members.ts'
import { REGIONS } from './regions.ts'
import { ORGANIZATION } from './world.ts'

/**
 * @param written resource that was asked about: as it stands, so that it may be what no service allows; null: none
 * @returns what is impossible about it, in words that name no value; null: nothing
 */
export function contradictionIn(
  request: Request,
  spec: EstateSpec,
  written: string | null = null,
): string | null {
  const context = new Map([...request.context].map(([key, values]) => [key.toLowerCase(), values]))
  const one = (key: string) => context.get(key)?.[0]
  const facts = parsePrincipal(request.principal)
  const partition = spec.partition ?? 'aws'
  const [, of = '', , region = '', account = '', ...more] = request.resource.split(':')
  const rest = more.join(':')
  if (facts?.partition != null && facts.partition !== partition) return 'a principal of another partition'
  // Whom a canonical or unique id stands for has an ARN, an account and an organization that nobody here knows; so has a
  // session that somebody got by a provider, though not who signs in.
  const isSomebody =
    facts?.kind === 'canonicalUser' ||
    facts?.kind === 'uniqueId' ||
    (facts?.kind === 'provider' && !request.action.startsWith('sts:'))
  const arn = one('aws:principalarn')
  if (arn !== undefined && facts !== null) {
    if (facts.account === null && !isSomebody && facts.kind !== 'service')
      return 'aws:PrincipalArn of somebody who has none'
    if (
      facts.account !== null &&
      !isSomebody &&
      !new RegExp(
        `^arn:${partition}:(?:iam::${facts.account}:(?:root$|user/.|role/.)|sts::${facts.account}:federated-user/.)`,
      ).test(arn)
    )
      return 'aws:PrincipalArn that is no ARN of the account'
  }
  const mayBeUser =
    facts?.kind === 'user' || facts?.kind === 'canonicalUser' || facts?.text.startsWith('AIDA')
  if (context.has('aws:username') && !mayBeUser) return 'aws:username of somebody who is no user'
  const userid = one('aws:userid')
  if (userid !== undefined && facts !== null) {
    const form =
      facts.kind === 'user'
        ? /^AIDA\w+$/
        : facts.kind === 'role'
          ? /^AROA\w+:.+$/
          : facts.kind === 'root'
            ? /^\d{12}$/
            : facts.kind === 'federatedUser'
              ? /^\d{12}:.+$/
              : /./
    if (!form.test(userid)) return 'aws:userid in a form that such a caller never has'
  }
  const principalAccount = one('aws:principalaccount')
  if (
    principalAccount !== undefined &&
    facts?.account != null &&
    !isSomebody &&
    principalAccount !== facts.account
  )
    return 'aws:PrincipalAccount of another account'
  const resourceAccount = one('aws:resourceaccount')
  const owner = request.resourceAccount ?? (/^\d{12}$/.test(account) ? account : undefined)
  if (resourceAccount !== undefined) {
    if (!/^\d{12}$/.test(resourceAccount)) return 'aws:ResourceAccount that is no account'
    if (owner !== undefined && resourceAccount !== owner) return 'aws:ResourceAccount beside the owner'
  }
  const owning = one('aws:resourceorgid')
  const ownerTold = owner ?? resourceAccount
  if (owning !== undefined && ownerTold !== undefined && spec.organization != null) {
    const membership = membershipIn(spec, ownerTold)
    if (membership === null && owning === 'o-a1b2c3d4e5')
      return 'our organization for a resource of an account that is not in it'
    if (membership !== null && membership.id !== owning)
      return 'another organization for a resource of a member'
  }
  const source = sourceProblem(context, spec)
  if (source !== null) return source
  const requested = one('aws:requestedregion')
  if (requested !== undefined) {
    if (region !== '' && requested !== region) return 'aws:RequestedRegion beside the ARN'
    if (REGIONS[partition]?.test(requested) === false) return 'aws:RequestedRegion outside of the partition'
  }
  // What is asked besides AssumeRole (to tag its session, …) is asked of that very request: which is about a role.
  if (context.has('sts:externalid') && !(ASSUMES.test(request.action) && rest.startsWith('role/')))
    return 'sts:ExternalId in a request that never has it'
  // A role's session may have begun with a sign-in.
  for (const key of context.keys())
    if (
      /^saml:|^accounts\.google|githubusercontent\.com:/.test(key) &&
      facts?.kind !== 'provider' &&
      facts?.kind !== 'role'
    )
      return 'a key of a provider in a request of somebody else'
  if (context.has('aws:sourceip') && (context.has('aws:sourcevpce') || context.has('aws:sourcevpc')))
    return 'a public address through an endpoint'
  if (
    one('aws:viaawsservice') === 'false' &&
    [...context.keys()].some((key) => key.startsWith('aws:calledvia'))
  )
    return 'sent by way of services, and by none'
  const isService = one('aws:principalisawsservice')
  if (isService !== undefined && facts !== null && (isService === 'true') !== (facts.kind === 'service'))
    return 'aws:PrincipalIsAWSService otherwise than it is'
  const signIn = signInProblem(request, context, facts?.kind ?? null)
  if (signIn !== null) return signIn
  const organization = one('aws:principalorgid')
  if (organization !== undefined && !/^o-./.test(organization)) return 'no id of an organization of somebody'
  if (organization !== undefined && facts !== null) {
    if (!isSomebody && (facts.account === null || facts.kind === 'provider'))
      return 'an organization of somebody who has none'
    const theirs = isSomebody ? (principalAccount ?? arn?.split(':')[4] ?? null) : facts.account
    if (spec.organization != null && theirs !== null) {
      const membership = membershipIn(spec, theirs)
      if (membership === null && organization === 'o-a1b2c3d4e5')
        return 'our organization for an account that is not in it'
      if (membership !== null && membership.id !== organization) return 'another organization for a member'
    }
  }
  if (request.resource !== '*' && of !== partition) return 'a resource of another partition'
  // What is declared is asked about as it stands.
  if (spec.resources?.[request.resource] !== undefined) return null
  const odd = oddNameIn(request.action, request.resource)
  return odd !== null && written !== null && oddNameIn(request.action, written) === odd ? null : odd
}

/** For whom a service asks: its organization is that of its account. */
function sourceProblem(context: Request['context'], spec: EstateSpec): string | null {
  const [account] = context.get('aws:sourceaccount') ?? []
  const [id] = context.get('aws:sourceorgid') ?? []
  const paths = context.get('aws:sourceorgpaths')
  if (id !== undefined && paths?.some((path) => !path.startsWith(`${id}/`)) === true)
    return 'a place of a source in another organization'
  const told = id ?? paths?.[0]?.split('/')[0]
  if (account === undefined || told === undefined || spec.organization == null) return null
  const isOurs = told.toLowerCase() === ORGANIZATION
  return isOurs === (membershipIn(spec, account) !== null)
    ? null
    : 'the organization of a source that its account is not in'
}

/** What is odd about the name of a resource; a wildcard counts as a name. */
function oddNameIn(action: string, resource: string): string | null {
  const [, , service = '', region = '', account = '', ...more] = resource.split(':')
  const rest = more.join(':')
  if (service === 's3' && region === '' && account === '') {
    const bucket = rest.split('/')[0] ?? ''
    if (bucket === '' || bucket.includes(':')) return 'a bucket without a name'
    if (BUCKET_ACTIONS.test(action) && rest.includes('/')) return 'a bucket with a slash'
  }
  if (/^(?:sqs|sns|lambda)$/.test(service) && !/^\d{12}$/.test(account)) return 'an ARN without an account'
  return null
}

const ASSUMES = /^sts:(?:assumerole|tagsession|setsourceidentity|setcontext)/i
/** @see IAM User Guide, "AWS global condition context keys": aws:MultiFactorAuthPresent, aws:MultiFactorAuthAge */
function signInProblem(
  { action }: Request,
  context: Request['context'],
  kind: PrincipalKind | null,
): string | null {
  const [mfa] = context.get('aws:multifactorauthpresent') ?? []
  if (context.has('aws:multifactorauthage') && mfa !== 'true') return 'aws:MultiFactorAuthAge without MFA'
  if (mfa === undefined) return null
  if (kind === 'anonymous' || kind === 'service' || kind === 'provider')
    return 'aws:MultiFactorAuthPresent of somebody who has no credentials of IAM'
  const isAssuming = /^sts:(?:assumerole|tagsession|setsourceidentity|setcontext)$/i.test(action)
  const isLongTerm = (kind === 'user' || kind === 'root') && !context.has('aws:tokenissuetime')
  // The evaluator tells the console's credentials from those of GetSessionToken by this time, where these are limited.
  if (isLongTerm && kind === 'user' && /^(?:iam|sts):/i.test(action) && !isOpenToTemporary(action))
    return null
  return isLongTerm && !(isAssuming && mfa === 'true')
    ? 'aws:MultiFactorAuthPresent beside long-term credentials'
    : null
}

const BUCKET_ACTIONS = /^s3:(?:listbucket|deletebucket|putbucketpolicy|createbucket)$/i
