import type { PolicyLayers } from '../../../evaluator/layers.ts'
import type { RoleState } from '../../../model/index.ts'
import { matchesPattern } from '../../../model/name-pattern.ts'
import type { ParsedPrincipal, ParsedStatement } from '../../../policy/parsed.ts'
import type { Changed } from '../changed-between.ts'
import type { World } from '../edge.ts'
import { letInBy } from '../following/assumable.ts'
import { accountOf, type Holder, holderOf } from '../powers/holder.ts'
import type { WayKinds } from './kinds-of-ways.ts'
import type { Lead, LeadPatterns, Leads } from './leads.ts'

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
  /** Whether nothing about it changed that ways ask for: then it is news only to who may write what it is allowed. */
  readonly isAlike: boolean
}

/** Holders whose own policies lead them beyond roles that let them in: who is alike in it is asked about once. */
type Leading = ReadonlyMap<Lead, readonly Holder[]>

/** From whom somebody who changed can be come to. */
interface Coming {
  /** Of a user or role with credentials of its own, by ARN. */
  readonly hasOwn: (arn: string) => boolean
  readonly has: (holder: Holder) => boolean
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
  readonly #candidates = new Map<string, readonly Holder[]>()
  readonly #leading = new Map<string, Leading>()

  constructor(world: World, leads: Leads) {
    this.#world = world
    this.#leads = leads
  }

  /**
   * From whom somebody who changed can be come to by steps of this kind, and who changed themselves.
   * @param alike of who changed, those for whom nothing that ways ask for did, by ARN
   */
  comingTo(changed: Changed, alike: ReadonlySet<string>): Coming {
    const coming = new Set<string>()
    const targets = new Map<string, Target>()
    const queue: Target[] = []
    const addTarget = (arn: string, isOwn: boolean, isAlike: boolean) => {
      const target = this.#targetAt(arn, isOwn, isAlike)
      targets.set(keyOf(arn, isOwn), target)
      queue.push(target)
    }
    for (const arn of changed.arns)
      for (const isOwn of [true, false]) {
        addTarget(arn, isOwn, alike.has(arn))
        if (!alike.has(arn)) coming.add(keyOf(arn, isOwn))
      }
    for (let head = 0; head < queue.length; head++) {
      const target = queue[head]
      for (const from of target === undefined ? [] : this.#mayComeTo(target))
        for (const isOwn of [true, false]) {
          const { name } = from.principal
          if (target === undefined || coming.has(keyOf(name, isOwn))) continue
          if (!this.comesTo(from, isOwn, target)) continue
          coming.add(keyOf(name, isOwn))
          addTarget(name, isOwn, false)
        }
    }
    const altered = new Map<string, boolean>()
    return {
      hasOwn: (arn) => coming.has(keyOf(arn, true)),
      has: (holder) => {
        const isOwn = holder.credentials === 'own'
        if (holder.altered === '') return coming.has(keyOf(holder.principal.name, isOwn))
        let comes = altered.get(holder.id)
        if (comes === undefined) {
          comes = [...targets.values()].some((target) => this.comesTo(holder, isOwn, target))
          altered.set(holder.id, comes)
        }
        return comes
      },
    }
  }

  #targetAt(arn: string, isOwn: boolean, isAlike: boolean): Target {
    const { trusts, view } = this.#world
    const role = view.roleOf(arn)
    const statements = role === null ? [] : (trusts.policyOf(role)?.statements ?? [])
    const trusted = statements.flatMap(({ principal }) => principal?.entries ?? [])
    return { arn, lower: arn.toLowerCase(), isOwn, role, statements, trusted, isAlike }
  }

  /** Nobody else comes to the target by what statements say. */
  *#mayComeTo(target: Target): Iterable<Holder> {
    const { assumable } = this.#world
    const to = target.role === null || target.isAlike ? 'people' : 'roles'
    for (const [lead, holders] of this.#leadingTo(to, accountOf(target.arn)))
      if (leadsBeyondTrust(lead.kinds, lead.patterns, target)) yield* holders
    if (target.role === null || target.isAlike) return
    const isForAccounts = !target.statements.some(letsInBeyondAccounts)
    for (const account of this.#accountsNear(target))
      yield* isForAccounts
        ? this.#holdersIn(
            account,
            'assuming',
            ({ identity }) =>
              assumable.mayBy(identity ?? []) || this.#leads.mayLead(identity ?? [], 'people'),
          )
        : this.#holdersIn(account, 'all', () => true)
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

  #leadingTo(to: 'people' | 'roles', account: string): Leading {
    const id = `${to} ${account}`
    let leading = this.#leading.get(id)
    if (leading === undefined) {
      const holders = this.#holdersIn(account, to, ({ identity }) => this.#leads.mayLead(identity ?? [], to))
      const alike = new Map<Lead, Holder[]>()
      for (const holder of holders) {
        const lead = this.#leads.of(holder)
        if (!lead.isBeyondTrust) continue
        const known = alike.get(lead)
        if (known === undefined) alike.set(lead, [holder])
        else known.push(holder)
      }
      leading = alike
      this.#leading.set(id, leading)
    }
    return leading
  }

  /** Users and roles of an account whose policies let them: nothing else is put together of the others. */
  #holdersIn(account: string, which: string, mayBe: (layers: PolicyLayers) => boolean): readonly Holder[] {
    const id = `${which} ${account}`
    let holders = this.#candidates.get(id)
    if (holders === undefined) {
      const { view } = this.#world
      holders = view.entitiesOf(account).flatMap((entity) => {
        const layers = view.ownLayersOf(entity, account)
        return layers === null || !mayBe(layers) ? [] : (holderOf(entity.arn, 'own', view) ?? [])
      })
      this.#candidates.set(id, holders)
    }
    return holders
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

  #leadsTo(from: Holder, isOwn: boolean, target: Target, kinds: WayKinds): boolean {
    const isNear = accountOf(target.arn) === from.account
    if (target.isAlike) return isNear && kinds.isFree
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
function leadsBeyondTrust(
  kinds: WayKinds,
  patterns: LeadPatterns,
  { arn, lower, role, trusted, isAlike }: Target,
): boolean {
  if (kinds.isFree || isAlike) return kinds.isFree
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
