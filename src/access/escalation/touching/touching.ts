import { type AnyEntityState, entitiesIn, type RoleState } from '../../../model/index.ts'
import { matchesPattern } from '../../../model/name-pattern.ts'
import type { ParsedPrincipal, ParsedStatement } from '../../../policy/parsed.ts'
import type { World } from '../edge.ts'
import { letInBy } from '../following/assumable.ts'
import { accountOf, type Holder, holderOf } from '../powers/holder.ts'
import type { Kinds } from './kinds-of-ways.ts'
import { type Lead, Leads, type Patterns } from './leads.ts'

/** Somebody, or something, that is come to. */
interface Target {
  /** ARN, and the same in lower case. */
  readonly arn: string
  readonly lower: string
  /** Whether it is with credentials as one has them. */
  readonly isOwn: boolean
  /** null: it is no role. */
  readonly role: RoleState | null
  /** Of a role's trust policy. */
  readonly statements: readonly ParsedStatement[]
  readonly trusted: readonly ParsedPrincipal[]
}

/** Of an account, those who may come to others, by what each may come to at most. */
interface Candidates {
  /** Everybody. */
  readonly all: readonly Holder[]
  /** Those whom their own policies lead beyond roles that let them in: who is alike is asked about once. */
  readonly leading: ReadonlyMap<Lead, readonly Holder[]>
  /** Those who may assume a role that leaves it to their account. */
  readonly assuming: readonly Holder[]
}

/**
 * Who may come to somebody in one step, by what statements say alone: whether conditions hold isn't asked, and a boundary, a
 * control policy or a Deny counts only where it takes an action away as a whole.
 *
 * INVARIANT: it leaves out nobody who has an edge to somebody (`Reach`), with whatever credentials or altered policies. Who may
 * alter their own policies counts as coming to everybody of the account.
 */
export class Touching {
  readonly #world: World
  readonly #leads: Leads
  readonly #candidates = new Map<string, Candidates>()

  constructor(world: World) {
    this.#world = world
    this.#leads = new Leads(world)
  }

  /**
   * From whom somebody who changed can be come to by steps of this kind, and who changed themselves.
   * @param isChanged of a user, role, group or policy, by ARN
   */
  comingTo(isChanged: (arn: string) => boolean): (holder: Holder) => boolean {
    const coming = new Map<string, Target>()
    const queue: Target[] = []
    const add = (arn: string, isOwn: boolean) => {
      const target = this.#targetAt(arn, isOwn)
      coming.set(keyOf(arn, isOwn), target)
      queue.push(target)
    }
    for (const arn of this.#everything())
      if (isChanged(arn)) for (const isOwn of [true, false]) add(arn, isOwn)
    for (let head = 0; head < queue.length; head++) {
      const target = queue[head]
      for (const from of target === undefined ? [] : this.#mayComeTo(target))
        for (const isOwn of [true, false]) {
          const arn = from.principal.name
          if (target !== undefined && !coming.has(keyOf(arn, isOwn)) && this.comesTo(from, isOwn, target))
            add(arn, isOwn)
        }
    }
    const altered = new Map<string, boolean>()
    return (holder) => {
      const isOwn = holder.credentials === 'own'
      if (holder.altered === '') return coming.has(keyOf(holder.principal.name, isOwn))
      let comes = altered.get(holder.id)
      if (comes === undefined) {
        comes = [...coming.values()].some((target) => this.comesTo(holder, isOwn, target))
        altered.set(holder.id, comes)
      }
      return comes
    }
  }

  *#everything(): Iterable<string> {
    for (const { entities } of this.#world.view.accounts.values())
      for (const { arn } of entitiesIn<AnyEntityState>(entities)) yield arn
  }

  #targetAt(arn: string, isOwn: boolean): Target {
    const { trusts, view } = this.#world
    const role = view.roleOf(arn)
    const statements = role === null ? [] : (trusts.policyOf(role)?.statements ?? [])
    const trusted = statements.flatMap(({ principal }) => principal?.entries ?? [])
    return { arn, lower: arn.toLowerCase(), isOwn, role, statements, trusted }
  }

  /** Nobody else comes to the target by what statements say. */
  *#mayComeTo(target: Target): Iterable<Holder> {
    for (const [lead, holders] of this.#candidatesIn(accountOf(target.arn)).leading)
      if (leadsBeyondTrust(lead.kinds, lead.patterns, target)) yield* holders
    if (target.role === null) return
    const isForAccounts = !target.statements.some(letsInBeyondAccounts)
    for (const account of this.#accountsNear(target)) {
      const { all, assuming } = this.#candidatesIn(account)
      yield* isForAccounts ? assuming : all
    }
  }

  /** Accounts whose principals may come to somebody: the own one, and those that a role may trust. */
  #accountsNear({ arn, statements, trusted }: Target): Iterable<string> {
    const { view } = this.#world
    const near = new Set([accountOf(arn)])
    if (
      trusted.some(({ kind }) => kind === 'everyone') ||
      statements.some(({ principal }) => principal?.negated === true)
    )
      return view.accounts.keys()
    for (const entry of trusted)
      if (entry.kind === 'account') near.add(entry.account)
      else if (entry.kind === 'arn') near.add(accountOf(entry.arn))
    return near
  }

