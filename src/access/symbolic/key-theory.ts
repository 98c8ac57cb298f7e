// The theory of one context key: is there a value, or a set of values, with which tests of it come out as told?
//
// Tests of text alone are decided exactly, by emptiness of a product of automata (`search`). Numbers, dates, addresses and bytes by
// small-model sampling: the bounds that tests name cut the values into finitely many classes, and one sample of each class stands
// for all of it (`predicate`, `valuesAround`). For a single kind the samples are complete, so that a failure is a proof.
//
// SOUND: `none` is a proof, and a value passes every test as told, but for text with variables: that is taken between its bounds
// (`compile-text`), and whoever takes the value names the variables that it guesses. INCOMPLETE where a key is tested as several
// kinds at once: then `budget`, which is read as not known, never as `none`.

import { isBoolean, isDecimal, parseDate, parseIpRange } from '../../policy/condition-values.ts'
import { isVoidAsEmpty, type KeyAtom } from './atom.ts'
import { type AddressRange, type Predicate, takes, valuesAround } from './predicate.ts'
import type { Symbols } from './symbols.ts'
import { type Glob, isLiteral, literalGlob, textOf } from './tokens.ts'

/** An atom with the truth that it is to have. */
export interface Signed {
  readonly atom: KeyAtom
  readonly holds: boolean
}

/** What a key may be, besides what conditions ask of it. */
export interface KeyFacts {
  /** What the catalogue says of its values: `boolean` and the like can be nothing else; null: any text. */
  readonly values: 'boolean' | 'number' | 'date' | 'address' | null
  readonly maySeveral: boolean
  /** Whether it may be an empty text. Absent: no. */
  readonly mayBeEmpty?: boolean
  readonly mayBeAbsent: boolean
  /** No such request has it. */
  readonly isAbsent?: true
  /** What text it can be, where that is known: that of one of these patterns. */
  readonly within?: readonly Glob[]
  /** What it can't be. */
  readonly without?: readonly Glob[]
  /** Addresses that it can't be. */
  readonly withoutRanges?: readonly AddressRange[]
  /** Of instants: none before this one. Milliseconds since 1970-01-01T00:00:00Z. */
  readonly notBefore?: number
}

export type KeySolution =
  /** null: the key is absent. */
  | { readonly type: 'value'; readonly values: readonly string[] | null }
  | { readonly type: 'none' }
  /** Not found, and not excluded; `mixedKinds`: since the tests read the value as several kinds, a time as text. */
  | { readonly type: 'budget'; readonly reason?: 'mixedKinds' }

const NONE: KeySolution = { type: 'none' }
const BUDGET: KeySolution = { type: 'budget' }
const MIXED: KeySolution = { type: 'budget', reason: 'mixedKinds' }

interface Wanted {
  readonly inside: readonly Predicate[]
  readonly outside: readonly Predicate[]
}

/**
 * What a key can be so that all tests of it come out as told: absent, one value, or several. Several values are
 * distinct ones.
 */
export function solveKey(tests: readonly Signed[], facts: KeyFacts, symbols: Symbols): KeySolution {
  if (facts.isAbsent === true && tests.some(({ atom, holds }) => atom.whenAbsent !== holds)) return NONE
  if (facts.mayBeAbsent && tests.every(({ atom, holds }) => atom.whenAbsent === holds))
    return { type: 'value', values: null }
  const one = valueFor(wantedOfOne(tests), [], tests, facts, symbols)
  if (one.type === 'value') return one
  if (facts.mayBeEmpty === true && facts.isAbsent !== true && passEmpty(tests, symbols))
    return { type: 'value', values: [''] }
  if (!facts.maySeveral) return one
  const several = severalFor(tests, facts, symbols)
  return several.type === 'none' && one.type === 'budget' ? one : several
}

/** Whether all tests come out so with an empty text. */
function passEmpty(tests: readonly Signed[], symbols: Symbols): boolean {
  const inside: Predicate[] = []
  const outside: Predicate[] = []
  for (const { atom, holds } of tests) {
    const { predicate, whenAbsent } = atom
    if (predicate === null || isVoidAsEmpty(atom)) {
      if (whenAbsent !== holds) return false
    } else if (holds ? mayTake(predicate, '') : !mustTake(predicate, ''))
      (holds ? inside : outside).push(predicate)
    else return false
  }
  return !haveSameUnknown({ inside, outside }, symbols)
}

/** Whether the same unknown text is on both sides: whatever it is, one pattern may lie in the other. */
function haveSameUnknown({ inside, outside }: Wanted, { search }: Symbols): boolean {
  const withMarkers = (predicates: readonly Predicate[]) =>
    predicates.flatMap((each) => (each.kind === 'text' && each.lang.hasMarkers ? [each.lang] : []))
  const others = withMarkers(outside)
  return (
    others.length > 0 &&
    withMarkers(inside).some((one) => others.some((other) => search.isSubset(one, other) === true))
  )
}

