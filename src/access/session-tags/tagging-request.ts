import type { FoundRequest } from '../sides/side-finding.ts'
import { type KeyAtom, type Literal, passes } from '../symbolic/atom.ts'
import { solveKey } from '../symbolic/key-theory.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import { foldedGlob, hasMarkers, ONE, STAR } from '../symbolic/tokens.ts'
import { variableHints } from '../symbolic/variable-hints.ts'
import type { TagWay } from './session-tags.ts'
import { holdWhenAbsent, keyAtomOf, signed, spellingOf } from './tag-way.ts'

/** Tags of a session, by their keys in lower case. */
export type Tags = ReadonlyMap<string, string>

/** What sessions are wanted. */
export interface Wanted {
  readonly tags: Tags
  /** Keys of tags that must not be passed: whose absence, or whose value in the role, decides. */
  readonly besides: ReadonlySet<string>
  /** Whether the session hands its tags on. */
  readonly isTransitive: boolean
}

/** A request by which the tags are passed; null: none may be like that. */
export function requestFor(
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
    const value = anyValue(literals, symbols)
    if (value === null || !pass(key, value)) return null
  }
  const isHandedOn = (key: string) => spellingOf(key, way.ofTransitive, symbols) !== null
  const handedOn = holdWhenAbsent(way.ofTransitive, symbols) ? [] : keys.filter(isHandedOn)
  if (wanted.isTransitive && !keys.every(isHandedOn)) return null
  if (wanted.isTransitive) handedOn.splice(0, handedOn.length, ...keys)
  const more = neededKeys(way.ofTransitive, handedOn, wanted.besides, symbols)
  handedOn.push(...more)
  for (const key of new Set([...neededKeys(way.ofKeys, keys, wanted.besides, symbols), ...more])) {
    if (keys.includes(key)) continue
    const value = anyValue(way.ofTag.get(key.toLowerCase()) ?? [], symbols)
    if (value === null || wanted.besides.has(key.toLowerCase()) || !pass(key, value)) return null
  }
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

/** A value with which a tag can be passed; null: there is none. */
function anyValue(tests: readonly Literal[], symbols: Symbols): string | null {
  if (tests.length === 0) return 'example'
  const facts = { values: null, maySeveral: false, mayBeEmpty: true, mayBeAbsent: false } as const
  const solved = solveKey(signed(tests, symbols), facts, symbols)
  return solved.type === 'value' ? (solved.values?.[0] ?? null) : null
}

/**
 * Keys that must be in the list of keys, and aren't.
 * @param besides keys, in lower case, that must not be in it: where others will do, these are left out
 */
function neededKeys(
  tests: readonly Literal[],
  keys: readonly string[],
  besides: ReadonlySet<string>,
  symbols: Symbols,
): readonly string[] {
  const { langs, search } = symbols
  const unwanted = langs.of([...besides].map(foldedGlob))
  const ofAll = tests.flatMap((literal) => {
    const { predicate, several } = keyAtomOf(literal, symbols)
    return literal > 0 && several !== 'any' && predicate?.kind === 'text' ? [predicate.upper] : []
  })
  return tests.flatMap((literal) => {
    const atom = keyAtomOf(literal, symbols)
    const { predicate } = atom
    if (passes(atom, keys) === literal > 0 || (predicate !== null && predicate.kind !== 'text')) return []
    if (predicate === null) return literal > 0 ? ['example'] : []
    const found =
      literal > 0
        ? search.find([predicate.upper, ...ofAll], [unwanted])
        : search.find([langs.of([ANY_KEY]), ...ofAll], [predicate.lower, unwanted])
    return found.type === 'found' ? [found.text] : []
  })
}

const ANY_KEY = [ONE, STAR]

export const mayPass = (way: TagWay, key: string, value: string, symbols: Symbols): boolean =>
  spellingOf(key, way.ofKeys, symbols) !== null &&
  (way.ofTag.get(key) ?? []).every((literal) => mayTake(literal, value, symbols))

/** Whether a value may pass a test, whatever its variables are. */
function mayTake(literal: Literal, value: string, symbols: Symbols): boolean {
  const atom = keyAtomOf(literal, symbols)
  const { predicate, variables } = atom
  if (variables.length === 0 || predicate?.kind !== 'text') return passes(atom, [value]) === literal > 0
  return literal > 0 ? predicate.upper.has(value) : !predicate.lower.has(value)
}
