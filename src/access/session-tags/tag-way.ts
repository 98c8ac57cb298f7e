import { atomOf, type KeyAtom, type Literal } from '../symbolic/atom.ts'
import { type Signed, solveKey } from '../symbolic/key-theory.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import { foldedGlob } from '../symbolic/tokens.ts'
import type { Requirement } from './requirement.ts'
import type { Tagger, TagWay } from './session-tags.ts'
import { PRINCIPAL_TAG, REQUEST_TAG, TAG_KEYS, TRANSITIVE_KEYS } from './tag-keys.ts'

/** null: no request is like that. */
export function tagWay(
  requirement: Requirement,
  action: string,
  tagger: Tagger,
  symbols: Symbols,
): TagWay | null {
  const ofTag = new Map<string, Literal[]>()
  const others = new Map<string, Literal[]>()
  const ofKeys: Literal[] = []
  const ofTransitive: Literal[] = []
  for (const literal of requirement) {
    const { key } = keyAtomOf(literal, symbols)
    if (key === TAG_KEYS) ofKeys.push(literal)
    else if (key === TRANSITIVE_KEYS) ofTransitive.push(literal)
    else if (key.startsWith(REQUEST_TAG)) push(ofTag, key.slice(REQUEST_TAG.length), literal)
    else push(others, key, literal)
  }
  const solved = [...others].map(([key, literals]) =>
    solveKey(signed(literals, symbols), tagger.keyFacts(key), symbols),
  )
  if (solved.some(({ type }) => type === 'none')) return null
  const hasVariables = requirement.some((literal) => keyAtomOf(literal, symbols).variables.length > 0)
  return {
    tagger,
    action,
    ofTag,
    ofKeys,
    ofTransitive,
    others,
    isExact:
      !hasVariables &&
      ofTransitive.length === 0 &&
      solved.every(({ type }) => type === 'value') &&
      ![...others.keys()].some((key) => key.startsWith(PRINCIPAL_TAG)) &&
      ofKeys.every((literal) => literal > 0 && keyAtomOf(literal, symbols).several === 'all'),
    content: `${action} ${requirement.join()}`,
  }
}

function push(map: Map<string, Literal[]>, key: string, literal: Literal): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [literal])
  else known.push(literal)
}

export function keyAtomOf(literal: Literal, { atoms }: Symbols): KeyAtom {
  const atom = atoms.at(atomOf(literal))
  if (atom.on !== 'key') throw new TypeError('a test of a key is expected')
  return atom
}

export const signed = (literals: readonly Literal[], symbols: Symbols): readonly Signed[] =>
  literals.map((literal) => ({ atom: keyAtomOf(literal, symbols), holds: literal > 0 }))

/** Whether tests come out true where their keys are absent. */
export const holdWhenAbsent = (literals: readonly Literal[], symbols: Symbols): boolean =>
  literals.every((literal) => keyAtomOf(literal, symbols).whenAbsent === literal > 0)

/**
 * How a tag's key may be spelled in a request whose list of keys passes some tests; null: it can't be in the list.
 * @param key in lower case
 */
export function spellingOf(key: string, tests: readonly Literal[], symbols: Symbols): string | null {
  const { langs, search } = symbols
  const inside = [langs.of([foldedGlob(key)])]
  const outside = []
  for (const literal of tests) {
    const { predicate, several } = keyAtomOf(literal, symbols)
    if (predicate === null) {
      // There is no list.
      if (literal < 0) return null
    } else if (predicate.kind !== 'text') continue
    else if (literal > 0 && several !== 'any') inside.push(predicate.upper)
    else if (literal < 0 && several === 'any') outside.push(predicate.lower)
  }
  if (inside.every((lang) => lang.has(key)) && !outside.some((lang) => lang.has(key))) return key
  const found = search.find(inside, outside)
  return found.type === 'found' ? found.text : found.type === 'none' ? null : key
}