/** null: some test can't come out so with a value. */
function wantedOfOne(tests: readonly Signed[]): Wanted | null {
  const inside: Predicate[] = []
  const outside: Predicate[] = []
  for (const { atom, holds } of tests) {
    if (atom.predicate === null) {
      if (!holds) return null
    } else if (holds) inside.push(atom.predicate)
    else outside.push(atom.predicate)
  }
  return { inside, outside }
}

function severalFor(tests: readonly Signed[], facts: KeyFacts, symbols: Symbols): KeySolution {
  const inside: Predicate[] = []
  const outside: Predicate[] = []
  const some: Wanted[] = []
  for (const { atom, holds } of tests) {
    const { several, predicate } = atom
    if (several === 'never' || several === 'always') {
      if ((several === 'always') !== holds) return NONE
    } else if ((several === 'all') === holds) {
      // Each value passes, or each value fails.
      if (predicate === null) {
        if (!holds) return NONE
      } else (holds ? inside : outside).push(predicate)
    } else if (predicate === null) {
      if (!holds) return NONE
    } else some.push(holds ? { inside: [predicate], outside: [] } : { inside: [], outside: [predicate] })
  }
  const values: string[] = []
  for (const each of some) {
    const wanted = { inside: [...inside, ...each.inside], outside: [...outside, ...each.outside] }
    const found = valueFor(wanted, [], tests, facts, symbols)
    if (found.type !== 'value') return found
    for (const value of found.values ?? []) if (!values.includes(value)) values.push(value)
  }
  while (values.length < 2) {
    const another = valueFor({ inside, outside }, values, tests, facts, symbols)
    if (another.type !== 'value') return another
    values.push(...(another.values ?? []))
  }
  return { type: 'value', values: values.sort() }
}

/** One value as wanted that is none of `besides`. */
function valueFor(
  wanted: Wanted | null,
  besides: readonly string[],
  tests: readonly Signed[],
  facts: KeyFacts,
  symbols: Symbols,
): KeySolution {
  if (wanted === null) return NONE
  const predicates = tests.flatMap(({ atom }) => (atom.predicate === null ? [] : [atom.predicate]))
  const isText = predicates.every(({ kind }) => kind === 'text')
  if (isText && (facts.values === null || facts.values === 'boolean'))
    return textFor(wanted, besides, domainOf(facts), facts.without ?? [], symbols)
  const isFit = (value: string, of: (predicate: Predicate) => boolean) =>
    !besides.includes(value) &&
    wanted.inside.every((predicate) => !of(predicate) || mayTake(predicate, value)) &&
    wanted.outside.every((predicate) => !of(predicate) || !mustTake(predicate, value))
  const asText = textFor(wanted, besides, facts.within ?? [], facts.without ?? [], symbols)
  if (asText.type === 'none') return NONE
  const candidates = [
    ...candidatesAmong(predicates, facts, symbols),
    ...boundsAsCandidates(facts),
    ...(asText.type === 'value' ? (asText.values ?? []) : []),
    ...(asText.type === 'value' ? begunWith(asText.values ?? [], facts.values) : []),
  ].filter((value) => isOfType(value, facts.values) && isPossible(value, facts, symbols))
  const found = candidates.find((value) => isFit(value, () => true))
  if (found !== undefined) return { type: 'value', values: [found] }
  // Of one kind alone, each set of values that can be told apart has its candidates.
  const kinds = new Set(predicates.map(({ kind }) => kind))
  kinds.delete('text')
  for (const kind of kinds)
    if (!candidates.some((value) => isFit(value, (predicate) => predicate.kind === kind))) return NONE
  return asText.type === 'value' ? MIXED : BUDGET
}

/** Values of each kind, to be completed from: `2026-` of a date to a whole one. */
const WHOLE: Readonly<Record<NonNullable<KeyFacts['values']>, readonly string[]>> = {
  boolean: [],
  number: ['1', '0'],
  date: ['2030-01-01T00:00:00Z'],
  address: ['198.51.100.7', '10.0.0.1', '2001:db8::7'],
}

/** Texts that a pattern takes, completed to values of the key's kind: `2026-*` is met by a time of that year. */
const begunWith = (texts: readonly string[], values: KeyFacts['values']): readonly string[] =>
  values === null
    ? []
    : texts.flatMap((text) =>
        WHOLE[values].flatMap((whole) =>
          values === 'address'
            ? [
                `${text}${whole
                  .split('.')
                  .slice(text.split('.').length - 1)
                  .join('.')}`,
              ]
            : [`${text}${whole.slice(text.length)}`, `${whole.slice(0, -text.length)}${text}`],
        ),
      )

