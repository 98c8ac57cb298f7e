import type { AccountState } from '../../model/index.ts'
import type { ParsedPolicy, ParsedPrincipal } from '../../policy/parsed.ts'
import { parsePrincipal } from '../principal.ts'

/** Somebody, and how an answer calls them: of an account that isn't known, any role stands for all. */
export interface Other {
  readonly shown: string
  readonly principal: string
  /** Of a federated user of an account that is known: the users who may have asked for the credentials. */
  readonly parents: readonly string[]
}

/** Whom a resource's policy allows something by name, or as one of everybody, and no account of the estate knows. */
export function othersIn(
  policy: ParsedPolicy | null,
  accounts: ReadonlyMap<string, AccountState>,
): readonly Other[] {
  const others = new Map<string, string>()
  for (const { effect, principal } of policy?.statements ?? []) {
    if (effect !== 'Allow' || principal === null) continue
    if (principal.negated) others.set('*', '*')
    for (const entry of principal.negated ? [] : principal.entries) {
      if (entry.kind === 'account') {
        if (!accounts.has(entry.account))
          others.set(`account:${entry.account}`, `arn:aws:iam::${entry.account}:role/any`)
        continue
      }
      const named = requesterOf(entry)
      const facts = parsePrincipal(named)
      if (facts === null) continue
      if (facts.account === null || !isKnown(facts.account, named, accounts)) others.set(named, named)
    }
  }
  return [...others]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([shown, principal]) => ({ shown, principal, parents: parentsOf(principal, accounts) }))
}

function parentsOf(principal: string, accounts: ReadonlyMap<string, AccountState>): readonly string[] {
  const facts = parsePrincipal(principal)
  if (facts?.kind !== 'federatedUser') return []
  return [...(accounts.get(facts.account ?? '')?.users.values() ?? [])].map(({ arn }) => arn)
}

/** Sessions and federated users of an account that is known are nobody that it lists. */
const isKnown = (account: string, named: string, accounts: ReadonlyMap<string, AccountState>): boolean =>
  accounts.has(account) && !/:(?:federated-user|saml-provider|oidc-provider)\//.test(named)

function requesterOf(principal: Exclude<ParsedPrincipal, { readonly kind: 'account' }>): string {
  switch (principal.kind) {
    case 'everyone':
      return '*'
    case 'arn':
      return principal.arn
    case 'service':
      return parsePrincipal(principal.service)?.kind === 'service'
        ? principal.service
        : `service:${principal.service}`
    case 'federated':
      return principal.provider.startsWith('arn:') ? principal.provider : `federated:${principal.provider}`
    case 'canonicalUser':
      return `canonical:${principal.id}`
    case 'uniqueId':
      return `id:${principal.id}`
  }
}
