import { type AnyEntityState, entitiesIn, type RoleState } from '../../model/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'
import type { ParsedPrincipal, ParsedStatement } from '../../policy/parsed.ts'
import type { ActionSet } from '../actions/action-set.ts'
import type { World } from './edge.ts'
import { letInBy } from './following/assumable.ts'
import { TAGGED } from './following/own-tags.ts'
import { mayAskForTags } from './powers/asked-tags.ts'
import { accountOf, type Holder, holderOf } from './powers/holder.ts'
import { resourcesAtMost } from './powers/resources-at-most.ts'
import { RENAMING_ACTIONS, TAGGING_ACTIONS } from './ways/altering-actions.ts'
import type { OneOf, Way } from './ways/way.ts'
import { PASS_ROLE, waysTo } from './ways/ways.ts'

const firstOf = (ways: readonly Way[]): OneOf => [
  ...new Set(ways.flatMap(({ needs: [first = []] }) => first)),
]

/** Who may do one of these may come to hold anything. */
const FREEING = firstOf([...waysTo('writes'), ...waysTo('group')])
/** Who may do one of these may have the tags that their own policies ask for. */
const OF_TAGS: OneOf = Object.values(TAGGING_ACTIONS)
const MAKING = waysTo('new')
const TAKING = firstOf(waysTo('user'))
const OF_TRUST = firstOf(waysTo('trust'))
const SPEAKING = firstOf(waysTo('provider'))
const RUNNING = waysTo('running')
const PASSING = waysTo('passed')

type Grants = (action: string) => boolean

/** Which kinds of ways somebody's actions lead them. */
interface Kinds {
  /** To anybody of the account: they may change what they themselves may do. */
  readonly isFree: boolean
  /** Roles that trust one of these, by name, whatever a policy's resources are. */
  readonly running: ReadonlySet<string>
  /** Roles that trust one of these, among a policy's resources. */
  readonly passing: ReadonlySet<string>
  readonly isSpeaking: boolean
  /** Users of any name may have one that a policy is about. */
  readonly isRenaming: boolean
}

/** Resources of somebody's policies, as patterns of ARNs in lower case, by what may be done to them. */
interface Patterns {
  readonly users: readonly string[]
  readonly passed: readonly string[]
  readonly trusting: readonly string[]
}

/** Somebody, or something, that is come to. */
interface Target {
  /** ARN, and the same in lower case. */
  readonly arn: string
  readonly lower: string
  /** Whether it is with credentials as one has them. */
  readonly isOwn: boolean
  /** null: it is no role. */
  readonly role: RoleState | null
  readonly trusted: readonly ParsedPrincipal[]
}

/** Somebody who may come to others, with credentials of their own or with less. */
interface Candidate {
  readonly holder: Holder
  readonly isOwn: boolean
  readonly key: string
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
  readonly #wanted: ActionSet
  readonly #kinds = new Map<string, Kinds>()
  readonly #patterns = new Map<string, Patterns>()

