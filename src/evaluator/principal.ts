import { parseArn } from '../model/index.ts'
import { WELL_KNOWN_PROVIDERS } from '../policy/principals.ts'

export type PrincipalKind =
  | 'user'
  | 'role'
  | 'federatedUser'
  | 'root'
  | 'service'
  | 'anonymous'
  /** A SAML or OpenID Connect provider, for whoever signs in by it and for the sessions that come of it. */
  | 'provider'
  /** An account, or an identity of CloudFront, under the name that only S3 knows. */
  | 'canonicalUser'
  /** A user or role of which nothing else is known. */
  | 'uniqueId'

/** What a request's principal says about itself. */
export interface PrincipalFacts {
  readonly kind: PrincipalKind
  /** Its ARN, the service's or provider's name, a canonical or unique id, or `*`. */
  readonly text: string
  /** null: services, anonymous principals and what is known by an id have none. */
  readonly partition: string | null
  readonly account: string | null
  /** Of a user, role or federated user, without the path. */
  readonly name: string | null
  /** A role's ARN, also for its sessions: with path `/`, since a session's ARN doesn't tell. Otherwise null. */
  readonly roleArn: string | null
}

const known = new Map<string, PrincipalFacts | null>()
/** The principals of a batch repeat; what is kept stays small. */
const MOST_KNOWN = 10_000

/** @returns null when nobody can make a request under that name */
export function parsePrincipal(text: string): PrincipalFacts | null {
  const remembered = known.get(text)
  if (remembered !== undefined) return remembered
  const facts = readPrincipal(text)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(text, facts)
  return facts
}

/** Forms beside ARNs, each with what its name must look like. */
const PREFIXED: readonly (readonly [prefix: string, kind: PrincipalKind, name: RegExp])[] = [
  ['federated:', 'provider', /^[^\s*?]+$/],
  ['canonical:', 'canonicalUser', /^[0-9A-Za-z]+$/],
  ['id:', 'uniqueId', /^A[A-Z0-9]{3}[A-Z0-9]{12,124}$/],
  ['service:', 'service', /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/],
]

function readPrincipal(text: string): PrincipalFacts | null {
  const nobody = { partition: null, account: null, name: null, roleArn: null }
  if (text === '*') return { kind: 'anonymous', text, ...nobody }
  for (const [prefix, kind, pattern] of PREFIXED) {
    if (!text.startsWith(prefix)) continue
    const name = text.slice(prefix.length)
    if (!name.startsWith('arn:')) return pattern.test(name) ? { kind, text: name, ...nobody } : null
    const facts = kind === 'provider' ? readPrincipal(name) : null
    return facts?.kind === 'provider' ? facts : null
  }
  if (WELL_KNOWN_PROVIDERS.includes(text)) return { kind: 'provider', text, ...nobody }
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(text)) return { kind: 'service', text, ...nobody }
  const arn = parseArn(text)
  if (arn === null || !/^\d{12}$/.test(arn.account) || arn.region !== '') return null
  const { partition, account, service, resource } = arn
  const facts = { text, partition, account, name: null, roleArn: null }
  if (service === 'iam') {
    if (resource === 'root') return { ...facts, kind: 'root' }
    const [, kind, name] = /^(user|role|saml-provider|oidc-provider)\/(?:.*\/)?([^/]+)$/.exec(resource) ?? []
    if (kind === 'user') return { ...facts, kind, name: name ?? null }
    if (kind === 'role') return { ...facts, kind, name: name ?? null, roleArn: text }
    if (kind !== undefined) return { ...facts, kind: 'provider' }
  }
  if (service === 'sts') {
    const [, role, session] = /^assumed-role\/([^/]+)\/([^/]+)$/.exec(resource) ?? []
    if (role !== undefined && session !== undefined) {
      const roleArn = `arn:${partition}:iam::${account}:role/${role}`
      return { ...facts, kind: 'role', name: role, roleArn }
    }
    const [, name] = /^federated-user\/([^/]+)$/.exec(resource) ?? []
    if (name !== undefined) return { ...facts, kind: 'federatedUser', name }
  }
  return null
}

/** Why nobody can make a request under a name. */
export const principalProblem = (text: string): string =>
  `principal \`${text}\` is not an ARN of a user, role, session, root or provider, a service, \`canonical:ID\`, \`id:UNIQUE-ID\`, or \`*\``

/** Whether somebody is a session of a role, and not the role under its own ARN. */
export const isSessionOfRole = ({ kind, text, roleArn }: PrincipalFacts): boolean =>
  kind === 'role' && text !== roleArn

/**
 * Whether an ARN is that of the role of a session, of the parent of a federated user, or of the very role. Names of roles are
 * unique in an account: where the path isn't known, the name says which role it is.
 * @param base the role's or parent's ARN, where it is known better than by a session
 */
export function isBaseOf(arn: string, facts: PrincipalFacts, base: string | null): boolean {
  const { partition, account, name, roleArn } = facts
  if (arn === (base ?? roleArn)) return true
  if (base !== null || !isSessionOfRole(facts)) return false
  return arn.startsWith(`arn:${partition}:iam::${account}:role/`) && arn.endsWith(`/${name}`)
}

/**
 * Roles that AWS services make for themselves: only IAM can give their path, and a name proves nothing.
 * @param base the role's ARN, where it is known better than by a session
 * @see IAM User Guide, "Create a service-linked role"
 */
export const isServiceLinkedPrincipal = ({ kind, roleArn }: PrincipalFacts, base: string | null): boolean =>
  kind === 'role' && /:role\/aws-service-role\/[^/]+\/[^/]+$/.test(base ?? roleArn ?? '')
