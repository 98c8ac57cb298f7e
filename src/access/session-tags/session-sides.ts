import { callSide } from '../actions/implied-actions.ts'
import type { EstateView } from '../estate-view.ts'
import type { ExaminedPrincipal, PrincipalInState } from '../principals/examined-principal.ts'
import type { Reasoner } from '../reasoner.ts'
import type { Region } from '../regions/region.ts'
import type { RegionSide } from '../regions/region-side.ts'
import { controlsIn } from '../regions/resource-controls.ts'
import type { PrincipalSide } from '../sides/side.ts'
import { READING } from '../symbolic/open-rules.ts'
import { type Pins, pinnedTo } from '../symbolic/pins.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import { sessionLayer } from './session-layer.ts'
import { baseOf, SessionTagTable } from './session-tag-table.ts'
import type { SessionTags } from './session-tags.ts'
import { PRINCIPAL_TAG, tagKeysInLayers, tagKeysOfPolicy } from './tag-keys.ts'
import { sideOfSessions } from './tagged-side.ts'

/** What is known of the tags of the sessions that a comparison is about. */
export interface Sessions {
  /** Tags that matter, by their keys in lower case. */
  readonly keys: ReadonlySet<string>
  /** null: the role's own are all there is. */
  readonly tags: SessionTags | null
  /** What its tests are made of. */
  readonly symbols: Symbols
}

export interface SideOfSessions extends RegionSide {
  readonly sessions: Sessions
  /** Compared with what is allowed otherwise: `certain` where other sessions are possible then. */
  readonly former: { readonly alike: PrincipalSide; readonly certain: PrincipalSide }
}

type Known = ReadonlyMap<string, readonly string[] | null>
type StateIn = readonly [state: PrincipalInState | null, view: EstateView]

/** Puts together what sessions of roles may do whose tags aren't settled. */
export class SessionSides {
  readonly table: SessionTagTable
  /** The same where open rules are read the way that grants more: who assumes a role may pass tags to it then. */
  readonly #wider: SessionTagTable
  readonly #reasoner: Reasoner

  constructor(reasoner: Reasoner, now: Date) {
    this.#reasoner = reasoner
    this.table = new SessionTagTable(reasoner, now)
    this.#wider = new SessionTagTable(reasoner, now, new Map([[READING, []]]))
  }

  /**
   * Tags that matter for a role in a region in some states, and that its sessions may have otherwise than it has them.
   * @returns null: there are none
   */
  keysFor(
    { outsider }: ExaminedPrincipal,
    region: Region,
    states: readonly StateIn[],
  ): ReadonlySet<string> | null {
    if (outsider !== undefined) return null
    const roles = states.filter(([state]) => state?.facts.kind === 'role' && !state.isOutside)
    if (roles.length === 0) return null
    const keys = new Set<string>()
    for (const [state, view] of states) {
      if (state !== null) {
        const layers = { ...state.layers, rcp: controlsIn(state, region, view) }
        for (const key of tagKeysInLayers(layers)) keys.add(key)
      }
      for (const key of keysOfRegion(region, view)) keys.add(key)
    }
    const isOpen = ([state, view]: StateIn) => state !== null && this.table.of(baseOf(state), view) !== null
    return keys.size > 0 && roles.some(isOpen) ? keys : null
  }

  /**
   * @param given keys that the requests which are looked at have
   * @param settled further ones, for the while of a proof
   */
  sideOf(
    state: PrincipalInState,
    region: Region,
    view: EstateView,
    keys: ReadonlySet<string>,
    given: Known,
    settled: Known = NOTHING,
  ): SideOfSessions {
    const reasoner = this.#reasoner
    const ofOthers = new Map([...settled].filter(([key]) => !key.startsWith(PRINCIPAL_TAG)))
    const own = pinnedTo(state.pins, new Map([...given, ...ofOthers]))
    const untagged = callSide(state, region, view, reasoner, own, given)
    const table = given.has(READING) ? this.#wider : this.table
    const tags = table.of(baseOf(state), view, state.startedBy)
    const sessions: Sessions = { keys, tags, symbols: reasoner.symbols }
    if (tags === null)
      return { ...untagged, sessions, former: { alike: untagged.side, certain: untagged.side } }
    const open = pinnedTo(openTo(state.pins, keys), new Map([...given, ...settled]))
    const tagged = callSide(state, region, view, reasoner, open, given)
    const { statements, certain, own: asOwn } = sessionLayer(tags, keys, open, reasoner)
    const withoutTags = tags.mayBeUntagged ? untagged.side : null
    const sideOf = (layer: typeof statements, ofOwn: typeof statements | null) =>
      sideOfSessions(withoutTags, tagged.side, layer, ofOwn, reasoner)
    return {
      ...untagged,
      side: sideOf(statements, asOwn),
      former: { alike: sideOf(statements, null), certain: sideOf(certain, null) },
      sessions,
    }
  }
}

const NOTHING: Known = new Map()
const NO_KEYS: ReadonlySet<string> = new Set()

function keysOfRegion(region: Region, view: EstateView): ReadonlySet<string> {
  if (region.type === 'rest') return NO_KEYS
  const facts = region.type === 'trust' ? null : view.resourceOf(region.arn)
  const own =
    region.type === 'trust' ? view.trustOf(region.arn) : facts === null ? null : view.policyOf(facts)
  return own === null ? NO_KEYS : tagKeysOfPolicy(own.policy)
}

const openTo = (pins: Pins, keys: ReadonlySet<string>): Pins => ({
  valueOf: (key) =>
    key.startsWith(PRINCIPAL_TAG) && keys.has(key.slice(PRINCIPAL_TAG.length))
      ? undefined
      : pins.valueOf(key),
})
