import { trustRegion } from '../regions/region.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import type { Asked, Confirmation } from '../witness/decision.ts'
import { keepsTag } from './kept-tags.ts'
import type { SessionTags, TagWay } from './session-tags.ts'
import { PRINCIPAL_TAG, tagsIn } from './tag-keys.ts'
import { mayPass, requestFor, type Tags, type Wanted } from './tagging-request.ts'

/** Whether the evaluator allows a request, as it stands. */
type Allows = (asked: Asked, request: FoundRequest) => boolean

interface CarriedBy {
  readonly allows: Allows
  readonly symbols: Symbols
}

/** Requests that are tried before it is given up. */
const MOST_TRIED = 400

/**
 * Whether there is a session of a role with some tags: somebody must be allowed to assume the role with them, and to tag
 * its session, by the evaluator's word.
 * @param all tags that the session has in the end, the role's own among them
 * @param keys of all tags that matter: it must have no others of them
 * @returns `unknown`: nothing excludes it, and no request was found
 */
export function carries(
  tags: SessionTags,
  all: Tags,
  keys: ReadonlySet<string>,
  by: CarriedBy,
): Confirmation {
  const answers = known.get(tags) ?? new Map<string, Confirmation>()
  known.set(tags, answers)
  const key = JSON.stringify([[...all].sort(), [...keys].sort()])
  const answer = answers.get(key) ?? findCarried(tags, all, keys, by)
  answers.set(key, answer)
  return answer
}

const known = new WeakMap<SessionTags, Map<string, Confirmation>>()

function findCarried(tags: SessionTags, all: Tags, keys: ReadonlySet<string>, by: CarriedBy): Confirmation {
  const own = [...all].filter(([key, value]) => tags.own.get(key) === value).map(([key]) => key)
  if (tags.mayBeUntagged && own.length === all.size) return 'yes'
  const search = new CarrySearch(by)
  let best: Confirmation = 'no'
  // What the role has itself need not be passed, and may be.
  for (const left of subsetsOf(own)) {
    const passed = new Map([...all].filter(([key]) => !left.includes(key)))
    const besides = new Set([...keys].filter((key) => !passed.has(key)))
    const decision = search.carries(tags, { tags: passed, besides, isTransitive: false }, [])
    if (decision === 'yes') return 'yes'
    if (decision === 'unknown') best = 'unknown'
  }
  return best
}

/** All of a few; of many the whole, and nothing. */
function subsetsOf(keys: readonly string[]): readonly (readonly string[])[] {
  if (keys.length > MOST_OPTIONAL) return [keys, []]
  let subsets: readonly (readonly string[])[] = [[]]
  for (const key of keys) subsets = [...subsets.map((each) => [...each, key]), ...subsets]
  return subsets
}

const MOST_OPTIONAL = 4

/** Follows chains of roles back to where tags were passed. */
class CarrySearch {
  readonly #by: CarriedBy
  #left = MOST_TRIED

  constructor(by: CarriedBy) {
    this.#by = by
  }

  /**
   * @param chain sessions of roles that are assumed afterwards: a shortest chain comes by each but once
   * @returns `no`: there is none, if those of the chain have no others than those that are wanted
   */
  carries(tags: SessionTags, wanted: Wanted, chain: readonly SessionTags[]): Confirmation {
    if (chain.includes(tags)) return 'no'
    let best: Confirmation = tags.isOpen ? 'unknown' : 'no'
    for (const way of tags.ways) {
      if (this.#left-- <= 0) return 'unknown'
      const decision = this.#allowsBy(way, tags.role, wanted, [...chain, tags])
      if (decision === 'yes') return 'yes'
      if (decision === 'unknown') best = 'unknown'
    }
    return best
  }

  /** @param chain that of the role among them */
  #allowsBy(way: TagWay, role: string, wanted: Wanted, chain: readonly SessionTags[]): Confirmation {
    const by = this.#by
    let best: Confirmation = 'no'
    for (const inherited of inheritances(way, wanted, by.symbols)) {
      const passed = new Map([...wanted.tags].filter(([key]) => !inherited.has(key)))
      const request = requestFor(way, passed, inherited, wanted, by.symbols)
      if (request === null) continue
      // Only who had these tags may pass them: without such a session before there is none.
      const isKept = isKeptBy(way, passed, wanted, by.symbols)
      if (isKept && this.#isThere(way, wanted.tags, chain) === 'no') continue
      best = 'unknown'
      const ofPrincipal = new Map([...tagsIn(request.context), ...inherited])
      const { tagger } = way
      const context = new Map([
        ...request.context,
        ...[...inherited].map(([key, value]) => [`aws:PrincipalTag/${key}`, [value]] as const),
      ])
      const asked = { ...tagger, region: trustRegion(role) }
      const areAllowed = [way.action, 'sts:TagSession'].every((action) =>
        by.allows(asked, { action, resource: role, context }),
      )
      if (!areAllowed) continue
      if (this.#isThere(way, ofPrincipal, chain, inherited) === 'yes') return 'yes'
    }
    return best
  }

  /**
   * Whether the principal of a way has a session with some tags.
   * @param handedOn those of them that must have been passed, and handed on
   */
  #isThere(
    { tagger }: TagWay,
    tags: Tags,
    chain: readonly SessionTags[],
    handedOn: Tags = new Map(),
  ): Confirmation {
    const own = tagger.tags()
    if (own === null) return 'yes'
    const ofRole = [...tags.keys()].filter((key) => own.own.get(key) === tags.get(key) && !handedOn.has(key))
    if (own.mayBeUntagged && ofRole.length === tags.size) return 'yes'
    const isTransitive = handedOn.size > 0
    let best: Confirmation = 'no'
    for (const left of subsetsOf(ofRole)) {
      const passed = new Map([...tags].filter(([key]) => !left.includes(key)))
      const decision = this.carries(own, { tags: passed, besides: new Set(left), isTransitive }, chain)
      if (decision === 'yes') return 'yes'
      if (decision === 'unknown') best = 'unknown'
    }
    return best
  }
}

/** Whether all tags that are wanted are, by what the way asks for, tags of the principal already. */
const isKeptBy = (way: TagWay, passed: Tags, { tags, besides }: Wanted, symbols: Symbols): boolean =>
  way.tagger.isTagged &&
  besides.size === 0 &&
  [...tags.keys()].every((key) => !passed.has(key) || keepsTag(way, key, symbols))

/** Tags that may come from the principal's own session: none, those that can't be passed, all. */
function inheritances(way: TagWay, { tags }: Wanted, symbols: Symbols): readonly Tags[] {
  const nothing: Tags = new Map()
  if (!way.tagger.isTagged) return [nothing]
  const unpassable = new Map([...tags].filter(([key, value]) => !mayPass(way, key, value, symbols)))
  return [nothing, ...(unpassable.size > 0 && unpassable.size < tags.size ? [unpassable] : []), tags]
}

/** Tags of a request that are the principal's. */
export const tagsOfPrincipal = ({ context }: FoundRequest, keys: ReadonlySet<string>): Tags =>
  new Map([...tagsIn(context)].filter(([key]) => keys.has(key)))

/** A request without tags of the principal, so that the role's own count. */
export const withoutTags = (request: FoundRequest, keys: ReadonlySet<string>): FoundRequest => ({
  ...request,
  context: new Map(
    [...request.context].filter(([key]) => {
      const lower = key.toLowerCase()
      return !lower.startsWith(PRINCIPAL_TAG) || !keys.has(lower.slice(PRINCIPAL_TAG.length))
    }),
  ),
})
