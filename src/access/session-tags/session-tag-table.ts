import type { PolicyLayers } from '../../evaluator/layers.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { EstateView } from '../estate-view.ts'
import { isTimeOfRequest, keyFactsFrom } from '../key-facts.ts'
import { outsidersOf } from '../outsiders/outsiders.ts'
import { AssumeCandidates } from '../principals/assume-candidates.ts'
import {
  type ExaminedPrincipal,
  type PrincipalInState,
  sessionsIn,
} from '../principals/examined-principal.ts'
import { MovedEntities } from '../principals/moved-entities.ts'
import { stateOf } from '../principals/principal-in-state.ts'
import type { Reasoner } from '../reasoner.ts'
import { trustRegion } from '../regions/region.ts'
import { regionSide } from '../regions/region-side.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'
import { type Pins, pinnedTo } from '../symbolic/pins.ts'
import { letsTagsIn } from './lets-tags-in.ts'
import { bothOf, requirementsOf } from './requirement.ts'
import { passedOnTo, type SessionTags, type Tagger, type TagWay } from './session-tags.ts'
import { PRINCIPAL_TAG, tagsIn } from './tag-keys.ts'
import { holdWhenAbsent, tagWay } from './tag-way.ts'

const TAG_SESSION = 'sts:tagsession'
const BY_PROVIDER = ['sts:assumerolewithsaml', 'sts:assumerolewithwebidentity']
const BY_ANYBODY = ['sts:assumerole']
/** Of one role. */
const MOST_WAYS = 200

/**
 * Which tags the sessions of roles can carry, found out for each role when a policy asks for it: by everybody who may both
 * assume it and tag its sessions.
 * @see IAM User Guide, "Pass session tags in AWS STS"
 */
export class SessionTagTable {
  readonly #reasoner: Reasoner
  readonly #now: number
  readonly #reading: ReadonlyMap<string, readonly string[]>
  readonly #candidates = new WeakMap<EstateView, AssumeCandidates>()
  #known = new WeakMap<EstateView, Map<string, SessionTags | null>>()
  #ids = new WeakMap<SessionTags, string>()
  #numbers = new WeakMap<SessionTags, number>()
  #texts = new Map<string, number>()
  #generation = 0

  /**
   * @param now tags are passed from then on: what let somebody pass them once lets nobody any more
   * @param reading what is settled of all requests: how open rules are read
   */
  constructor(reasoner: Reasoner, now: Date, reading: ReadonlyMap<string, readonly string[]> = new Map()) {
    this.#reasoner = reasoner
    this.#now = now.getTime()
    this.#reading = reading
  }

  /**
   * @param role its ARN
   * @param startedBy whose sessions of it are meant, with the tags that they can have themselves; absent: everybody's
   * @returns null: its trust policy lets no tags in, so that its own are all there is
   * @throws Refusal, UnevaluablePolicyError when a policy has no clear meaning
   */
  of(role: string, view: EstateView, startedBy?: ExaminedPrincipal): SessionTags | null {
    // Tests are numbered anew when the reasoner forgets.
    if (this.#generation !== this.#reasoner.generation) {
      this.#known = new WeakMap()
      this.#ids = new WeakMap()
      this.#numbers = new WeakMap()
      this.#texts = new Map()
      this.#generation = this.#reasoner.generation
    }
    const ofView = this.#known.get(view) ?? new Map<string, SessionTags | null>()
    this.#known.set(view, ofView)
    const key = startedBy === undefined ? role : `${role} ${wayOf(startedBy)}`
    let tags = ofView.get(key)
    if (tags === undefined) {
      const trust = view.trustOf(role)
      tags =
        trust !== null && letsTagsIn(trust.policy, this.#reasoner.actions)
          ? this.#find(
              role,
              view,
              startedBy === undefined ? this.#assumingOf(role, trust.policy, view) : [[startedBy]],
            )
          : null
      ofView.set(key, tags)
    }
    return tags
  }

