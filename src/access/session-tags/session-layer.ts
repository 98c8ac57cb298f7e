import type { Reasoner } from '../reasoner.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import { type KeyAtom, type Literal, passes } from '../symbolic/atom.ts'
import { absentLiteral } from '../symbolic/compile-condition.ts'
import type { Pins } from '../symbolic/pins.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import { foldedGlob, literalGlob } from '../symbolic/tokens.ts'
import { sourcesOf } from './kept-tags.ts'
import { passedOnTo, type SessionTags, type TagWay } from './session-tags.ts'
import { PRINCIPAL_TAG } from './tag-keys.ts'
import { holdWhenAbsent, keyAtomOf, spellingOf } from './tag-way.ts'

/** Combinations that are told apart; beyond, nothing is excluded. */
const MOST_COMBINATIONS = 64

/** One of the ways in which a session may have its tags: tests of `aws:PrincipalTag/…` that all hold. */
type Combination = readonly Literal[]

interface SessionLayer {
  /** One holds of every session that there may be. */
  readonly statements: readonly PlacedStatement[]
  /** One holds of no session but those that there are for sure. */
  readonly certain: readonly PlacedStatement[]
  /** It holds of sessions with no tags but the role's own. */
  readonly own: readonly PlacedStatement[]
}

/**
 * What is known of the tags of a role's sessions as a layer of its own: where no statement of it matches, there is no such
 * session.
 * @param keys of the tags that matter, in lower case
 * @param pins what is settled of them already
 */
export function sessionLayer(
  tags: SessionTags,
  keys: ReadonlySet<string>,
  pins: Pins,
  reasoner: Reasoner,
): SessionLayer {
  const { symbols } = reasoner
  const placed = (combinations: readonly Combination[]) => placedAs(combinations, pins, reasoner)
  const asOwn = ({ own }: SessionTags): Combination => [...keys].map((key) => ownLiteral(key, own, symbols))
  const all = allCombinations(tags, keys, asOwn, symbols)
  const isCertain = ({ isExact, tagger }: TagWay) => isExact && !tagger.isTagged
  const some =
    all !== null && tags.ways.every(isCertain)
      ? all
      : ofWays(tags.ways.filter(isCertain), tags.own, keys, symbols)
  return { statements: placed(all ?? [[]]), certain: placed(some ?? []), own: placed([asOwn(tags)]) }
}

/** What was given to sessions of the role, or of one whose sessions' tags it has. null: too many, or nobody knows. */
function allCombinations(
  tags: SessionTags,
  keys: ReadonlySet<string>,
  asOwn: (of: SessionTags) => Combination,
  symbols: Symbols,
): readonly Combination[] | null {
  const sources = sourcesOf(tags, keys, symbols)
  // Of another role nobody may know everything.
  if (sources === null) return tags.isOpen ? null : ofWays(tags.ways, tags.own, keys, symbols)
  const has = [...keys].map((key) => presentLiteral(key, symbols))
  const all: Combination[] = []
  for (const [source, ways] of sources) {
    const given = ofWays(ways, source.own, keys, symbols)
    if (given === null) return null
    // Whoever passes their own tags has them.
    const passedOn = [...(source.mayBeUntagged ? [asOwn(source)] : []), ...given].map((each) => [
      ...has,
      ...each,
    ])
    all.push(...(source === tags ? given : passedOn))
    if (all.length > MOST_COMBINATIONS) return null
  }
  return all
}

/** null: too many. */
function ofWays(
  ways: readonly TagWay[],
  own: SessionTags['own'],
  keys: ReadonlySet<string>,
  symbols: Symbols,
): readonly Combination[] | null {
  // Many may pass the same.
  const all = new Map<string, Combination>()
  for (const way of ways) {
    const ofWay = combinationsOf(way, own, keys, symbols)
    if (ofWay === null) return null
    for (const each of ofWay) all.set(each.join(), each)
    if (all.size > MOST_COMBINATIONS) return null
  }
  return [...all.values()]
}

/** null: too many. */
function combinationsOf(
  way: TagWay,
  own: ReadonlyMap<string, string>,
  keys: ReadonlySet<string>,
  symbols: Symbols,
): readonly Combination[] | null {
  let all: readonly Combination[] = []
  for (const needed of neededOf(way, keys, symbols)) {
    let combinations: readonly Combination[] = [[]]
    for (const key of keys) {
      const options = needed.has(key) ? passedOptions(way, key, symbols) : optionsOf(way, key, own, symbols)
      if (combinations.length * options.length > MOST_COMBINATIONS) return null
      combinations = combinations.flatMap((each) => options.map((option) => [...each, ...option]))
    }
    all = [...all, ...combinations]
  }
  return all
}

/** Where the list of keys must hold some, and none of them is without meaning here: which tags must be passed then. */
function neededOf(
  { ofKeys }: TagWay,
  keys: ReadonlySet<string>,
  symbols: Symbols,
): readonly ReadonlySet<string>[] {
  const { langs, search } = symbols
  const known = langs.of([...keys].map(foldedGlob))
  let all: readonly ReadonlySet<string>[] = [new Set()]
  for (const literal of ofKeys) {
    const { predicate, several } = keyAtomOf(literal, symbols)
    if (literal < 0 || several !== 'any' || predicate?.kind !== 'text') continue
    if (search.find([predicate.upper], [known]).type !== 'none') continue
    const fitting = [...keys].filter(
      (key) => search.areDisjoint(langs.of([foldedGlob(key)]), predicate.upper) !== true,
    )
    all = all.flatMap((needed) => fitting.map((key) => new Set([...needed, key])))
  }
  return all
}