  constructor(world: World) {
    this.#world = world
    this.#wanted = world.powers.wanted
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
    /** Of an account, who isn't known to come to anybody. */
    const left = new Map<string, readonly Candidate[]>()
    for (let head = 0; head < queue.length; head++) {
      const target = queue[head]
      for (const account of target === undefined ? [] : this.#accountsNear(target)) {
        const candidates =
          left.get(account) ?? this.#candidatesIn(account).filter(({ key }) => !coming.has(key))
        const staying = candidates.filter(({ holder, isOwn, key }) => {
          if (target === undefined || coming.has(key) || !this.#comesTo(holder, isOwn, target)) return true
          add(holder.principal.name, isOwn)
          return false
        })
        left.set(account, staying)
      }
    }
    const altered = new Map<string, boolean>()
    return (holder) => {
      const isOwn = holder.credentials === 'own'
      if (holder.altered === '') return coming.has(keyOf(holder.principal.name, isOwn))
      let comes = altered.get(holder.id)
      if (comes === undefined) {
        comes = [...coming.values()].some((target) => this.#comesTo(holder, isOwn, target))
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
    return { arn, lower: arn.toLowerCase(), isOwn, role, trusted }
  }

  /** Accounts whose principals may come to somebody: the own one, and those that a role may trust. */
  #accountsNear({ arn, role, trusted }: Target): Iterable<string> {
    const { trusts, view } = this.#world
    const near = new Set([accountOf(arn)])
    const statements = role === null ? [] : (trusts.policyOf(role)?.statements ?? [])
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

  #candidatesIn(account: string): readonly Candidate[] {
    const { view } = this.#world
    return view.entitiesOf(account).flatMap(({ arn }) => {
      const holder = holderOf(arn, 'own', view)
      return holder === null ? [] : [true, false].map((isOwn) => ({ holder, isOwn, key: keyOf(arn, isOwn) }))
    })
  }

  /** @param isOwn whether it is with its own credentials */
  #comesTo(from: Holder, isOwn: boolean, target: Target): boolean {
    const { surplus } = this.#world
    if (!this.#leads(from, isOwn, target, this.#kindsBy(from))) return false
    // Only of those who are left their policies are compiled.
    if (!this.#leads(from, isOwn, target, this.#kindsGranted(from))) return false
    // Who may do everything needs no other's power in the account.
    const isNear = accountOf(target.arn) === from.account
    return !(isNear && isOwn && surplus.isAdministrator(from))
  }

  #leads(from: Holder, isOwn: boolean, target: Target, kinds: Kinds): boolean {
    const { arn, lower, role, trusted } = target
    const isNear = accountOf(arn) === from.account
    if (isNear && kinds.isFree) return true
    const patterns = this.#patternsOf(from)
    const isAmong = (some: readonly string[]) => some.some((pattern) => matchesPattern(pattern, lower))
    if (role === null)
      return (
        isNear &&
        arn.includes(':user/') &&
        (isAmong(patterns.users) || (kinds.isRenaming && patterns.users.length > 0))
      )
    // Credentials are passed on to a role that is assumed.
    if (isOwn === target.isOwn) {
      const { assumable, trusts } = this.#world
      const letIn = letInBy(trusts.policyOf(role)?.statements ?? [], from)
      if (letIn === 'itself') return true
      if (letIn === 'account' && (kinds.isFree || assumable.has(from, arn))) return true
    }
    if (!isNear) return false
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

  /** By the statements of somebody's own policies alone. */
  #kindsBy(holder: Holder): Kinds {
    const { actions } = this.#world.reasoner
    const sets = [...new Set(allowing(holder.state).map(({ action }) => actions.setOf(action)))].filter(
      (set) => actions.haveCommon(set, this.#wanted),
    )
    const isAsking = this.#isAsking(holder)
    const id = `${sets.map((set) => set.id).join()} ${isAsking}`
    let kinds = this.#kinds.get(id)
    if (kinds === undefined) {
      kinds = kindsOf((action) => sets.some(actions.membershipOf(action)), isAsking)
      this.#kinds.set(id, kinds)
    }
    return kinds
  }

  #isAsking(holder: Holder): boolean {
    return !holder.altered.includes(TAGGED) && mayAskForTags(holder, this.#world)
  }

  #kindsGranted(holder: Holder): Kinds {
    const { powers } = this.#world
    const id = `${holder.id} granted`
    let kinds = this.#kinds.get(id)
    if (kinds === undefined) {
      kinds = kindsOf((action) => powers.isGranted(holder, action), this.#isAsking(holder))
      this.#kinds.set(id, kinds)
    }
    return kinds
  }

  #patternsOf({ id, state }: Holder): Patterns {
    let patterns = this.#patterns.get(id)
    if (patterns === undefined) {
      const { actions } = this.#world.reasoner
      const of = (wanted: readonly string[]) =>
        allowing(state)
          .filter(({ action }) => wanted.some((each) => actions.isIn(actions.setOf(action), each)))
          .flatMap(({ resource }) => resourcesAtMost(resource, state.pins))
      patterns = {
        users: of(TAKING),
        passed: of([PASS_ROLE]),
        trusting: of(OF_TRUST),
      }
      this.#patterns.set(id, patterns)
    }
    return patterns
  }
}

const keyOf = (arn: string, isOwn: boolean): string => `${isOwn} ${arn}`

const allowing = ({ layers }: Holder['state']): readonly ParsedStatement[] =>
  (layers.identity ?? []).flatMap(({ policy }) =>
    policy.statements.filter(({ effect }) => effect === 'Allow'),
  )

/** @param isAsking whether the tags of whoever asks decide about any of it */
function kindsOf(grants: Grants, isAsking: boolean): Kinds {
  const isMet = ({ needs }: Way) => needs.every((some) => some.some(grants))
  const services = (
    ways: readonly (Way & { readonly reaches: { readonly services: readonly string[] } })[],
  ) => new Set(ways.filter(isMet).flatMap(({ reaches }) => reaches.services))
  return {
    isFree: FREEING.some(grants) || MAKING.some(isMet) || (isAsking && OF_TAGS.some(grants)),
    running: services(RUNNING),
    passing: grants(PASS_ROLE) ? services(PASSING) : new Set(),
    isSpeaking: SPEAKING.some(grants),
    isRenaming: grants(RENAMING_ACTIONS.user),
  }
}