  /** @param assuming who may be allowed to assume it, those together who hold the same */
  #find(role: string, view: EstateView, assuming: readonly (readonly ExaminedPrincipal[])[]): SessionTags {
    const ways = new Map<string, TagWay>()
    let isOpen = false
    let mayBeUntagged = false
    for (const alike of assuming) {
      const states = alike.map((principal) => stateOf(principal, view))
      if (states.includes('unknown')) isOpen = true
      const callers = alike.flatMap((principal, index): readonly Caller[] => {
        const state = states[index]
        return state == null || state === 'unknown' || NEVER.has(state.facts.kind)
          ? []
          : [{ principal, state, base: this.#taggedBaseOf(principal, state, view) }]
      })
      for (const same of [
        callers.filter(({ base }) => base === null),
        callers.filter(({ base }) => base !== null),
      ]) {
        const [first] = same
        if (first === undefined) continue
        const found = this.#waysOf(role, first, view)
        isOpen ||= found.isOpen
        mayBeUntagged ||= found.mayBeUntagged
        // Whose sessions have no tags, they pass them alike; a session that has some hands on its own.
        for (const caller of first.base === null ? [first] : same)
          for (const way of found.ways) {
            const tagger = caller === first ? way.tagger : this.#taggerOf(caller, way.tagger.layers, view)
            const key = `${way.content} ${tagger.isTagged ? caller.principal.name : ''}`
            if (!ways.has(key)) ways.set(key, { ...way, tagger })
          }
      }
    }
    if (ways.size > MOST_WAYS) isOpen = true
    const own = view.principalOf(role)
    const tags: SessionTags = {
      role,
      own: own !== null && 'principal' in own ? tagsIn(own.principal.context) : new Map(),
      ways: [...ways.values()].slice(0, MOST_WAYS),
      isOpen,
      // Of a role that nobody is known to assume, sessions are looked at all the same.
      mayBeUntagged: mayBeUntagged || isOpen || ways.size === 0,
      id: () => this.#idOf(tags),
    }
    return tags
  }

  #idOf(tags: SessionTags): string {
    let id = this.#ids.get(tags)
    if (id === undefined) {
      const passedOn = passedOnTo(tags).map((each) => this.#numberOf(each))
      id = [this.#numberOf(tags), ...passedOn.sort((a, b) => a - b)].join()
      this.#ids.set(tags, id)
    }
    return id
  }

  /** Equal for what is equal but for the chain: a chain may be of hundreds, each with hundreds of ways. */
  #numberOf(tags: SessionTags): number {
    let number = this.#numbers.get(tags)
    if (number === undefined) {
      const text = textOf(tags)
      number = this.#texts.get(text) ?? this.#texts.size
      this.#texts.set(text, number)
      this.#numbers.set(tags, number)
    }
    return number
  }

  /** Everybody who may be allowed to, those together who hold the same. */
  #assumingOf(
    role: string,
    trust: ParsedPolicy,
    view: EstateView,
  ): readonly (readonly ExaminedPrincipal[])[] {
    const owner = role.split(':')[4] ?? ''
    const candidates =
      this.#candidates.get(view) ??
      new AssumeCandidates([view, view], new Set(), this.#reasoner.actions, new MovedEntities(view, view))
    this.#candidates.set(view, candidates)
    return [
      ...candidates.of([trust], owner, 'all', 'together').map(({ first, others }) => [first, ...others]),
      ...[...outsidersOf([trust], [view]), ...sessionsIn(trust, view)].map((each) => [each]),
    ]
  }

  /** The role whose sessions somebody has, where they may be tagged; null: they have no tags but their own. */
  #taggedBaseOf(principal: ExaminedPrincipal, state: PrincipalInState, view: EstateView): string | null {
    const base = principal.outsider === undefined && state.facts.kind === 'role' ? baseOf(state) : null
    const trust = base === null ? null : view.trustOf(base)
    return trust !== null && letsTagsIn(trust.policy, this.#reasoner.actions) ? base : null
  }

  #taggerOf({ principal, state, base }: Caller, layers: PolicyLayers, view: EstateView): Tagger {
    return {
      principal,
      state,
      layers,
      isTagged: base !== null,
      keyFacts: this.#keyFactsOf(state),
      tags: () => (base === null ? null : this.of(base, view, principal.startedBy)),
    }
  }

