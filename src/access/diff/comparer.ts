import { Refusal } from '../../evaluator/estate/refusal.ts'
import type { PrincipalKind } from '../../evaluator/principal.ts'
import { UnevaluablePolicyError } from '../../evaluator/unevaluable.ts'
import type { ActionSet } from '../actions/action-set.ts'
import { callSide } from '../actions/implied-actions.ts'
import type { EstateView } from '../estate-view.ts'
import { declaredMembers } from '../outsiders/declared-members.ts'
import type { ExaminedPrincipal, PrincipalInState } from '../principals/examined-principal.ts'
import { stateOf } from '../principals/principal-in-state.ts'
import { PrincipalTraitsTable } from '../principals/principal-traits.ts'
import type { Reasoner } from '../reasoner.ts'
import { Recent } from '../recent.ts'
import { type Region, type RegionSpace, regionKey } from '../regions/region.ts'
import { RegionSpaces } from '../regions/region-spaces.ts'
import { SessionSides } from '../session-tags/session-sides.ts'
import type { SessionTagTable } from '../session-tags/session-tag-table.ts'
import { taggersLayers } from '../session-tags/session-tags.ts'
import type { ResourceScope, Sides } from '../sides/scope.ts'
import { placedStatements } from '../sides/side.ts'
import type { SideDiff } from '../sides/side-finding.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import { requestPins } from '../sides/undocumented-keys.ts'
import { atomOf } from '../symbolic/atom.ts'
import type { Owners } from '../symbolic/domain.ts'
import type { OpenRule } from '../symbolic/open-rules.ts'
import {
  type Compared,
  type ComparedSide,
  type Comparison,
  formerSide,
  haveOtherSessions,
  isPlainlyWithin,
  MORE_THAN_NO_QUESTION,
  NO_QUESTION,
  type RequestFilter,
  readingMore,
  sidesKey,
  type TwoWays,
} from './comparison.ts'

const MOST_REMEMBERED = 20_000
/** So many take some milliseconds at least, far more than a look at the heap. */
const QUESTIONS_AT_ONCE = 16

/** Compares what principals may do in two states of an estate. The answers are remembered by what they depend on. */
export class Comparer {
  readonly #reasoner: Reasoner
  readonly #traits: PrincipalTraitsTable
  readonly #sessionSides: SessionSides
  readonly #spaces: RegionSpaces
  readonly #known = new Recent<SideDiff>(MOST_REMEMBERED)
  readonly #atRest: () => void
  #asked = 0

  /**
   * @param now from when on requests are asked about where one must come after another
   * @param atRest called again and again while much is compared, between two questions: a large heap can be looked at then
   */
  constructor(reasoner: Reasoner, now: Date, atRest: () => void = () => {}) {
    this.#reasoner = reasoner
    this.#atRest = atRest
    this.#traits = new PrincipalTraitsTable(reasoner.actions.facts)
    this.#sessionSides = new SessionSides(reasoner, now)
    this.#spaces = new RegionSpaces(reasoner)
  }

  /** Which tags sessions of roles can carry. */
  get sessionTags(): SessionTagTable {
    return this.#sessionSides.table
  }

  /** Whether tags of a role's sessions decide what they may do in a region. */
  asksForSessionTags(principal: ExaminedPrincipal, region: Region, view: EstateView): boolean {
    const state = stateOf(principal, view)
    return (
      state !== null &&
      state !== 'unknown' &&
      this.#sessionSides.keysFor(principal, region, [[state, view]]) !== null
    )
  }

