import type { ActionSet } from '../../actions/action-set.ts'
import type { ComparedSide, Comparison } from '../../diff/comparison.ts'
import { fromNowOn } from '../../entries/from-now-on.ts'
import type { Exploration } from '../../explore.ts'
import { Recent } from '../../recent.ts'
import { regionKey } from '../../regions/region.ts'
import { type PrincipalSide, sideKey } from '../../sides/side.ts'
import type { FoundRequest, SideDiff } from '../../sides/side-finding.ts'
import { bearingIn, partOf } from '../../sides/side-part.ts'
import type { PlacedStatement } from '../../sides/statement-compiler.ts'
import type { Powers } from './powers.ts'

const MOST_REMEMBERED = 20_000

/** What one allow of a side lets through that another side doesn't, of some actions. */
interface Part {
  readonly comparison: Comparison
  /** null: it hangs on more than is worth telling. */
  readonly key: string | null
}

/** What was found of a part, as far as it matters. */
interface FoundOf {
  /** That decide something: on a resource that there may be. */
  readonly requests: readonly FoundRequest[]
  /** Whether there is anything at all. */
  readonly isAny: boolean
  readonly isUnsure: boolean
}

/**
 * Compares sides allow by allow, each with what bears on the same actions alone: thousands who may become one another share few
 * statements, so that what is found of one holds for many.
 */
export class AllowedMore {
  readonly #in: Exploration
  readonly #powers: Powers
  readonly #known = new Recent<FoundOf>(MOST_REMEMBERED)

  constructor(exploration: Exploration, powers: Powers) {
    this.#in = exploration
    this.#powers = powers
  }

  /**
   * Whether some request that was found, of the first that come or else of all, is one that is meant, or something isn't known.
   * @param comparison one that some principal's statements alone decide
   */
  isAny(comparison: Comparison, wanted: ActionSet, isMeant: (request: FoundRequest) => boolean): boolean {
    return this.#partsOf(comparison, wanted).some((part) => {
      const first = this.#gainsOf(part, wanted, true)
      if (first.requests.some(isMeant)) return true
      if (!first.isAny) return first.isUnsure
      const all = this.#gainsOf(part, wanted, false)
      return all.requests.some(isMeant) || all.isUnsure
    })
  }

  #gainsOf({ comparison, key }: Part, wanted: ActionSet, isFirst: boolean): FoundOf {
    const { comparer } = this.#in
    const id = key === null ? null : `${isFirst} ${key}`
    let found = id === null ? undefined : this.#known.get(id)
    if (found === undefined) {
      const question = { ...fromNowOn(this.#in), wanted, once: true, ...(isFirst ? { first: true } : {}) }
      found = foundOf(comparer.gainsOf(comparison, this.#powers.views, question))
      if (id !== null) this.#known.set(id, found)
    }
    return found
  }

  /**
   * INVARIANT: whatever request for one of the wanted actions an allow matches is decided by what bears on both: of no other
   * statement is its action. What is known of who asks, beside values that statements are compiled with, is told by the traits.
   */
  #partsOf(comparison: Comparison, wanted: ActionSet): readonly Part[] {
    const { now, before, region } = comparison
    const { actions, generation } = this.#in.reasoner
    const state = now.state ?? before.state
    const traits = `${state?.facts.kind} ${state?.isSession === true} ${state?.keys.id}`
    const where = `${generation} ${regionKey(region)} ${traits} ${wanted.id}`
    const partOfBoth = (ofNow: PrincipalSide, ofBefore: PrincipalSide): Part => ({
      comparison: { ...comparison, now: { ...now, side: ofNow }, before: { ...before, side: ofBefore } },
      key: `${sideKey(ofNow)} > ${sideKey(ofBefore)} ${where}`,
    })
    const [way, ...others] = now.side.ways
    if (way === undefined || others.length > 0 || isOfSessions(now) || isOfSessions(before))
      return [{ comparison, key: null }]
    const [granting = []] = way
    const isWanted = (each: PlacedStatement) => actions.haveCommon(each.actions, wanted)
    const distinct = new Map(granting.map((allow) => [allow.identity, allow]))
    return [...distinct.values()].filter(isWanted).map((allow) => {
      const { side, bears } = partOf(allow, now.side, actions, isWanted)
      return partOfBoth(side, bearingIn(before.side, bears))
    })
  }
}

/** Sessions whose tags aren't settled are decided in several ways. */
const isOfSessions = ({ sessions, former }: ComparedSide): boolean =>
  sessions !== undefined || former !== undefined

const foundOf = ({ findings, doubts }: SideDiff): FoundOf => ({
  requests: findings.flatMap(({ tier, request }) => (tier === 'typed' || tier === 'named' ? [request] : [])),
  isAny: findings.length > 0,
  isUnsure: doubts.length > 0,
})
