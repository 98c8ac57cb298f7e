import type { ActionSet } from '../../actions/action-set.ts'
import type { Comparison } from '../../diff/comparison.ts'
import type { EstateView } from '../../estate-view.ts'
import type { Exploration } from '../../explore.ts'
import { type Region, restRegion } from '../../regions/region.ts'
import { type PrincipalSide, placedStatements } from '../../sides/side.ts'
import type { PlacedStatement } from '../../sides/statement-compiler.ts'
import type { Lang } from '../../symbolic/lang.ts'
import { literalGlob } from '../../symbolic/tokens.ts'
import { ConfirmedPowers, type Power } from './confirmed-power.ts'
import { type Given, givenKey, NOTHING } from './given.ts'
import { PowerGrants } from './grants.ts'
import { CREDENTIAL_KEYS, type Holder, holderKey } from './holder.ts'
import { HolderSides } from './holder-sides.ts'
import { type Narrowed, type NarrowedBy, NOT_NARROWED, narrowedKey, starredGlob } from './narrowed.ts'
import { maySpeakOf } from './speaking-statements.ts'

export type { Power } from './confirmed-power.ts'

/** By what the entities of an account are asked for. */
const KINDS = { users: 'user', roles: 'role', groups: 'group' } as const
type Kind = keyof typeof KINDS

/** Which of the actions that ways need somebody may carry out, and on what. Answers are remembered. */
export class Powers {
  readonly #in: Exploration
  /** Kept, since spaces are remembered by it; twice, so that what somebody else may do can stand before. */
  readonly #views: readonly [EstateView, EstateView]
  readonly #sides: HolderSides
  readonly #grants: PowerGrants
  readonly #confirmed: ConfirmedPowers
  readonly #on = new Map<string, Power | null>()
  /** Statements that grant an action, by who holds them. */
  readonly #granting = new Map<string, readonly PlacedStatement[]>()
  readonly #known = new Map<string, Lang>()

  constructor(exploration: Exploration) {
    this.#in = exploration
    this.#views = [exploration.view, exploration.view]
    this.#sides = new HolderSides(exploration)
    this.#grants = new PowerGrants(exploration, this.#sides)
    this.#confirmed = new ConfirmedPowers(exploration, this.#views)
  }

  get view(): EstateView {
    return this.#in.view
  }

  /** All actions that some way needs. */
  get wanted(): ActionSet {
    return this.#grants.wanted
  }

  get views(): readonly EstateView[] {
    return this.#views
  }

  /** What somebody may do in a region; null: nothing, or it can't be known. */
  in(holder: Holder, region: Region, given: Given = NOTHING): Comparison | null {
    return this.#sides.in(holder, region, given)
  }

  /** The same of what is the account's own, as far as nothing there has a policy of its own. */
  sideOf(holder: Holder): PrincipalSide | null {
    return this.#sides.own(holder)
  }

  /** Whether a statement grants an action to somebody, on anything, and no layer leaves it out as a whole. */
  isGranted(holder: Holder, action: string): boolean {
    return this.#grants.has(holder, action)
  }

  /**
   * Whether somebody may carry out one of some actions on anything at all; the first such.
   * @param narrowed what more is known of requests for an action; absent: nothing
   */
  anyOf(holder: Holder, actions: readonly string[], narrowed?: NarrowedBy): Power | null {
    for (const action of actions) {
      const power = this.isGranted(holder, action)
        ? this.#anywhere(holder, action, narrowed?.(action) ?? NOT_NARROWED)
        : null
      if (power !== null) return power
    }
    return null
  }

  /** Whether of each of some lists somebody may be allowed an action, as far as it needs no search. */
  mayAll(holder: Holder, needs: readonly (readonly string[])[]): boolean {
    return needs.every((actions) => actions.some((action) => this.isGranted(holder, action)))
  }

  /** Whether of each of some lists somebody may carry out an action; with the requests. null: of one they can't. */
  allOf(
    holder: Holder,
    needs: readonly (readonly string[])[],
    narrowed?: NarrowedBy,
  ): readonly Power[] | null {
    if (!this.mayAll(holder, needs)) return null
    const powers: Power[] = []
    for (const actions of needs) {
      const power = this.anyOf(holder, actions, narrowed)
      if (power === null) return null
      powers.push(power)
    }
    return powers
  }

  /** Whether somebody may carry out an action on one resource. */
  on(holder: Holder, action: string, resource: string, given: Given = NOTHING): Power | null {
    if (!this.mayBeOn(holder, action, resource)) return null
    const id = `${holderKey(holder)} ${action} ${resource} ${givenKey(given)}`
    let power = this.#on.get(id)
    if (power === undefined) {
      power = this.#ask(holder, action, resource, given)
      this.#on.set(id, power)
    }
    return power
  }