/** What lies next to what a key can't be. */
function boundsAsCandidates({ values, withoutRanges, notBefore }: KeyFacts): readonly string[] {
  const addresses =
    withoutRanges === undefined ? [] : valuesAround([{ kind: 'address', ranges: withoutRanges }], true)
  if (notBefore === undefined) return addresses
  const second = Math.ceil(notBefore / 1000)
  return [...addresses, values === 'date' ? new Date(second * 1000).toISOString() : String(second)]
}

/** Texts that a key can be, where they are few enough to be told; empty: they aren't. */
export const fewTexts = ({ within = [] }: KeyFacts): readonly string[] =>
  within.every(isLiteral) ? within.map(textOf) : []

/** One more text that a bound key can be, besides some; empty: it isn't bound, or there is none. */
export function anotherText(
  { within, without = [] }: KeyFacts,
  besides: ReadonlySet<string | null>,
  { langs, search }: Symbols,
): readonly string[] {
  if (within === undefined) return []
  const tried = [...besides].flatMap((text) => (text === null ? [] : [literalGlob(text)]))
  const found = search.find([langs.of(within)], [langs.of([...without, ...tried])])
  return found.type === 'found' ? [found.text] : []
}

/** Whether a key may have a value, by the texts and addresses that it is bound to. */
export function isPossible(
  value: string,
  { within, without, withoutRanges, notBefore }: KeyFacts,
  { langs }: Symbols,
): boolean {
  if (notBefore !== undefined && (parseDate(value) ?? notBefore) < notBefore) return false
  if (within !== undefined && !langs.of(within).has(value)) return false
  if (without !== undefined && langs.of(without).has(value)) return false
  return withoutRanges === undefined || !takes({ kind: 'address', ranges: withoutRanges }, value)
}

function isOfType(value: string, type: KeyFacts['values']): boolean {
  switch (type) {
    case null:
      return true
    case 'boolean':
      return isBoolean(value)
    case 'number':
      return isDecimal(value)
    case 'date':
      return parseDate(value) !== null
    case 'address':
      return !value.includes('/') && parseIpRange(value) !== null
  }
}

/** With a variable in it, text is taken for the most that it may be. */
const mayTake = (predicate: Predicate, value: string): boolean =>
  predicate.kind === 'text' ? predicate.upper.has(value) : takes(predicate, value)
const mustTake = (predicate: Predicate, value: string): boolean =>
  predicate.kind === 'text' ? predicate.lower.has(value) : takes(predicate, value)

function candidatesAmong(
  predicates: readonly Predicate[],
  { values }: KeyFacts,
  { search }: Symbols,
): readonly string[] {
  const ofText = predicates.flatMap((predicate) => {
    if (predicate.kind !== 'text') return []
    const found = search.find([predicate.upper], [])
    return [...(predicate.lang.members ?? []), ...(found.type === 'found' ? [found.text] : [])]
  })
  const typed = predicates.filter(({ kind }) => kind !== 'text')
  const around = valuesAround(typed, values !== null)
  if (around.length > 0) return [...ofText, ...around]
  const samples: Readonly<Record<NonNullable<KeyFacts['values']>, readonly string[]>> = {
    boolean: ['true', 'false'],
    number: ['0', '1', '1000000'],
    date: ['2030-01-01T00:00:00Z', '2000-01-01T00:00:00Z'],
    address: ['198.51.100.7', '10.0.0.1', '2001:db8::7'],
  }
  return [...ofText, ...(values === null ? ['x', 'y'] : samples[values])]
}

/** What a key's text can be; empty: anything. */
const domainOf = ({ values, within }: KeyFacts): readonly Glob[] =>
  within ?? (values === 'boolean' ? [literalGlob('true'), literalGlob('false')] : [])

function textFor(
  wanted: Wanted,
  besides: readonly string[],
  domain: readonly Glob[],
  excluded: readonly Glob[],
  symbols: Symbols,
): KeySolution {
  const { langs, search } = symbols
  const { inside, outside } = wanted
  const within = inside.flatMap((each) => (each.kind === 'text' ? [each] : []))
  const without = outside.flatMap((each) => (each.kind === 'text' ? [each] : []))
  if (haveSameUnknown(wanted, symbols)) return NONE
  const texts = (values: readonly string[]) =>
    langs.of(values.map((value) => Array.from(value, (character) => character.codePointAt(0) ?? 0)))
  const found = search.find(
    [...within.map(({ upper }) => upper), ...(domain.length > 0 ? [langs.of(domain)] : [])],
    [
      ...without.map(({ lower }) => lower),
      ...(besides.length > 0 ? [texts(besides)] : []),
      ...(excluded.length > 0 ? [langs.of(excluded)] : []),
    ],
  )
  return found.type === 'found' ? { type: 'value', values: [found.text] } : found
}
