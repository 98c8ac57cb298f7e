import { parseArn } from '../model/index.ts'

export type PrincipalKind =
  | 'user'
  | 'role'
  | 'federatedUser'
  | 'root'
  | 'service'
  | 'anonymous'
  /** A SAML or OpenID Connect provider: its ARN, or `federated:NAME` for one that policies name by its domain. */
  | 'provider'

/** What a request's principal says about itself. */
export interface PrincipalFacts {
  readonly kind: PrincipalKind
  /** Its ARN, the service's name, or `*`. */
  readonly text: string
  /** null: services and anonymous callers have none. */
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

function readPrincipal(text: string): PrincipalFacts | null {
  const nobody = { partition: null, account: null, name: null, roleArn: null }
  if (text === '*') return { kind: 'anonymous', text, ...nobody }
  if (text.startsWith('federated:')) {
    const provider = text.slice('federated:'.length)
    if (!/^[A-Za-z0-9._/-]+$/.test(provider)) return null
    return { kind: 'provider', text: provider, ...nobody }
  }
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

/** Roles that AWS services make for themselves. @see IAM User Guide, "Create a service-linked role" */
export const isServiceLinked = ({ kind, name, roleArn }: PrincipalFacts): boolean =>
  kind === 'role' &&
  (name?.startsWith('AWSServiceRoleFor') === true || roleArn?.includes(':role/aws-service-role/') === true)
