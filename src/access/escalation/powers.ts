import type { Request } from '../../evaluator/decision.ts'
import { Refusal } from '../../evaluator/estate/refusal.ts'
import { UnevaluablePolicyError } from '../../evaluator/unevaluable.ts'
import type { ActionSet } from '../action-table.ts'
import { asked } from '../asked.ts'
import type { ComparedSide, Comparison, Question } from '../comparer.ts'
import type { EstateView } from '../estate-view.ts'
import type { Exploration } from '../explore.ts'
import { readableRequests } from '../readable-request.ts'
import { type Region, regionKey, resourceRegions, restRegion } from '../region.ts'
import { type PrincipalSide, placedStatements, sideKey } from '../side.ts'
import type { FoundRequest } from '../side-finding.ts'
import type { PlacedStatement } from '../statement-compiler.ts'
import { subjectSide } from '../subject-side.ts'
import type { Lang } from '../symbolic/lang.ts'
import { pinnedTo } from '../symbolic/pins.ts'
import { literalGlob } from '../symbolic/tokens.ts'
import { witnessOf } from '../witness.ts'
import { RENAMING_ACTIONS, TAGGING_ACTIONS } from './altering-actions.ts'
import { type Given, givenKey } from './given.ts'
import { grantedBy, likelyContext, sparingContext } from './granted.ts'
import { CREDENTIAL_KEYS, type Holder, holderKey } from './holder.ts'
import {
  type Narrowed,
  type NarrowedBy,
  NOT_NARROWED,
  narrowedKey,
  starredGlob,
  withoutKnown,
} from './narrowed.ts'
import { SHARING_ACTIONS } from './other-ways.ts'
import { Searches } from './searches.ts'
import { PASS_ROLE, WAYS } from './ways.ts'

/** Something that somebody may do: a request that the evaluator allows, and the statement that grants it. */
export interface Power {
  readonly request: Request
  readonly allow: PlacedStatement | null
}

/** Actions that some way needs. */
const ACTIONS: readonly string[] = [
  ...new Set([
    ...WAYS.flatMap(({ needs }) => needs.flat()),
    ...SHARING_ACTIONS,
    PASS_ROLE,
    ...Object.values(TAGGING_ACTIONS),
    ...Object.values(RENAMING_ACTIONS),
    'iam:CreateVirtualMFADevice',
    'iam:EnableMFADevice',
  ]),
]
const NOTHING: Given = new Map()

type Kind = 'users' | 'roles' | 'groups'

/** Names that are tried before a request is taken as it was found. */
const MOST_READABLE = 3

/** Comparisons and powers hold statements and sides: of thousands of principals they are not all kept. */
const MOST_REMEMBERED = 4_000

/** Which of the actions that ways need somebody may carry out, and on what. Answers are remembered. */
export class Powers {
  readonly #in: Exploration
  /** Kept, since spaces are remembered by it; twice, so that what somebody else may do can stand before. */
  readonly #views: readonly [EstateView, EstateView]
  readonly #wanted: ActionSet
  readonly #compared = new Map<string, Comparison | null>()
  readonly #granted = new Map<string, ActionSet | null>()
  readonly #on = new Map<string, Power | null>()
  /** Statements that grant an action, by who holds them. */
  readonly #granting = new Map<string, readonly PlacedStatement[]>()
  readonly #searches: Searches
  readonly #known = new Map<string, Lang>()
  /** Whether an action is in a set, for the actions that are asked about again and again. */
  readonly #tests: ReadonlyMap<string, (set: ActionSet) => boolean>

  constructor(exploration: Exploration) {
    this.#in = exploration
    this.#views = [exploration.view, exploration.view]
    this.#searches = new Searches(exploration, this.#views)
    const { actions } = exploration.reasoner
    this.#wanted = actions.setOf({ negated: false, entries: ACTIONS })
    this.#tests = new Map(ACTIONS.map((action) => [action, actions.membershipOf(action)]))
  }

  get view(): EstateView {
    return this.#in.view
  }

  /** All actions that some way needs. */
  get wanted(): ActionSet {
    return this.#wanted
  }

  get views(): readonly EstateView[] {
    return this.#views
  }

