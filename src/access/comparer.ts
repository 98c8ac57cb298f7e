import { Refusal } from '../evaluator/estate/refusal.ts'
import type { PrincipalKind } from '../evaluator/principal.ts'
import { isOfServiceCalls } from '../evaluator/service-call-keys.ts'
import { mayBeOf } from '../evaluator/sign-in-keys.ts'
import { UnevaluablePolicyError } from '../evaluator/unevaluable.ts'
import type { ActionSet } from './action-table.ts'
import type { EstateView } from './estate-view.ts'
import { callSide } from './implied-actions.ts'
import { isTimeOfRequest, keyFactsFrom } from './key-facts.ts'
import type { Reasoner } from './reasoner.ts'
import { type Region, type RegionSpace, regionKey, spaceOf } from './region.ts'
import type { Caller, ResourceScope, Sides } from './scope.ts'
import { SessionSides, type Sessions, type SideOfSessions } from './session-tags/session-sides.ts'
import type { SessionTagTable } from './session-tags/session-tag-table.ts'
import { type PrincipalSide, placedStatements, sideKey } from './side.ts'
import type { SideDiff } from './side-finding.ts'
import type { PlacedStatement } from './statement-compiler.ts'
import type { Subject, SubjectState } from './subject.ts'
import type { SubjectSide } from './subject-side.ts'
import { stateOf } from './subject-state.ts'
import { atomOf } from './symbolic/atom.ts'
import type { KeyFacts } from './symbolic/key-theory.ts'
import { type OpenRule, READING } from './symbolic/open-rules.ts'
import { requestPins } from './undocumented-keys.ts'

/** One subject in one region: both states, and what reasoning says of them. */
export interface Comparison {
  readonly subject: Subject
  readonly region: Region
  readonly now: ComparedSide
  readonly before: ComparedSide
  /** Equal ones come to the same, but for the subject's name. */
  readonly key: string
  /** Whether a request is one of those that are looked at. */
  readonly isMeant: (action: string, resource: string) => boolean
}

export interface ComparedSide extends SubjectSide {
  readonly state: SubjectState | null
  /** Of sessions whose tags aren't settled. */
  readonly sessions?: Sessions
  /** What is compared with it, as the side that doesn't allow; absent: `side`. */
  readonly former?: SideOfSessions['former']
  /** Whether other sessions are possible on the other side. */
  readonly hasOthers?: boolean
}

/** A comparison, and the same from the other side. */
export interface TwoWays extends Comparison {
  reversed(): Comparison
}

type Compared = TwoWays | 'unknown' | 'same'

/** Which requests are looked at; absent: all. */
export interface Question {
  readonly wanted?: ActionSet
  readonly inside?: ResourceScope['inside']
  /** Where no resource that is looked at lies. */
  readonly outside?: ResourceScope['outside']
  readonly withStar?: boolean
  /** Keys that are given, in lower case. */
  readonly context?: ReadonlyMap<string, readonly string[] | null>
  /** Those of them that every request that is found has, as their author spells them. */
  readonly given?: ReadonlyMap<string, readonly string[]>
  readonly once?: boolean
  readonly first?: boolean
  /** What keys of the requests that are looked at can be, beside what they can be for whoever asks. */
  readonly keyFacts?: BoundKeys
  /** Requests are made then or later, in milliseconds since 1970; absent: at any time. */
  readonly notBefore?: number
}

/** Keys whose values are bounded, by key in lower case. */
export interface BoundKeys {
  /** Equal ones bound the same keys alike: what is solved is remembered by it. */
  readonly id: string
  readonly of: (key: string) => Partial<KeyFacts> | null
}

const MOST_REMEMBERED = 20_000

/** Compares what subjects may do in two states of an estate. The answers are remembered by what they depend on. */
export class Comparer {
  readonly #reasoner: Reasoner
  readonly #callers = new Map<string, Caller>()
  readonly #sessionSides: SessionSides
  #known = new Map<string, SideDiff>()

  constructor(reasoner: Reasoner) {
    this.#reasoner = reasoner
    this.#sessionSides = new SessionSides(reasoner)
  }