  #waysOf(role: string, caller: Caller, view: EstateView): Found {
    const reasoner = this.#reasoner
    const { state, base } = caller
    const pins = pinnedTo(base === null ? state.pins : openTags(state.pins), this.#reading)
    const { side, layers } = regionSide(state, trustRegion(role), view, reasoner, pins)
    const tagger = this.#taggerOf(caller, layers, view)
    const tagging = requirementsOf(side, TAG_SESSION, role, reasoner)
    const ways: TagWay[] = []
    let isOpen = tagging === null
    let mayBeUntagged = false
    for (const action of state.facts.kind === 'provider' ? BY_PROVIDER : BY_ANYBODY) {
      const assuming = requirementsOf(side, action, role, reasoner)
      if (assuming === null) isOpen = true
      for (const requirement of assuming ?? []) {
        const way = tagWay(requirement, action, tagger, reasoner.symbols)
        if (way === null) continue
        const ofTags = [...way.ofKeys, ...way.ofTransitive, ...[...way.ofTag.values()].flat()]
        mayBeUntagged ||= holdWhenAbsent(ofTags, reasoner.symbols)
      }
      const both = tagging === null || assuming === null ? null : bothOf(tagging, assuming)
      if (both === null) isOpen = true
      for (const requirement of both ?? []) {
        const way = tagWay(requirement, action, tagger, reasoner.symbols)
        if (way !== null) ways.push(way)
      }
    }
    return { ways, isOpen, mayBeUntagged }
  }

  #keyFactsOf(state: PrincipalInState): (key: string) => KeyFacts {
    const common = keyFactsFrom(this.#reasoner.actions.facts, {
      isSession: state.isSession,
      present: new Set(),
    })
    return (key) => ({
      ...common(key),
      ...(isTimeOfRequest(key) ? { notBefore: this.#now } : {}),
      ...state.keys.factsOf(key),
    })
  }
}

/** Somebody who may be allowed to assume a role. */
interface Caller {
  readonly principal: ExaminedPrincipal
  readonly state: PrincipalInState
  /** The role whose sessions' tags are their own; null: they have none but what is theirs anyway. */
  readonly base: string | null
}

interface Found {
  readonly ways: readonly TagWay[]
  readonly isOpen: boolean
  readonly mayBeUntagged: boolean
}

/** They assume no roles. @see IAM User Guide, "Compare AWS STS credentials"; "AWS account root user" */
const NEVER: ReadonlySet<string> = new Set(['anonymous', 'root', 'federatedUser'])

/** Who starts whose sessions. */
const wayOf = ({ name, startedBy }: ExaminedPrincipal): string =>
  startedBy === undefined ? name : `${name} ${wayOf(startedBy)}`

/** The ARN of a session's role. */
export const baseOf = ({ base, name }: PrincipalInState): string => base ?? name

/** Tags are whatever a session of the principal carries. */
const openTags = (pins: Pins): Pins => ({
  valueOf: (key) => (key.startsWith(PRINCIPAL_TAG) ? undefined : pins.valueOf(key)),
})

const textOf = ({ role, own, ways, isOpen, mayBeUntagged }: SessionTags): string =>
  JSON.stringify([
    role,
    [...own].sort(),
    isOpen,
    mayBeUntagged,
    // Whose tags may be passed on, and who makes a circle.
    ways.map(({ content, tagger }) => `${content} ${tagger.isTagged ? baseOf(tagger.state) : ''}`).sort(),
  ])