  /** Whether somebody may be allowed an action on one resource, as far as it needs no search. */
  mayBeOn(holder: Holder, action: string, resource: string): boolean {
    return this.isGranted(holder, action) && this.#maySpeakOf(holder, action, resource)
  }

  /** Of most people nothing speaks of most others: an own name in place of a variable is that of one. */
  #maySpeakOf(holder: Holder, action: string, resource: string): boolean {
    const { actions, symbols } = this.#in.reasoner
    const id = `${holderKey(holder)} ${action}`
    let granting = this.#granting.get(id)
    if (granting === undefined) {
      const isIn = actions.membershipOf(action)
      const ways = this.sideOf(holder)?.ways ?? []
      granting = ways.flatMap(([first = []]) => first.filter((each) => isIn(each.actions)))
      this.#granting.set(id, granting)
    }
    return granting.some((each) => maySpeakOf(each, resource, symbols))
  }

  #ask(holder: Holder, action: string, resource: string, given: Given): Power | null {
    const comparison = this.in(holder, restRegion(holder.account, 'own'), given)
    if (comparison === null) return null
    const { actions, symbols } = this.#in.reasoner
    const isIn = actions.membershipOf(action)
    const about = placedStatements(comparison.now.side).filter((each) => isIn(each.actions))
    const context = new Map([...CREDENTIAL_KEYS[holder.credentials], ...given])
    const plain = this.#confirmed.of(comparison, { action, resource, context: new Map() }, context, null)
    if (plain !== null) return plain
    // Only where conditions decide there is something to search for.
    if (!about.some(isConditional)) return null
    return this.#confirmed.find(comparison, action, context, {
      inside: [symbols.langs.of([literalGlob(resource)])],
      withStar: false,
    })
  }

  /** Whether somebody may carry out an action on a user, role or group of their account that isn't known here. */
  beyond(holder: Holder, action: string, kind: Kind, given: Given = NOTHING): Power | null {
    if (!this.isGranted(holder, action)) return null
    const id = `${holderKey(holder)} ${action} beyond ${kind} ${givenKey(given)}`
    let power = this.#on.get(id)
    if (power === undefined) {
      power = this.#askBeyond(holder, action, kind, given)
      this.#on.set(id, power)
    }
    return power
  }

  #askBeyond(holder: Holder, action: string, kind: Kind, given: Given): Power | null {
    const comparison = this.in(holder, restRegion(holder.account, 'own'), given)
    if (comparison === null) return null
    const context = new Map([...CREDENTIAL_KEYS[holder.credentials], ...given])
    const outside = [this.#knownIn(holder.account, kind)]
    return this.#confirmed.find(comparison, action, context, { outside, withStar: false })
  }

  /** The entities of an account, as resources. */
  #knownIn(account: string, kind: Kind): Lang {
    const { generation, symbols } = this.#in.reasoner
    const id = `${generation} ${account} ${kind}`
    let known = this.#known.get(id)
    if (known === undefined) {
      const entities = [...(this.#in.view.accounts.get(account)?.entities[KINDS[kind]].values() ?? [])]
      known = symbols.langs.of(entities.map(({ arn }) => literalGlob(arn)))
      this.#known.set(id, known)
    }
    return known
  }

  /** A request for an action on something, likely names first. */
  #anywhere(holder: Holder, action: string, narrowed: Narrowed): Power | null {
    const id = `${holderKey(holder)} ${action}${narrowedKey(narrowed)}`
    let power = this.#on.get(id)
    if (power === undefined) {
      power = this.#find(holder, action, narrowed)
      this.#on.set(id, power)
    }
    return power
  }

  #find(holder: Holder, action: string, { given, within }: Narrowed): Power | null {
    const context = new Map([...CREDENTIAL_KEYS[holder.credentials], ...given])
    const inside = within === null ? null : this.#in.reasoner.symbols.langs.of([starredGlob(within)])
    const question = inside === null ? {} : { inside: [inside], withStar: false }
    for (const region of this.#sides.regionsOf(holder)) {
      const comparison = this.in(holder, region, given)
      if (comparison === null) continue
      const power =
        this.#confirmed.onKnownName(holder, action, comparison, given, inside) ??
        this.#confirmed.find(comparison, action, context, question)
      if (power !== null) return power
    }
    return null
  }
}

const isConditional = ({ symbolic }: PlacedStatement): boolean =>
  symbolic.source.conditions.length > 0 || symbolic.variables.length > 0