/** How one tag may come, or not come, into a session. */
function optionsOf(
  way: TagWay,
  key: string,
  own: ReadonlyMap<string, string>,
  symbols: Symbols,
): readonly Combination[] {
  const passed = [...passedOptions(way, key, symbols), ...inheritedOptions(way, key, symbols)]
  const mayBeLeftOut = holdWhenAbsent(way.ofTag.get(key) ?? [], symbols)
  // Whatever value may be passed: the role's own is one of them.
  const isFree = passed.some((option) => option.length === 1)
  if (isFree && mayBeLeftOut) return [own.has(key) ? [presentLiteral(key, symbols)] : []]
  // What is inherited takes the place of what would have to be passed, or not.
  return [...passed, ...(mayBeLeftOut ? [[ownLiteral(key, own, symbols)]] : [])]
}

function passedOptions(way: TagWay, key: string, symbols: Symbols): readonly Combination[] {
  if (spellingOf(key, way.ofKeys, symbols) === null) return []
  const literals = (way.ofTag.get(key) ?? []).map((literal) => ofSession(literal, key, symbols))
  const option = [...new Set([presentLiteral(key, symbols), ...literals])]
  return option.some((literal) => option.includes(-literal)) ? [] : [option]
}

/** Session tags of the principal that are transitive stay, whichever role of a chain was given them. */
function inheritedOptions({ tagger }: TagWay, key: string, symbols: Symbols): readonly Combination[] {
  const tags = tagger.isTagged ? tagger.tags() : null
  if (tags === null) return []
  const known = inherited.get(tags) ?? new Map<string, readonly Combination[]>()
  inherited.set(tags, known)
  let options = known.get(key)
  if (options === undefined) {
    options = optionsPassedOn(tags, key, symbols)
    known.set(key, options)
  }
  return options
}

/** By whose session tags are inherited, and the tag's key. */
const inherited = new WeakMap<SessionTags, Map<string, readonly Combination[]>>()

function optionsPassedOn(tags: SessionTags, key: string, symbols: Symbols): readonly Combination[] {
  const options = new Map<string, Combination>()
  const seen = new Set<string>()
  for (const { isOpen, ways } of [tags, ...passedOnTo(tags)]) {
    if (isOpen) return [[presentLiteral(key, symbols)]]
    for (const way of ways) {
      if (seen.has(way.content)) continue
      seen.add(way.content)
      if (spellingOf(key, way.ofTransitive, symbols) !== null)
        for (const option of passedOptions(way, key, symbols)) options.set(option.join(), option)
    }
    if (options.size > MOST_COMBINATIONS) return [[presentLiteral(key, symbols)]]
  }
  return [...options.values()]
}

const spelled = (key: string): string => `aws:PrincipalTag/${key}`

const presentLiteral = (key: string, symbols: Symbols): Literal => -absentLiteral(spelled(key), symbols)

/** That a tag is the role's own. */
function ownLiteral(key: string, own: ReadonlyMap<string, string>, symbols: Symbols): Literal {
  const value = own.get(key)
  if (value === undefined) return absentLiteral(spelled(key), symbols)
  const lang = symbols.langs.of([literalGlob(value)])
  return sessionLiteral(key, symbols, {
    whenAbsent: false,
    predicate: { kind: 'text', lang, upper: lang, lower: lang },
    several: 'never',
  })
}

/** A test of a tag in the request as one of the tag in the session. Where variables are open, the most that may pass. */
function ofSession(literal: Literal, key: string, symbols: Symbols): Literal {
  const { predicate, variables, whenAbsent, several } = keyAtomOf(literal, symbols)
  if (predicate?.kind !== 'text' || variables.length === 0)
    return Math.sign(literal) * sessionLiteral(key, symbols, { whenAbsent, predicate, several })
  const lang = literal > 0 ? predicate.upper : predicate.lower
  const bounded = { kind: 'text', lang, upper: lang, lower: lang } as const
  return Math.sign(literal) * sessionLiteral(key, symbols, { whenAbsent, predicate: bounded, several })
}

const sessionLiteral = (
  key: string,
  { atoms }: Symbols,
  test: Pick<KeyAtom, 'whenAbsent' | 'predicate' | 'several'>,
): Literal =>
  atoms.keyAtom({ key: `${PRINCIPAL_TAG}${key}`, spelling: spelled(key), variables: [], ...test }) + 1

function placedAs(
  combinations: readonly Combination[],
  pins: Pins,
  { symbols, compiler, actions }: Reasoner,
): readonly PlacedStatement[] {
  const about = actions.setOf(EVERY_ACTION)
  const contents = new Map<string, Combination>()
  for (const combination of combinations) {
    const open = openOf(combination, pins, symbols)
    if (open === null || open.some((literal) => open.includes(-literal))) continue
    contents.set(open.join(), open)
  }
  return [...contents.values()].map((literals) =>
    compiler.madeOf(literals, { resource: null, coversStar: true, coversBuckets: true }, about),
  )
}

const EVERY_ACTION = { negated: false, entries: ['*'] }

/** Without what is settled; null: it can't hold. */
function openOf(combination: Combination, pins: Pins, symbols: Symbols): Combination | null {
  const open = new Set<Literal>()
  for (const literal of combination) {
    const atom = keyAtomOf(literal, symbols)
    const value = pins.valueOf(atom.key)
    if (value === undefined) open.add(literal)
    else if (passes(atom, value) !== literal > 0) return null
  }
  return [...open].sort((a, b) => a - b)
}