  /** What somebody may do in a region; null: nothing, or it can't be known. */
  in(holder: Holder, region: Region, given: Given = NOTHING): Comparison | null {
    const id = `${holderKey(holder)} ${regionKey(region)} ${givenKey(given)}`
    let comparison = this.#compared.get(id)
    if (comparison === undefined) {
      comparison = this.#compare(holder, region, given)
      // One starter is looked at after the other: what was asked of the first ones is hardly asked again.
      if (this.#compared.size >= MOST_REMEMBERED) this.#compared.clear()
      this.#compared.set(id, comparison)
    }
    return comparison
  }

  /** The same of what is the account's own, as far as nothing there has a policy of its own. */
  sideOf(holder: Holder): PrincipalSide | null {
    return this.in(holder, restRegion(holder.account, 'own'))?.now.side ?? null
  }

  #compare(holder: Holder, region: Region, given: Given): Comparison | null {
    const { comparer, reasoner, view } = this.#in
    const context = new Map([...CREDENTIAL_KEYS[holder.credentials], ...given])
    if (holder.altered === '') {
      const comparison = comparer.compare(holder.subject, region, view, null, { context })
      return typeof comparison === 'string' ? null : comparison
    }
    try {
      const pins = pinnedTo(holder.state.pins, context)
      const found = subjectSide(holder.state, region, view, reasoner, pins)
      return {
        subject: holder.subject,
        region,
        now: { ...found, state: holder.state },
        before: NOBODY,
        key: `${reasoner.generation} altered ${sideKey(found.side)} ${regionKey(region)} ${holder.state.keys.id}`,
        isMeant: () => true,
      }
    } catch (error) {
      if (error instanceof Refusal || error instanceof UnevaluablePolicyError) return null
      throw error
    }
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
    if (!this.isGranted(holder, action) || !this.#maySpeakOf(holder, action, resource)) return null
    const id = `${holderKey(holder)} ${action} ${resource} ${givenKey(given)}`
    let power = this.#on.get(id)
    if (power === undefined) {
      power = this.#ask(holder, action, resource, given)
      this.#on.set(id, power)
    }
    return power
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
    const plain = this.#power(comparison, { action, resource, context: new Map() }, context, null)
    if (plain !== null) return plain
    // Only where conditions decide there is something to search for.
    if (!about.some(isConditional)) return null
    return this.#search(comparison, action, context, {
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
    return this.#search(comparison, action, context, { outside, withStar: false })
  }

  /** The entities of an account, as resources. */
  #knownIn(account: string, kind: Kind): Lang {
    const { generation, symbols } = this.#in.reasoner
    const id = `${generation} ${account} ${kind}`
    let known = this.#known.get(id)
    if (known === undefined) {
      const entities = [...(this.#in.view.accounts.get(account)?.[kind].values() ?? [])]
      known = symbols.langs.of(entities.map(({ arn }) => literalGlob(arn)))
      this.#known.set(id, known)
    }
    return known
  }

  /** A request for one action that reasoning finds and the evaluator confirms. */
  #search(comparison: Comparison, action: string, context: Given, question: Question): Power | null {
    for (const { allow, request, tier } of this.#searches.findingsOf(comparison, action, context, question)) {
      if (tier !== 'typed' && tier !== 'named') continue
      const power = this.#power(comparison, { ...request, action }, context, allow)
      if (power !== null) return power
    }
    return null
  }

  /** null: the evaluator doesn't allow it. */
  #power(
    comparison: Comparison,
    request: FoundRequest,
    context: Given,
    allow: PlacedStatement | null,
  ): Power | null {
    const lower = new Set([...request.context.keys()].map((key) => key.toLowerCase()))
    const settled = [...context].filter(([key, values]) => values !== null && !lower.has(key)) as [
      string,
      readonly string[],
    ][]
    const full = { ...request, context: new Map([...request.context, ...settled]) }
    if (this.#in.decider.decisionOf(asked(comparison, comparison.now), full) !== 'yes') return null
    return {
      request: witnessOf(comparison, full),
      allow: allow ?? this.#grantingOf(comparison, full),
    }
  }

  /** The statement that allows a request, as far as it can be told. */
  #grantingOf({ now }: Comparison, { action, resource }: FoundRequest): PlacedStatement | null {
    const { actions, symbols } = this.#in.reasoner
    const isIn = actions.membershipOf(action)
    const about = (now.side.ways[0]?.[0] ?? []).filter((each) => isIn(each.actions))
    return (
      about.find(({ symbolic }) => symbolic.resource === null || speaksOf(symbolic, resource, symbols)) ??
      about[0] ??
      null
    )
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
    for (const region of this.#regionsOf(holder)) {
      const comparison = this.in(holder, region, given)
      if (comparison === null) continue
      const power =
        this.#onKnownName(holder, action, comparison, given, inside) ??
        this.#search(comparison, action, context, question)
      if (power !== null) return power
    }
    return null
  }

