import { isBaseOf, isSessionOfRole, type PrincipalFacts } from '../../evaluator/principal.ts'
import type { ParsedPrincipal, ParsedStatement } from '../../policy/parsed.ts'

/**
 * How a resource's policy speaks of somebody: as such (by their own ARN, or as one of everybody), by their role, or by
 * their account, which leaves the rest to the account's own policies.
 */
export type Naming = 'direct' | 'role' | 'account'

interface Named {
  readonly facts: PrincipalFacts
  /** The ARN of a session's role. */
  readonly base: string | null
  readonly hasBoundary: boolean
  /** Rules that are open are read so that they grant more. */
  readonly isReadWider?: boolean
  /** Of a role: whether its sessions may be issued through a provider. Read wider, an Allow for that is one for them. */
  readonly isIssuedBy?: (provider: string) => boolean
}

/**
 * Whether a statement of a resource's or a role's policy is about somebody, and how it says so.
 * @returns null: it isn't
 */
export function namingOf({ principal, effect }: ParsedStatement, named: Named): Naming | null {
  if (principal === null) return null
  const namings = new Set(principal.entries.flatMap((entry) => namingBy(entry, named) ?? []))
  if (!principal.negated)
    return (
      strongest(namings) ??
      (named.isReadWider === true && mayNameIssued(principal, effect, named) ? 'direct' : null)
    )
  if (effect === 'Allow') return principal.entries.length > 0 && namings.size === 0 ? 'direct' : null
  return isSpared(principal.entries, namings, named) ? null : 'direct'
}

/** Whether an Allow names the provider through which a session of a role may be issued: whether that names them isn't documented. */
export const mayNameIssued = (
  principal: ParsedStatement['principal'],
  effect: ParsedStatement['effect'],
  { isIssuedBy }: Pick<Named, 'isIssuedBy'>,
): boolean =>
  effect === 'Allow' &&
  isIssuedBy !== undefined &&
  principal?.negated === false &&
  principal.entries.some((entry) => entry.kind === 'federated' && isIssuedBy(entry.provider))

function namingBy(entry: ParsedPrincipal, { facts, base }: Named): Naming | null {
  switch (entry.kind) {
    case 'everyone':
      return 'direct'
    case 'account':
      return entry.account !== facts.account ||
        (entry.partition !== null && entry.partition !== facts.partition) ||
        facts.kind === 'provider'
        ? null
        : facts.kind === 'root'
          ? 'direct'
          : 'account'
    case 'arn':
      if (isBaseOf(entry.arn, facts, base)) return 'role'
      return entry.arn === facts.text ? 'direct' : null
    case 'service':
      return facts.kind === 'service' && facts.text === entry.service ? 'direct' : null
    case 'federated':
      return facts.kind === 'provider' && facts.text === entry.provider ? 'direct' : null
    case 'canonicalUser':
    case 'uniqueId':
      return facts.kind === entry.kind && facts.text === entry.id ? 'direct' : null
  }
}

const strongest = (namings: ReadonlySet<Naming>): Naming | null =>
  (['direct', 'role', 'account'] as const).find((naming) => namings.has(naming)) ?? null

/**
 * Whom a Deny with `NotPrincipal` leaves alone: who is named with all that they belong to, and has no boundary.
 * @see IAM User Guide, "AWS JSON policy elements: NotPrincipal"
 */
function isSpared(
  entries: readonly ParsedPrincipal[],
  namings: ReadonlySet<Naming>,
  { facts, hasBoundary, isReadWider = false }: Named,
): boolean {
  if (hasBoundary) return false
  if (entries.some(({ kind }) => kind === 'everyone')) return true
  // Whether who is named alone is spared isn't documented; who is of an account that is named is not.
  if (isReadWider && (namings.has('direct') || namings.has('role'))) return true
  const wanted: readonly Naming[] =
    facts.kind === 'role'
      ? isSessionOfRole(facts)
        ? ['direct', 'role', 'account']
        : ['role', 'account']
      : facts.kind === 'user' || facts.kind === 'federatedUser'
        ? ['direct', 'account']
        : ['direct']
  return wanted.every((naming) => namings.has(naming))
}
