import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { ActionTable } from '../actions/action-table.ts'
import type { EstateView } from '../estate-view.ts'
import { keyFactsFrom } from '../key-facts.ts'
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
import type { Pins } from '../symbolic/pins.ts'
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
  readonly #candidates = new WeakMap<EstateView, AssumeCandidates>()
  #known = new WeakMap<EstateView, Map<string, SessionTags | null>>()
  #generation = 0

  constructor(reasoner: Reasoner) {
    this.#reasoner = reasoner
  }

  /**
   * @param role its ARN
   * @returns null: its trust policy lets no tags in, so that its own are all there is
   * @throws Refusal, UnevaluablePolicyError when a policy has no clear meaning
   */
  of(role: string, view: EstateView): SessionTags | null {
    // Tests are numbered anew when the reasoner forgets.
    if (this.#generation !== this.#reasoner.generation) {
      this.#known = new WeakMap()
      this.#generation = this.#reasoner.generation
    }
    const ofView = this.#known.get(view) ?? new Map<string, SessionTags | null>()
    this.#known.set(view, ofView)
    let tags = ofView.get(role)
    if (tags === undefined) {
      const trust = view.trustOf(role)
      tags =
        trust !== null && letsTagsIn(trust.policy, this.#reasoner.actions)
          ? this.#find(role, trust.policy, view)
          : null
      ofView.set(role, tags)
    }
    return tags
  }

  #find(role: string, trust: ParsedPolicy, view: EstateView): SessionTags {
    const ways = new Map<string, TagWay>()
    let isOpen = false
    let mayBeUntagged = false
    for (const principal of this.#assumingOf(role, trust, view)) {
      const state = stateOf(principal, view)
      if (state === 'unknown') isOpen = true
      if (state === null || state === 'unknown' || NEVER.has(state.facts.kind)) continue
      const found = this.#waysOf(role, principal, state, view)
      isOpen ||= found.isOpen
      mayBeUntagged ||= found.mayBeUntagged
      for (const way of found.ways) {
        const key = `${way.content} ${way.tagger.isTagged ? principal.name : ''}`
        if (!ways.has(key)) ways.set(key, way)
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
      id: () => idOf(tags),
    }
    return tags
  }

  #assumingOf(role: string, trust: ParsedPolicy, view: EstateView): readonly ExaminedPrincipal[] {
    const owner = role.split(':')[4] ?? ''
    const candidates =
      this.#candidates.get(view) ??
      new AssumeCandidates([view, view], new Set(), this.#reasoner.actions, new MovedEntities(view, view))
    this.#candidates.set(view, candidates)
    return [
      ...candidates.of([trust], owner, 'all').map(({ first }) => first),
      ...outsidersOf([trust], [view]),
      ...sessionsIn(trust, view),
    ]
  }

  #waysOf(role: string, principal: ExaminedPrincipal, state: PrincipalInState, view: EstateView): Found {
    const reasoner = this.#reasoner
    const base = principal.outsider === undefined && state.facts.kind === 'role' ? baseOf(state) : null
    const trustOfPrincipal = base === null ? null : view.trustOf(base)
    const isTagged = trustOfPrincipal !== null && letsTagsIn(trustOfPrincipal.policy, reasoner.actions)
    const pins = isTagged ? openTags(state.pins) : state.pins
    const { side, layers } = regionSide(state, trustRegion(role), view, reasoner, pins)
    const tagger: Tagger = {
      principal,
      state,
      layers,
      isTagged,
      keyFacts: this.#keyFactsOf(state),
      tags: () => (isTagged && base !== null ? this.of(base, view) : null),
    }
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
    return (key) => ({ ...common(key), ...state.keys.factsOf(key) })
  }
}

interface Found {
  readonly ways: readonly TagWay[]
  readonly isOpen: boolean
  readonly mayBeUntagged: boolean
}

/** They assume no roles. @see IAM User Guide, "Compare AWS STS credentials"; "AWS account root user" */
const NEVER: ReadonlySet<string> = new Set(['anonymous', 'root', 'federatedUser'])

/** The ARN of a session's role. */
export const baseOf = ({ base, name }: PrincipalInState): string => base ?? name

const admitting = new WeakMap<ParsedPolicy, boolean>()

/** Whether a trust policy allows somebody to tag sessions. */
export function letsTagsIn(trust: ParsedPolicy, actions: ActionTable): boolean {
  let admits = admitting.get(trust)
  if (admits === undefined) {
    admits = trust.statements.some(
      ({ effect, action }) => effect === 'Allow' && actions.isIn(actions.setOf(action), TAG_SESSION),
    )
    admitting.set(trust, admits)
  }
  return admits
}

/** Tags are whatever a session of the principal carries. */
const openTags = (pins: Pins): Pins => ({
  valueOf: (key) => (key.startsWith(PRINCIPAL_TAG) ? undefined : pins.valueOf(key)),
})

const ids = new WeakMap<SessionTags, string>()
const texts = new WeakMap<SessionTags, string>()

function remembered(memory: WeakMap<SessionTags, string>, tags: SessionTags, find: () => string): string {
  let text = memory.get(tags)
  if (text === undefined) {
    text = find()
    memory.set(tags, text)
  }
  return text
}

const idOf = (tags: SessionTags): string =>
  remembered(ids, tags, () => JSON.stringify([textOf(tags), ...passedOnTo(tags).map(textOf).sort()]))

const textOf = (tags: SessionTags): string =>
  remembered(texts, tags, () => {
    const { role, own, ways, isOpen, mayBeUntagged } = tags
    return JSON.stringify([
      role,
      [...own].sort(),
      isOpen,
      mayBeUntagged,
      // Whose tags may be passed on, and who makes a circle.
      ways.map(({ content, tagger }) => `${content} ${tagger.isTagged ? baseOf(tagger.state) : ''}`).sort(),
    ])
  })