  /** Forgets when there is too much to remember. What was compared before can't be gone on with. */
  makeRoom(): void {
    if (this.#reasoner.makeRoom()) this.#known.clear()
  }

  /** `unknown`: what one of its policies says can't be known. `same`: both states decide alike. */
  compare(
    principal: ExaminedPrincipal,
    region: Region,
    now: EstateView,
    before: EstateView | null,
    question: RequestFilter = NO_QUESTION,
  ): Compared {
    if (++this.#asked % QUESTIONS_AT_ONCE === 0) this.#atRest()
    try {
      const known = question.context ?? new Map()
      const states = [stateOf(principal, now), before === null ? null : stateOf(principal, before)] as const
      const [newState, oldState] = states
      if (newState === 'unknown' || oldState === 'unknown') return 'unknown'
      const tagKeys = this.#sessionSides.keysFor(principal, region, [
        [newState, now],
        ...(before === null ? [] : ([[oldState, before]] as const)),
      ])
      const sides = [
        this.#sideIn(newState, region, now, known, tagKeys),
        before === null ? EMPTY : this.#sideIn(oldState, region, before, known, tagKeys),
      ] as const
      const hasOthers = haveOtherSessions(...sides)
      const [new_, old] = [
        { ...sides[0], hasOthers },
        { ...sides[1], hasOthers },
      ]
      const keys = [sidesKey(new_), sidesKey(old)]
      if (isPlainlyWithin(new_, old) && isPlainlyWithin(old, new_)) return 'same'
      const where = `${regionKey(region)} ${principal.account} ${(new_.state ?? old.state)?.keys.id ?? ''}`
      const formerId = old.state?.keys.id ?? ''
      const beside = new_.state === null || new_.state.keys.id === formerId ? '' : formerId
      const common = {
        principal,
        region,
        isMeant: this.#meaning(region, this.#spaces.viewsOf(now, before), question),
      }
      return {
        ...common,
        now: new_,
        before: old,
        key: `${this.#reasoner.generation} ${keys[0]} > ${keys[1]} ${where} ${beside}`,
        reversed: () => ({
          ...common,
          now: old,
          before: new_,
          key: `${this.#reasoner.generation} ${keys[1]} > ${keys[0]} ${where} ${beside}`,
        }),
      }
    } catch (error) {
      if (error instanceof Refusal || error instanceof UnevaluablePolicyError) return 'unknown'
      throw error
    }
  }

  /** Whether what a comparison finds may hang on tags of the resource: which are those of one resource alone. */
  speaksOfTags({ now, before }: Comparison): boolean {
    const { atoms } = this.#reasoner.symbols
    return [now.side, before.side].some((side) =>
      placedStatements(side).some(
        ({ symbolic }) =>
          symbolic.variables.some(isTagOfResource) ||
          symbolic.literals.some((literal) => {
            const atom = atoms.at(atomOf(literal))
            return atom.on === 'key' && isTagOfResource(atom.key)
          }),
      ),
    )
  }

