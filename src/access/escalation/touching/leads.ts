import type { IdentifiedPolicy } from '../../../evaluator/layers.ts'
import type { ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import type { ActionSet } from '../../actions/action-set.ts'
import type { ActionTable } from '../../actions/action-table.ts'
import type { World } from '../edge.ts'
import { TAGGED } from '../following/own-tags.ts'
import { mayAskForTags } from '../powers/asked-tags.ts'
import type { Holder } from '../powers/holder.ts'
import { resourcesAtMost } from '../powers/resources-at-most.ts'
import { PASS_ROLE } from '../ways/ways.ts'
import { kindsOf, OF_TRUST, TAKING, TO_PEOPLE, type WayKinds } from './kinds-of-ways.ts'

/** Resources of somebody's policies, as patterns of ARNs in lower case, by what may be done to them. */
export interface LeadPatterns {
  readonly users: readonly string[]
  readonly passed: readonly string[]
  readonly trusting: readonly string[]
}

/** Where somebody's statements may lead them: one for all who are alike in it. */
export interface Lead {
  readonly kinds: WayKinds
  readonly patterns: LeadPatterns
  /** false: to nobody but roles whose trust policies let them in. Most may do nothing that any way needs. */
  readonly isBeyondTrust: boolean
}

/** A statement that grants some action of the ways. */
interface Granting {
  readonly statement: ParsedStatement
  readonly actions: ActionSet
}

/** What one policy may lead whoever holds it to: users and groups, or roles beside those that let them in. */
interface MayLead {
  readonly people: boolean
  readonly roles: boolean
}

/** What hangs on the actions of the ways alone: a watcher's policies are the same ones again and again. */
interface KnownOfPolicies {
  readonly granting: WeakMap<ParsedPolicy, readonly Granting[]>
  readonly mayLead: WeakMap<ParsedPolicy, MayLead>
  /** Of all that somebody holds. */
  readonly ofAll: WeakMap<readonly IdentifiedPolicy[], MayLead>
}

const known = new WeakMap<ActionTable, KnownOfPolicies>()

function knownOfPolicies(table: ActionTable): KnownOfPolicies {
  let found = known.get(table)
  if (found === undefined) {
    found = { granting: new WeakMap(), mayLead: new WeakMap(), ofAll: new WeakMap() }
    known.set(table, found)
  }
  return found
}

/** What the statements of principals lead to at most. What is alike in a policy is looked at once for all who hold it. */
export class Leads {
  readonly #world: World
  readonly #wanted: ActionSet
  readonly #toPeople: ActionSet
  readonly #known: KnownOfPolicies
  readonly #kinds = new Map<string, WayKinds>()
  /** By the holder's id, and by what they say. */
  readonly #leads = new Map<string, Lead>()
  readonly #distinct = new Map<string, Lead>()
  readonly #granted = new Map<string, WayKinds>()

  constructor(world: World) {
    this.#world = world
    this.#wanted = world.powers.wanted
    const { actions } = world.reasoner
    this.#toPeople = actions.setOf({ negated: false, entries: TO_PEOPLE })
    this.#known = knownOfPolicies(actions)
  }

  /** Whether some of a holder's policies may lead there: who holds none such isn't looked at. */
  mayLead(policies: readonly IdentifiedPolicy[], to: keyof MayLead): boolean {
    let may = this.#known.ofAll.get(policies)
    if (may === undefined) {
      const each = policies.map(({ policy }) => this.#mayLeadBy(policy))
      may = { people: each.some(({ people }) => people), roles: each.some(({ roles }) => roles) }
      this.#known.ofAll.set(policies, may)
    }
    return may[to]
  }

  #mayLeadBy(policy: ParsedPolicy): MayLead {
    let may = this.#known.mayLead.get(policy)
    if (may === undefined) {
      const { actions: table } = this.#world.reasoner
      const granting = this.#grantingIn(policy)
      may = {
        people: granting.some(({ actions }) => table.haveCommon(actions, this.#toPeople)),
        roles: granting.length > 0,
      }
      this.#known.mayLead.set(policy, may)
    }
    return may
  }

  /** By the statements of somebody's own policies alone. */
  of(holder: Holder): Lead {
    let lead = this.#leads.get(holder.id)
    if (lead === undefined) {
      lead = this.#leadOf(holder)
      this.#leads.set(holder.id, lead)
    }
    return lead
  }

  /** As far as no layer of theirs takes an action away as a whole. Their policies are compiled for it. */
  granted(holder: Holder): WayKinds {
    let kinds = this.#granted.get(holder.id)
    if (kinds === undefined) {
      const { powers } = this.#world
      kinds = kindsOf((action) => powers.isGranted(holder, action), this.#isAsking(holder))
      this.#granted.set(holder.id, kinds)
    }
    return kinds
  }

  #leadOf(holder: Holder): Lead {
    const granting = (holder.state.layers.identity ?? []).flatMap(({ policy }) => this.#grantingIn(policy))
    if (granting.length === 0) return NOWHERE
    const { id, kinds } = this.#kindsBy(granting, this.#isAsking(holder))
    const patterns = this.#patternsOf(granting, holder)
    const key = `${id} ${JSON.stringify(patterns)}`
    let lead = this.#distinct.get(key)
    if (lead === undefined) {
      lead = { kinds, patterns, isBeyondTrust: isBeyondTrust(kinds, patterns) }
      this.#distinct.set(key, lead)
    }
    return lead
  }

  #grantingIn(policy: ParsedPolicy): readonly Granting[] {
    let granting = this.#known.granting.get(policy)
    if (granting === undefined) {
      const { actions: table } = this.#world.reasoner
      granting = policy.statements
        .filter(({ effect }) => effect === 'Allow')
        .map((statement) => ({ statement, actions: table.setOf(statement.action) }))
        .filter(({ actions }) => table.haveCommon(actions, this.#wanted))
      this.#known.granting.set(policy, granting)
    }
    return granting
  }

  #kindsBy(
    granting: readonly Granting[],
    isAsking: boolean,
  ): { readonly id: string; readonly kinds: WayKinds } {
    const sets = [...new Set(granting.map(({ actions }) => actions))].sort((a, b) => a.id - b.id)
    const id = `${sets.map((set) => set.id).join()} ${isAsking}`
    let kinds = this.#kinds.get(id)
    if (kinds === undefined) {
      const { actions } = this.#world.reasoner
      kinds = kindsOf((action) => sets.some(actions.membershipOf(action)), isAsking)
      this.#kinds.set(id, kinds)
    }
    return { id, kinds }
  }

  #isAsking(holder: Holder): boolean {
    return !holder.altered.includes(TAGGED) && mayAskForTags(holder, this.#world)
  }

  #patternsOf(granting: readonly Granting[], { state }: Holder): LeadPatterns {
    const { actions: table } = this.#world.reasoner
    const of = (wanted: readonly string[]) =>
      granting
        .filter(({ actions }) => wanted.some((each) => table.isIn(actions, each)))
        .flatMap(({ statement }) => resourcesAtMost(statement.resource, state.pins))
    return { users: of(TAKING), passed: of([PASS_ROLE]), trusting: of(OF_TRUST) }
  }
}

const NOWHERE: Lead = {
  kinds: kindsOf(() => false, false),
  patterns: { users: [], passed: [], trusting: [] },
  isBeyondTrust: false,
}

const isBeyondTrust = (
  { isFree, isSpeaking, passing, running }: WayKinds,
  { passed, trusting, users }: LeadPatterns,
): boolean =>
  isFree ||
  isSpeaking ||
  running.size > 0 ||
  (passing.size > 0 && passed.length > 0) ||
  users.length > 0 ||
  trusting.length > 0
