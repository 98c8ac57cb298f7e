import type { ActionSet } from '../actions/action-set.ts'
import type { ExaminedPrincipal, PrincipalInState } from '../principals/examined-principal.ts'
import type { Region } from '../regions/region.ts'
import type { RegionSide } from '../regions/region-side.ts'
import type { Sessions, SideOfSessions } from '../session-tags/session-sides.ts'
import type { ResourceScope } from '../sides/scope.ts'
import { type PrincipalSide, sideKey } from '../sides/side.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'
import { READING } from '../symbolic/open-rules.ts'

/** One principal in one region: both states, and what reasoning says of them. */
export interface Comparison {
  readonly principal: ExaminedPrincipal
  readonly region: Region
  readonly now: ComparedSide
  readonly before: ComparedSide
  /** Equal ones come to the same, but for the principal's name. */
  readonly key: string
  /** Whether a request is one of those that are looked at. */
  readonly isMeant: (action: string, resource: string) => boolean
}

export interface ComparedSide extends RegionSide {
  readonly state: PrincipalInState | null
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

export type Compared = TwoWays | 'unknown' | 'same'

/** Which requests are looked at; absent: all. */
export interface RequestFilter {
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

export const NO_QUESTION: RequestFilter = {}
export const MORE_THAN_NO_QUESTION: RequestFilter = { context: new Map([[READING, []]]) }

export const readingMore = (question: RequestFilter): RequestFilter =>
  question === NO_QUESTION
    ? MORE_THAN_NO_QUESTION
    : { ...question, context: new Map([...(question.context ?? []), [READING, []]]) }

/** Whether not the same sessions are possible on both sides: otherwise what isn't settled of them is the same. */
export const haveOtherSessions = (a: ComparedSide, b: ComparedSide): boolean =>
  a.state !== null && b.state !== null && a.sessions?.tags?.id() !== b.sessions?.tags?.id()

export const formerSide = ({ side, former, hasOthers }: ComparedSide): PrincipalSide =>
  former === undefined ? side : hasOthers === true ? former.certain : former.alike

/** Whether it is plain that one side allows nothing that the other doesn't. */
export const isPlainlyWithin = (a: ComparedSide, b: ComparedSide): boolean =>
  (a.former === undefined ? sideKey(a.side) : sideKey(a.former.alike)) === sideKey(formerSide(b))

export const sidesKey = (of: ComparedSide): string =>
  of.former === undefined ? sideKey(of.side) : `${sideKey(of.side)} ${sideKey(formerSide(of))}`
