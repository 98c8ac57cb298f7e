import { trustRegion } from '../regions/region.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import { type KeyAtom, type Literal, passes } from '../symbolic/atom.ts'
import { solveKey } from '../symbolic/key-theory.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import { hasMarkers, ONE, STAR } from '../symbolic/tokens.ts'
import { variableHints } from '../symbolic/variable-hints.ts'
import type { Asked, Confirmation } from '../witness/decision.ts'
import { keepsTag } from './kept-tags.ts'
import type { SessionTags, TagWay } from './session-tags.ts'
import { PRINCIPAL_TAG, tagsIn } from './tag-keys.ts'
import { holdWhenAbsent, keyAtomOf, signed, spellingOf } from './tag-way.ts'

/** Tags of a session, by their keys in lower case. */
type Tags = ReadonlyMap<string, string>

/** Whether the evaluator allows a request, as it stands. */
type Allows = (asked: Asked, request: FoundRequest) => boolean

interface CarriedBy {
  readonly allows: Allows
  readonly symbols: Symbols
}

/** What sessions are wanted. */
interface Wanted {
  readonly tags: Tags
  /** Keys of tags that must not be passed: whose absence, or whose value in the role, decides. */
  readonly besides: ReadonlySet<string>
  /** Whether the session hands its tags on. */
  readonly isTransitive: boolean
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
   * @param chain roles that are assumed afterwards: a shortest chain comes by each but once
   * @returns `no`: there is none, if those of the chain have no others than those that are wanted
   */
  carries(tags: SessionTags, wanted: Wanted, chain: readonly string[]): Confirmation {
    if (chain.includes(tags.role)) return 'no'
    let best: Confirmation = tags.isOpen ? 'unknown' : 'no'
    for (const way of tags.ways) {
      if (this.#left-- <= 0) return 'unknown'
      const decision = this.#allowsBy(way, tags.role, wanted, chain)
      if (decision === 'yes') return 'yes'
      if (decision === 'unknown') best = 'unknown'
    }
    return best
  }

  #allowsBy(way: TagWay, role: string, wanted: Wanted, chain: readonly string[]): Confirmation {
    const by = this.#by
    let best: Confirmation = 'no'
    for (const inherited of inheritances(way, wanted, by.symbols)) {
      const passed = new Map([...wanted.tags].filter(([key]) => !inherited.has(key)))
      const request = requestFor(way, passed, inherited, wanted, by.symbols)
      if (request === null) continue
      // Only who had these tags may pass them: without such a session before there is none.
      const isKept = isKeptBy(way, passed, wanted, by.symbols)
      if (isKept && this.#isThere(way, wanted.tags, [...chain, role]) === 'no') continue
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
      if (this.#isThere(way, ofPrincipal, [...chain, role], inherited) === 'yes') return 'yes'
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
    chain: readonly string[],
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

const mayPass = (way: TagWay, key: string, value: string, symbols: Symbols): boolean =>
  spellingOf(key, way.ofKeys, symbols) !== null &&
  (way.ofTag.get(key) ?? []).every((literal) => mayTake(literal, value, symbols))

/** Whether a value may pass a test, whatever its variables are. */
function mayTake(literal: Literal, value: string, symbols: Symbols): boolean {
  const atom = keyAtomOf(literal, symbols)
  const { predicate, variables } = atom
  if (variables.length === 0 || predicate?.kind !== 'text') return passes(atom, [value]) === literal > 0
  return literal > 0 ? predicate.upper.has(value) : !predicate.lower.has(value)
}

/** A request by which the tags are passed; null: none may be like that. */
function requestFor(
  way: TagWay,
  passed: Tags,
  inherited: Tags,
  wanted: Wanted,
  symbols: Symbols,
): Pick<FoundRequest, 'context'> | null {
  const context = new Map<string, readonly string[]>()
  const keys: string[] = []
  const pass = (key: string, value: string): boolean => {
    const spelling = spellingOf(key, way.ofKeys, symbols)
    if (spelling === null) return false
    context.set(`aws:RequestTag/${spelling}`, [value])
    keys.push(spelling)
    return true
  }
  for (const [key, value] of passed) {
    if (!mayPass(way, key, value, symbols) || !pass(key, value)) return null
    for (const [name, hint] of hintsOf(way.ofTag.get(key) ?? [], value, symbols)) context.set(name, [hint])
  }
  for (const [key, literals] of way.ofTag) {
    if (passed.has(key) || holdWhenAbsent(literals, symbols)) continue
    // It has to be passed as well, and then is in the session; what is inherited can't be passed anew.
    if (wanted.besides.has(key) || inherited.has(key)) return null
    const facts = { values: null, maySeveral: false, mayBeEmpty: true, mayBeAbsent: false } as const
    const solved = solveKey(signed(literals, symbols), facts, symbols)
    const [value] = solved.type === 'value' ? (solved.values ?? []) : []
    if (value === undefined || !pass(key, value)) return null
  }
  const isHandedOn = (key: string) => spellingOf(key, way.ofTransitive, symbols) !== null
  const handedOn = holdWhenAbsent(way.ofTransitive, symbols) ? [] : keys.filter(isHandedOn)
  if (wanted.isTransitive && !keys.every(isHandedOn)) return null
  if (wanted.isTransitive) handedOn.splice(0, handedOn.length, ...keys)
  const more = neededKeys(way.ofTransitive, handedOn, symbols)
  handedOn.push(...more)
  for (const key of new Set([...neededKeys(way.ofKeys, keys, symbols), ...more]))
    if (!keys.includes(key) && (wanted.besides.has(key.toLowerCase()) || !pass(key, 'example'))) return null
  if (keys.length > 0) context.set('aws:TagKeys', keys)
  if (handedOn.length > 0) context.set('sts:TransitiveTagKeys', handedOn)
  for (const [key, literals] of way.others) {
    const solved = solveKey(signed(literals, symbols), way.tagger.keyFacts(key), symbols)
    if (solved.type === 'none') return null
    const spelling = keyAtomOf(literals[0] ?? 0, symbols).spelling
    if (solved.type === 'value' && solved.values !== null && !hasKey(context, key))
      context.set(spelling, solved.values)
  }
  return { context }
}

const hasKey = (context: ReadonlyMap<string, unknown>, key: string): boolean =>
  [...context.keys()].some((each) => each.toLowerCase() === key)

/** What variables of the tests would have to be. */
const hintsOf = (literals: readonly Literal[], value: string, symbols: Symbols) =>
  literals.flatMap((literal) => {
    const { predicate }: Pick<KeyAtom, 'predicate'> = keyAtomOf(literal, symbols)
    if (literal < 0 || predicate?.kind !== 'text') return []
    return predicate.lang.globs.filter(hasMarkers).flatMap((glob) => variableHints(glob, value, symbols))
  })

/** Keys that must be in the list of keys, and aren't. */
function neededKeys(tests: readonly Literal[], keys: readonly string[], symbols: Symbols): readonly string[] {
  return tests.flatMap((literal) => {
    const atom = keyAtomOf(literal, symbols)
    const { predicate } = atom
    if (passes(atom, keys) === literal > 0 || (predicate !== null && predicate.kind !== 'text')) return []
    if (predicate === null) return literal > 0 ? ['example'] : []
    const found =
      literal > 0
        ? symbols.search.find([predicate.upper], [])
        : symbols.search.find([symbols.langs.of([ANY_KEY])], [predicate.lower])
    return found.type === 'found' ? [found.text] : []
  })
}

const ANY_KEY = [ONE, STAR]

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