  /** On something that people would name: most statements allow it as plainly as that. */
  #onKnownName(
    holder: Holder,
    action: string,
    comparison: Comparison,
    given: Given,
    inside: Lang | null,
  ): Power | null {
    const { actions, partition, templates } = this.#in.reasoner
    const isIn = actions.membershipOf(action)
    const isOfNothing = templates.templatesOf(action).length === 0
    const asked = { action, resource: isOfNothing ? '*' : '', context: new Map() }
    const granting = (comparison.now.side.ways[0]?.[0] ?? []).filter((each) => isIn(each.actions))
    const denying = comparison.now.side.denies.filter((each) => isIn(each.actions))
    const sparing = withoutKnown(sparingContext(denying), given)
    const context = new Map([...CREDENTIAL_KEYS[holder.credentials], ...given])
    const tries = granting.slice(0, MOST_READABLE).flatMap((allow) => {
      const likely = withoutKnown(likelyContext(allow), given)
      return [likely, ...(sparing.size === 0 ? [] : [new Map([...sparing, ...likely])])].map((context) => ({
        allow,
        context,
      }))
    })
    for (const { allow, context: tried } of tries) {
      const likely = { ...asked, context: tried }
      const found = { allow, actions: [action], request: likely, tier: 'typed' as const }
      const named = isOfNothing
        ? [likely]
        : readableRequests(found, holder.account, partition, templates, holder.state.pins)
      for (const each of named.slice(0, MOST_READABLE)) {
        if (!comparison.isMeant(each.action, each.resource) || inside?.has(each.resource) === false) continue
        const power = this.#power(comparison, each, context, allow)
        if (power !== null) return power
      }
    }
    return null
  }

  /** What isn't declared, and what is of the account. */
  #regionsOf({ account }: Holder): readonly Region[] {
    return [
      restRegion(account, 'own'),
      ...[...this.#in.view.estate.resources.values()]
        .filter((facts) => facts.account === account)
        .flatMap(({ arn }) => resourceRegions(arn, account)),
    ]
  }

  /** Whether a statement grants an action to somebody, on anything, and no layer leaves it out as a whole. */
  isGranted(holder: Holder, action: string): boolean {
    const id = holderKey(holder)
    let granted = this.#granted.get(id)
    if (granted === undefined) {
      granted = this.#speaksOfWays(holder) ? this.#grantedTo(holder) : null
      this.#granted.set(id, granted)
    }
    return granted !== null && this.#tests.get(action)?.(granted) === true
  }

  #grantedTo(holder: Holder): ActionSet {
    const sides = this.#regionsOf(holder).flatMap((region) => this.in(holder, region)?.now.side ?? [])
    return grantedBy(sides, this.#wanted, this.#in.reasoner.actions)
  }

  /** Most hold no policy that is about any of the actions: nothing is reasoned about for them. */
  #speaksOfWays({ state }: Holder): boolean {
    const { actions } = this.#in.reasoner
    return (state.layers.identity ?? []).some(({ policy }) =>
      policy.statements.some(
        ({ effect, action }) => effect === 'Allow' && actions.haveCommon(actions.setOf(action), this.#wanted),
      ),
    )
  }
}

const NOBODY: ComparedSide = { state: null, side: { ways: [], denies: [] }, layers: {} }

type Symbols = Exploration['reasoner']['symbols']

const isConditional = ({ symbolic }: PlacedStatement): boolean =>
  symbolic.source.conditions.length > 0 || symbolic.variables.length > 0

/** Whether a statement's resources can hold one. */
const maySpeakOf = ({ symbolic }: PlacedStatement, text: string, symbols: Symbols): boolean =>
  symbolic.resource === null || symbolic.variables.length > 0 || speaksOf(symbolic, text, symbols)

/** Whether a statement's resources hold one. */
function speaksOf({ resource }: PlacedStatement['symbolic'], text: string, { atoms }: Symbols): boolean {
  if (resource === null) return true
  const atom = atoms.at(Math.abs(resource) - 1)
  return atom.on === 'resource' && atom.lang.has(text) === resource > 0
}