  #candidatesIn(account: string): Candidates {
    let candidates = this.#candidates.get(account)
    if (candidates === undefined) {
      const { assumable, view } = this.#world
      const all = view.entitiesOf(account).flatMap(({ arn }) => holderOf(arn, 'own', view) ?? [])
      const leading = new Map<Lead, Holder[]>()
      for (const holder of all) {
        const lead = this.#leads.of(holder)
        const alike = leading.get(lead)
        if (alike !== undefined) alike.push(holder)
        else if (lead.isBeyondTrust) leading.set(lead, [holder])
      }
      const mayAssume = (holder: Holder) =>
        this.#leads.of(holder).kinds.isFree || assumable.patternsOf(holder).length > 0
      candidates = { all, leading, assuming: all.filter(mayAssume) }
      this.#candidates.set(account, candidates)
    }
    return candidates
  }

  /** @param isOwn whether it is with its own credentials */
  comesTo(from: Holder, isOwn: boolean, target: Target): boolean {
    const { surplus } = this.#world
    if (!this.#leadsTo(from, isOwn, target, this.#leads.of(from).kinds)) return false
    // Only of those who are left their policies are compiled.
    if (!this.#leadsTo(from, isOwn, target, this.#leads.granted(from))) return false
    // Who may do everything needs no other's power in the account.
    const isNear = accountOf(target.arn) === from.account
    return !(isNear && isOwn && surplus.isAdministrator(from))
  }

  #leadsTo(from: Holder, isOwn: boolean, target: Target, kinds: Kinds): boolean {
    const isNear = accountOf(target.arn) === from.account
    if (isNear && leadsBeyondTrust(kinds, this.#leads.of(from).patterns, target)) return true
    // Credentials are passed on to a role that is assumed.
    if (target.role === null || isOwn !== target.isOwn) return false
    const letIn = letInBy(target.statements, from)
    return (
      letIn === 'itself' ||
      (letIn === 'account' && (kinds.isFree || this.#world.assumable.has(from, target.arn)))
    )
  }
}

const keyOf = (arn: string, isOwn: boolean): string => `${isOwn} ${arn}`

/** Whether somebody's own policies lead them to a target of their account, whoever its trust policy names of the estate. */
function leadsBeyondTrust(kinds: Kinds, patterns: Patterns, { arn, lower, role, trusted }: Target): boolean {
  if (kinds.isFree) return true
  const isAmong = (some: readonly string[]) => some.some((pattern) => matchesPattern(pattern, lower))
  if (role === null)
    return (
      arn.includes(':user/') && (isAmong(patterns.users) || (kinds.isRenaming && patterns.users.length > 0))
    )
  const mayTrust = (services: ReadonlySet<string>) =>
    trusted.some(
      (entry) =>
        (entry.kind === 'service' && services.has(entry.service)) ||
        (entry.kind === 'federated' && [...services].some((service) => entry.provider.includes(service))),
    )
  return (
    isAmong(patterns.trusting) ||
    mayTrust(kinds.running) ||
    (mayTrust(kinds.passing) && isAmong(patterns.passed)) ||
    (kinds.isSpeaking && trusted.some(({ kind }) => kind === 'federated'))
  )
}

/** Whether a statement of a trust policy may let somebody in who isn't told by their account alone. */
const letsInBeyondAccounts = ({ effect, principal }: ParsedStatement): boolean =>
  effect === 'Allow' &&
  principal !== null &&
  (principal.negated || principal.entries.some(({ kind }) => kind === 'everyone' || kind === 'arn'))