  /** Which tags sessions of roles can carry. */
  get sessionTags(): SessionTagTable {
    return this.#sessionSides.table
  }

  /** Forgets when there is too much to remember. What was compared before can't be gone on with. */
  makeRoom(): void {
    if (this.#reasoner.makeRoom()) this.#known = new Map()
  }

  /** `unknown`: what one of its policies says can't be known. `same`: both states decide alike. */
  compare(
    subject: Subject,
    region: Region,
    now: EstateView,
    before: EstateView | null,
    question: Question = NO_QUESTION,
  ): Compared {
    try {
      const known = question.context ?? new Map()
      const states = [stateOf(subject, now), before === null ? null : stateOf(subject, before)] as const
      const [newState, oldState] = states
      if (newState === 'unknown' || oldState === 'unknown') return 'unknown'
      const tagKeys = this.#sessionSides.keysFor(subject, region, [
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
      if (isWithin(new_, old) && isWithin(old, new_)) return 'same'
      const where = `${regionKey(region)} ${subject.account} ${(new_.state ?? old.state)?.keys.id ?? ''}`
      const common = {
        subject,
        region,
        isMeant: this.#meaning(region, before === null ? [now] : [now, before], question),
      }
      return {
        ...common,
        now: new_,
        before: old,
        key: `${this.#reasoner.generation} ${keys[0]} > ${keys[1]} ${where}`,
        reversed: () => ({
          ...common,
          now: old,
          before: new_,
          key: `${this.#reasoner.generation} ${keys[1]} > ${keys[0]} ${where}`,
        }),
      }
    } catch (error) {
      if (error instanceof Refusal || error instanceof UnevaluablePolicyError) return 'unknown'
      throw error
    }
  }

  /**
   * Of somebody who is new: a comparison for each allow, with what can bear on it alone. Thousands of new principals share
   * few statements, so that what is found of one holds for many.
   */
  partsOf(comparison: Comparison): readonly Comparison[] {
    const { now, before } = comparison
    const [way, ...others] = now.side.ways
    if (before.side.ways.length > 0 || way === undefined || others.length > 0) return [comparison]
    const { actions } = this.#reasoner
    const [granting = [], ...limits] = way
    const allows = new Map(granting.map((allow) => [allow.symbolic.source, allow]))
    return [...allows.values()].map((allow) => {
      const bearing = (statements: readonly PlacedStatement[]) =>
        statements.filter((each) => actions.haveCommon(each.actions, allow.actions))
      const side: PrincipalSide = {
        ways: [[[allow], ...limits.map(bearing)]],
        denies: bearing(now.side.denies),
      }
      const caller = now.state?.keys.id ?? ''
      return {
        ...comparison,
        now: { ...now, side },
        key: `${this.#reasoner.generation} part ${allow.policy} ${allow.symbolic.source.index} ${sideKey(side)} ${comparison.subject.account} ${caller}`,
      }
    })
  }

  /** Whether what a comparison finds may hang on tags of the resource: which are those of one resource alone. */
  speaksOfTags({ now, before }: Comparison): boolean {
    const { atoms } = this.#reasoner.symbols
    return [now.side, before.side].some((side) =>
      placedStatements(side).some(({ symbolic }) =>
        symbolic.literals.some((literal) => {
          const atom = atoms.at(atomOf(literal))
          return atom.on === 'key' && atom.key.includes(':resourcetag/')
        }),
      ),
    )
  }

  /**
   * The same comparison with rules that are open read the way that grants more. null: nothing hangs on them.
   * @param strict as the comparison came out by the reading that grants less
   */
  otherReading(
    subject: Subject,
    region: Region,
    now: EstateView,
    before: EstateView | null,
    strict: TwoWays | 'same',
    question: Question = NO_QUESTION,
  ): TwoWays | null {
    if (!this.#reasoner.compiler.sawOpenRules && !subject.label.startsWith('service:')) return null
    const other = this.compare(subject, region, now, before, readingMore(question))
    return typeof other === 'string' || (strict !== 'same' && other.key === strict.key) ? null : other
  }

  /** The open rules that statements hang on which a finding is about. */
  openRulesIn({ now, before }: Comparison, allow: PlacedStatement): readonly OpenRule[] {
    const { compiler } = this.#reasoner
    const own = compiler.openRulesOf(allow.symbolic.source)
    const all = [now.side, before.side]
      .flatMap(placedStatements)
      .flatMap(({ symbolic }) => compiler.openRulesOf(symbolic.source))
    const ofSpared = [now, before].some((side) => side.sparesByReading) ? (['13'] as const) : []
    const rules = new Set([...own, ...all, ...ofSpared])
    if (rules.size > 0) return [...rules]
    // A Deny that never holds by this reading isn't in the side any more.
    const policies = [now, before].flatMap(({ layers }) => Object.values(layers).flat(2))
    return [
      ...new Set(
        policies
          .flatMap((each) => each?.policy.statements ?? [])
          .flatMap((each) => compiler.openRulesOf(each)),
      ),
    ]
  }

  /** What `now` allows and `before` doesn't. */
  gainsOf(comparison: Comparison, views: readonly EstateView[], question: Question = NO_QUESTION): SideDiff {
    const { now, before } = comparison
    const key = `${comparison.key} ${this.#spaceOf(comparison.region, views).key()}`
    const known = this.#known.get(key)
    const isRemembered = question === NO_QUESTION || question === MORE_THAN_NO_QUESTION
    if (known !== undefined && isRemembered) return known
    const sides: Sides = { now: now.side, before: formerSide(before) }
    const diff = this.#reasoner.diff(sides, this.#scopeOf(comparison, views, question))
    if (!isRemembered) return diff
    if (this.#known.size >= MOST_REMEMBERED) this.#known = new Map()
    this.#known.set(key, diff)
    return diff
  }

  #sideIn(
    state: SubjectState | null,
    region: Region,
    view: EstateView,
    known: ReadonlyMap<string, readonly string[] | null>,
    tagKeys: ReadonlySet<string> | null,
  ): ComparedSide {
    if (tagKeys !== null && state !== null)
      return { state, ...this.#sessionSides.sideOf(state, region, view, tagKeys, known) }
    const pins = requestPins(state, region, known)
    return { state, ...callSide(state, region, view, this.#reasoner, pins) }
  }

  #meaning(region: Region, views: readonly EstateView[], question: Question): Comparison['isMeant'] {
    let space: RegionSpace | null = null
    return (action, resource) => {
      // Of what the catalogue doesn't know nobody can say that it takes a resource.
      if (resource === '*' && region.type === 'rest' && !this.#reasoner.actions.isListed(action))
        return question.withStar !== false && (question.inside ?? []).every((lang) => lang.has('*'))
      space ??= spaceOf(region, views, this.#reasoner)
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
    question: Question,
  ): ResourceScope {
    const space = this.#spaceOf(region, views)
    const state = now.state ?? before.state
    const kind = state?.facts.kind
    const [first, second] = views
    const wanted = [
      ...this.#actionsOf(region, kind),
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
      caller: this.#callerOf(state, question.keyFacts ?? null, question.notBefore),
      pinned: (keys) => {
        const given = question.context ?? new Map()
        const sideOf = (of: ComparedSide, view: EstateView | undefined): ComparedSide => {
          const { state, sessions } = of
          if (view === undefined) return of
          if (state === null || sessions === undefined) {
            const pins = requestPins(state, region, new Map([...given, ...keys]))
            return { state, ...callSide(state, region, view, this.#reasoner, pins) }
          }
          const again = this.#sessionSides.sideOf(state, region, view, sessions.keys, given, keys)
          return { ...of, ...again }
        }
        return { now: sideOf(now, first).side, before: formerSide(sideOf(before, second)) }
      },
    }
  }

  /** What a region's own policy is asked about; empty: anything. */
  #actionsOf(region: Region, kind: PrincipalKind | undefined): readonly ActionSet[] {
    const { actions } = this.#reasoner
    if (region.type === 'trust')
      return [actions.setOf({ negated: false, entries: kind === 'provider' ? BY_PROVIDER : BY_ROLE })]
    if (region.type === 'rest' || region.of === 'resource') return []
    return [actions.setOf({ negated: region.of === 'keyOtherwise', entries: ['kms:*'] })]
  }

  #callerOf(state: SubjectState | null, bound: BoundKeys | null, notBefore?: number): Caller {
    const kind = state?.facts.kind ?? 'user'
    const isSession = state?.isSession === true
    const id = `${kind}${isSession ? ' session' : ''} ${state?.keys.id ?? ''} ${bound?.id ?? ''} ${notBefore ?? ''}`
    let caller = this.#callers.get(id)
    if (caller === undefined) {
      const { facts } = this.#reasoner.actions
      const common = keyFactsFrom(facts, { isSession, present: NONE })
      const known = new Map<string, KeyFacts>()
      caller = {
        id,
        kind,
        keyFacts: (key) => {
          let found = known.get(key)
          if (found === undefined) {
            const bounds = bound?.of(key) ?? null
            const ofCaller = {
              ...common(key),
              ...(notBefore !== undefined && isTimeOfRequest(key) ? { notBefore } : {}),
              ...state?.keys.factsOf(key),
            }
            const without = [...(ofCaller.without ?? []), ...(bounds?.without ?? [])]
            const own: KeyFacts = { ...ofCaller, ...bounds, ...(without.length > 0 ? { without } : {}) }
            // Whoever is bound by what may be theirs stands for the services that ask on their behalf as well.
            const mayBeForOthers = kind === 'service' || (bounds !== null && state?.isAnybody === true)
            const isCarried = mayBeOf(kind, key) && (mayBeForOthers || !isOfServiceCalls(key))
            found = isCarried ? own : { ...own, mayBeAbsent: true, isAbsent: true }
            known.set(key, found)
          }
          return found
        },
      }
      this.#callers.set(id, caller)
    }
    return caller
  }

  readonly #spaces = new WeakMap<readonly EstateView[], Map<string, RegionSpace>>()

  #spaceOf(region: Region, views: readonly EstateView[]): RegionSpace {
    const spaces = this.#spaces.get(views) ?? new Map<string, RegionSpace>()
    this.#spaces.set(views, spaces)
    const key = `${this.#reasoner.generation} ${regionKey(region)}`
    let space = spaces.get(key)
    if (space === undefined) {
      space = spaceOf(region, views, this.#reasoner)
      spaces.set(key, space)
    }
    return space
  }
}

/** Whether not the same sessions are possible on both sides: otherwise what isn't settled of them is the same. */
const haveOtherSessions = (a: ComparedSide, b: ComparedSide): boolean =>
  a.state !== null && b.state !== null && a.sessions?.tags?.id() !== b.sessions?.tags?.id()

const formerSide = ({ side, former, hasOthers }: ComparedSide): PrincipalSide =>
  former === undefined ? side : hasOthers === true ? former.certain : former.alike

/** Whether it is plain that one side allows nothing that the other doesn't. */
const isWithin = (a: ComparedSide, b: ComparedSide): boolean =>
  (a.former === undefined ? sideKey(a.side) : sideKey(a.former.alike)) === sideKey(formerSide(b))

const sidesKey = (of: ComparedSide): string =>
  of.former === undefined ? sideKey(of.side) : `${sideKey(of.side)} ${sideKey(formerSide(of))}`

export const NO_QUESTION: Question = {}
const MORE_THAN_NO_QUESTION: Question = { context: new Map([[READING, []]]) }

export const readingMore = (question: Question): Question =>
  question === NO_QUESTION
    ? MORE_THAN_NO_QUESTION
    : { ...question, context: new Map([...(question.context ?? []), [READING, []]]) }

const NONE: ReadonlySet<string> = new Set()
const EMPTY: ComparedSide = { state: null, side: { ways: [], denies: [] }, layers: {} }

/** What a trust policy decides beside assuming the role: parameters of it that need a permission of their own. */
const BESIDES = ['sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext']
const BY_ROLE = ['sts:AssumeRole', ...BESIDES]
const BY_PROVIDER = ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity', ...BESIDES]
