import { parseArn } from '../../model/index.ts'
import type { AccessEntry } from '../access-entry.ts'
import type { OutsideTrust, Proof } from '../analysis.ts'
import { isDeciding } from '../diff/diff-of.ts'
import type { EstateView } from '../estate-view.ts'
import type { Exploration } from '../explore.ts'
import type { ExaminedPrincipal } from '../principals/examined-principal.ts'
import { coverageOf } from './coverage.ts'
import { openProvider, providerHost } from './open-providers.ts'
import { outsiderKeys } from './outsider-keys.ts'
import { boundsWhereAsked, proveOutsiders } from './prove-outsiders.ts'
import { strangerKeys } from './stranger-keys.ts'
import { mentionsOf, surroundingsOf } from './surroundings.ts'

/**
 * Whether nobody outside of the estate has access but who is trusted: no account, no federated identity, nobody anonymous.
 * All accounts of the declared organization are inside. A service that may be made to act for anybody is a note, or breaks
 * it where that is asked for.
 * @param accounts ids: whose roles and resources are looked at, beside those of accounts that aren't in the estate
 * @see IAM User Guide, "The confused deputy problem"
 */
export function proveNoOutsideAccess(
  exploration: Exploration,
  accounts: ReadonlySet<string>,
  trust: OutsideTrust,
  now: Date,
): Proof {
  const { view, reasoner } = exploration
  const inside = new Inside(view, new Set(trust.trusted))
  const around = surroundingsOf(view, reasoner.partition, now)
  const trusted = {
    ...around,
    known: new Set([...around.known, ...inside.accounts]),
    organizations: [...around.organizations, ...inside.organizations],
  }
  const by = { isConcerned: (account: string) => accounts.has(account) }
  const outsiders = proveOutsiders(exploration, {
    ...by,
    isMeant: (principal) => inside.isOutsider(principal),
    boundsBy: boundsWhereAsked((policy) => outsiderKeys(mentionsOf(policy, view), trusted)),
  })
  const services = proveOutsiders(exploration, {
    ...by,
    isMeant: ({ label }) => label.startsWith('service:') && !inside.isTrusted(label),
    boundsBy: boundsWhereAsked((policy) => strangerKeys(mentionsOf(policy, view), trusted)),
  })
  const found = new Set(outsiders.violations.map(statementOf))
  const deputies = services.violations.filter((entry) => !found.has(statementOf(entry)))
  const violations = [...outsiders.violations, ...(trust.services === 'untrusted' ? deputies : [])]
  const unknown = [...outsiders.unknown, ...(trust.services === 'untrusted' ? services.unknown : [])]
  return {
    holds: violations.some(isDeciding) ? false : unknown.length > 0 ? 'unknown' : true,
    violations,
    unknown,
    notes: trust.services === 'untrusted' ? [] : deputies,
    covers: coverageOf(view, accounts),
  }
}

const statementOf = ({ policy, sid, source, conditions, resources }: AccessEntry): string =>
  JSON.stringify([policy, sid, source, conditions, resources])

/** Who belongs to an estate, or is trusted as if. */
class Inside {
  /** Ids. */
  readonly accounts: ReadonlySet<string>
  readonly organizations: readonly string[]
  readonly #trusted: ReadonlySet<string>

  constructor(view: EstateView, trusted: ReadonlySet<string>) {
    const ids = [...trusted].filter((who) => /^\d{12}$/.test(who))
    this.accounts = new Set([...view.accounts.keys(), ...view.memberAccounts, ...ids])
    this.organizations = [...trusted].filter((who) => who.startsWith('o-'))
    this.#trusted = trusted
  }

  isOutsider({ label }: ExaminedPrincipal): boolean {
    if (label.startsWith('service:') || this.isTrusted(label)) return false
    const [, kind, id = ''] = /^([a-z]+):(.*)$/s.exec(label) ?? []
    if (kind === 'account') return !this.accounts.has(id)
    if (kind === 'federated') return !this.#vouchesForInsiders(id)
    if (kind === 'arn') return !this.accounts.has(parseArn(label)?.account ?? '')
    return true
  }

  /** Whether a label of findings, or what it is about, is trusted by name. */
  isTrusted(label: string): boolean {
    const id = label.slice(label.indexOf(':') + 1)
    if (this.#trusted.has(label) || this.#trusted.has(id)) return true
    return label.startsWith('federated:') && this.#trusted.has(providerHost(id) ?? '')
  }

  /** A provider of one's own speaks for one's own people, one that everybody can join for whoever a trust fixes. */
  #vouchesForInsiders(provider: string): boolean {
    if (openProvider(provider) !== null) return false
    return this.accounts.has(parseArn(provider)?.account ?? '')
  }
}