  /**
   * The same comparison with rules that are open read the way that grants more. null: nothing hangs on them.
   * @param strict as the comparison came out by the reading that grants less
   */
  otherReading(
    principal: ExaminedPrincipal,
    region: Region,
    now: EstateView,
    before: EstateView | null,
    strict: TwoWays | 'same',
    question: RequestFilter = NO_QUESTION,
  ): TwoWays | null {
    if (!this.#reasoner.compiler.sawOpenRules && !principal.label.startsWith('service:')) return null
    const other = this.compare(principal, region, now, before, readingMore(question))
    return typeof other === 'string' || (strict !== 'same' && other.key === strict.key) ? null : other
  }

  /** The open rules that statements hang on which a finding is about. */
  openRulesIn({ now, before }: Comparison, allow: PlacedStatement): readonly OpenRule[] {
    const { compiler } = this.#reasoner
    const own = compiler.openRulesOf(allow.symbolic.source)
    const all = [now.side, before.side]
      .flatMap(placedStatements)
      .flatMap(({ symbolic }) => compiler.openRulesOf(symbolic.source))
    const ofNamed = [now, before].flatMap(({ namedByReading = [] }) => namedByReading)
    const rules = new Set([...own, ...all, ...ofNamed])
    if (rules.size > 0) return [...rules]
    // A Deny that never holds by this reading isn't in the side any more; and who tags a session does it by policies of others.
    const policies = [now, before].flatMap(({ layers, sessions }) =>
      [layers, ...taggersLayers(sessions?.tags ?? null)].flatMap((each) => Object.values(each).flat(2)),
    )
    return [
      ...new Set(
        policies
          .flatMap((each) => each?.policy.statements ?? [])
          .flatMap((each) => compiler.openRulesOf(each)),
      ),
    ]
  }

  /** What `now` allows and `before` doesn't. */
  gainsOf(
    comparison: Comparison,
    views: readonly EstateView[],
    question: RequestFilter = NO_QUESTION,
  ): SideDiff {
    const { now, before } = comparison
    const owners = ownersIn(comparison.region, views)
    const key = `${comparison.key} ${this.#spaces.of(comparison.region, views).key()} ${owners?.members.mark ?? ''}`
    const known = this.#known.get(key)
    const isRemembered = question === NO_QUESTION || question === MORE_THAN_NO_QUESTION
    if (known !== undefined && isRemembered) return known
    const sides: Sides = { now: now.side, before: formerSide(before) }
    const diff = this.#reasoner.diff(sides, this.#scopeOf(comparison, views, question))
    if (!isRemembered) return diff
    this.#known.set(key, diff)
    return diff
  }

  #sideIn(
    state: PrincipalInState | null,
    region: Region,
    view: EstateView,
    known: ReadonlyMap<string, readonly string[] | null>,
    tagKeys: ReadonlySet<string> | null,
  ): ComparedSide {
    if (tagKeys !== null && state !== null)
      return { state, ...this.#sessionSides.sideOf(state, region, view, tagKeys, known) }
    const pins = requestPins(state, region, known)
    return { state, ...callSide(state, region, view, this.#reasoner, pins, known) }
  }

  #meaning(region: Region, views: readonly EstateView[], question: RequestFilter): Comparison['isMeant'] {
    let space: RegionSpace | null = null
    return (action, resource) => {
      // Of what the catalogue doesn't know nobody can say that it takes a resource.
      if (resource === '*' && region.type === 'rest' && !this.#reasoner.actions.isListed(action))
        return question.withStar !== false && (question.inside ?? []).every((lang) => lang.has('*'))
      space ??= this.#spaces.of(region, views)
      const { inside, outside, boundsFor } = space
      const bounds = boundsFor(action.toLowerCase())
      return (
        [...inside, ...bounds.inside, ...(question.inside ?? [])].every((lang) => lang.has(resource)) &&
        ![...outside, ...bounds.outside, ...(question.outside ?? [])].some((lang) => lang.has(resource))
      )
    }
  }

  #scopeOf(
    { region, now, before }: Comparison,
    views: readonly EstateView[],
    question: RequestFilter,
  ): ResourceScope {
    const space = this.#spaces.of(region, views)
    const state = now.state ?? before.state
    const kind = state?.facts.kind
    const [first, second] = views
    const owners = ownersIn(region, views)
    const wanted = [
      ...this.#actionsOf(region, kind, question),
      ...(question.wanted === undefined ? [] : [question.wanted]),
    ]
    return {
      inside: [...space.inside, ...(question.inside ?? [])],
      outside: question.outside === undefined ? space.outside : [...space.outside, ...question.outside],
      boundsFor: space.boundsFor,
      withStar: space.withStar && question.withStar !== false,
      ...(wanted.length === 0 ? {} : { wanted }),
      once: question.once === true,
      first: question.first === true,
      // A pattern of resources that somebody has written is asked as it stands.
      asWritten: question.inside !== undefined,
      named: space.named,
      ...(owners === null ? {} : { owners }),
      principal: this.#traits.of(
        state,
        now.state === null ? null : before.state,
        question.keyFacts ?? null,
        question.notBefore,
      ),
      ...(question.context === undefined ? {} : { given: question.context }),
      pinned: (keys) => {
        const given = question.context ?? new Map()
        const sideOf = (of: ComparedSide, view: EstateView | undefined): ComparedSide => {
          const { state, sessions } = of
          if (view === undefined) return of
          if (state === null || sessions === undefined) {
            const pins = requestPins(state, region, new Map([...given, ...keys]))
            return { state, ...callSide(state, region, view, this.#reasoner, pins, given) }
          }
          const again = this.#sessionSides.sideOf(state, region, view, sessions.keys, given, keys)
          return { ...of, ...again }
        }
        return { now: sideOf(now, first).side, before: formerSide(sideOf(before, second)) }
      },
    }
  }

  /** What a region's own policy is asked about; empty: anything. */
  #actionsOf(
    region: Region,
    kind: PrincipalKind | undefined,
    { inside }: RequestFilter,
  ): readonly ActionSet[] {
    const { actions } = this.#reasoner
    if (region.type === 'trust')
      return [actions.setOf({ negated: false, entries: kind === 'provider' ? BY_PROVIDER : BY_ROLE })]
    if (region.type === 'rest' || region.of === 'resource') return []
    // What is asked about by name is asked as it stands.
    if (region.of === 'entity' && inside !== undefined) return []
    if (region.of === 'entity')
      return [
        actions.setOf({ negated: false, entries: this.#reasoner.templates.actionsOnEntity(region.arn) }),
      ]
    return [actions.setOf({ negated: region.of === 'keyOtherwise', entries: ['kms:*'] })]
  }
}

/** To whom resources of a region may belong, as the first of the states has it; null: it knows of no organization. */
function ownersIn(region: Region, [view]: readonly EstateView[]): Owners | null {
  const organization = view?.estate.organization ?? null
  if (organization === null) return null
  const members = declaredMembers(organization)
  return region.type === 'rest'
    ? { members, owner: null, taken: region.part === 'own' ? region.account : null }
    : { members, owner: region.owner, taken: null }
}

const EMPTY: ComparedSide = { state: null, side: { ways: [], denies: [] }, layers: {} }

const isTagOfResource = (key: string): boolean => key.includes(':resourcetag/')

/** What a trust policy decides beside assuming the role: parameters of it that need a permission of their own. */
const BESIDES = ['sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext']
const BY_ROLE = ['sts:AssumeRole', ...BESIDES]
const BY_PROVIDER = ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity', ...BESIDES]
