import { mayBeEmpty } from '../../evaluator/keys/key-forms.ts'
import { isBoolean, parseDate } from '../../policy/condition-values.ts'
import { OPERATORS, type OperatorComparison, type OperatorMeaning } from '../../policy/operators.ts'
import type { ParsedCondition, ParsedStatement } from '../../policy/parsed.ts'
import { type KeyAtom, type Literal, passes } from './atom.ts'
import { type Bounded, boundedOf } from './compile-text.ts'
import { parseDecimal } from './decimal.ts'
import type { Lang } from './lang.ts'
import { grantsMore, isNoArn, isYear, type OpenRule, openRulesOf } from './open-rules.ts'
import type { Pins } from './pins.ts'
import { addressOf, type Predicate } from './predicate.ts'
import type { Symbols } from './symbols.ts'
import { foldedGlob, type Glob, STAR } from './tokens.ts'
import { turnedAround } from './turned-condition.ts'

interface ConditionsIn {
  readonly effect: ParsedStatement['effect']
  /** Whether `${…}` are variables: `Version` 2012-10-17. */
  readonly variables: boolean
  readonly pins: Pins
  readonly symbols: Symbols
  /** Whether a key, in lower case, is known to be one of several values. */
  readonly isList: (key: string) => boolean
}

const NO_RULES: readonly OpenRule[] = []
/** By these it isn't known which values pass: any may. */
const ANY_VALUE: readonly OpenRule[] = ['26', '28']

/** One condition as a literal, or what it comes to whatever the request. */
export function compileCondition(condition: ParsedCondition, within: ConditionsIn): Literal | boolean {
  const { operator, quantifier, ifExists, key: spelling, values } = condition
  const { effect, pins, symbols } = within
  const key = spelling.toLowerCase()
  const pinned = pins.valueOf(key)
  const isVoid = pinned !== undefined && (pinned === null || (pinned.length === 1 && pinned[0] === ''))
  const meaning = OPERATORS[operator]
  const open = grantsMore(pins) ? openRulesOf(condition, effect, within.isList) : NO_RULES
  if (meaning.family === 'presence') {
    if (quantifier !== null) return quantifier === 'ForAllValues'
    // Of what is neither true nor false nobody knows which it is.
    if (open.includes('26')) return true
    const countsEmpty = open.includes('18')
    return nullLiteral(condition, pinned === undefined ? null : countsEmpty ? pinned === null : isVoid, () =>
      (countsEmpty ? absentLiteral : voidLiteral)(spelling, symbols),
    )
  }
  if (values.length === 0) {
    if (open.includes('9')) return true
    if (quantifier === 'ForAnyValue' || (quantifier === null && !ifExists)) return false
    return pinned === undefined ? absentLiteral(spelling, symbols) : pinned === null
  }
  // ForAnyValue finds nothing, whatever IfExists says in an Allow; in a Deny that is not documented.
  const holdsWhenVoid =
    quantifier === 'ForAllValues' || (ifExists && effect === 'Deny' && !open.includes('24'))
  if (isVoid && pinned !== null && quantifier !== null) return holdsWhenVoid
  const { negated } = meaning
  const [given] = pinned ?? []
  if (within.variables && pinned?.length === 1 && given !== undefined && meaning.family === 'string') {
    // Of one value, set operators ask the same.
    const turned = turnedAround(values, meaning.form, given, within)
    if (turned !== null) return typeof turned === 'boolean' ? turned !== negated : negated ? -turned : turned
  }
  const holdsWhenAbsent = quantifier === null ? ifExists || negated : holdsWhenVoid
  if (pinned === null) return holdsWhenAbsent
  const { predicate, variables } = ANY_VALUE.some((rule) => open.includes(rule))
    ? { predicate: null, variables: [] }
    : predicateOf(meaning, values, { ...within, open, isWide: (effect === 'Allow') !== negated })
  const several =
    quantifier === null
      ? ((effect === 'Deny') !== negated) !== open.includes('25')
        ? 'always'
        : 'never'
      : (quantifier === 'ForAllValues') !== negated
        ? 'all'
        : 'any'
  const atom = {
    key,
    spelling,
    whenAbsent: holdsWhenAbsent !== negated,
    predicate,
    several,
    variables,
  } as const
  if (pinned !== undefined && variables.length === 0)
    return passes({ on: 'key', id: -1, ...atom }, pinned) !== negated
  const literal = literalOf(symbols, atom)
  return negated ? -literal : literal
}

const literalOf = (symbols: Symbols, atom: Omit<KeyAtom, 'on' | 'id'>): Literal =>
  symbols.atoms.keyAtom(atom) + 1

const textsOf = (lang: Lang): Predicate => ({ kind: 'text', lang, upper: lang, lower: lang })

/** The empty text too. */
const ANYTHING: readonly Glob[] = [[STAR]]

/**
 * That a request hasn't got a key, not even as an empty text: the complement of a test that whatever is there passes. What keys
 * say of each other is about this.
 */
export const absentLiteral = (key: string, symbols: Symbols): Literal =>
  -presenceLiteral(key, mayBeEmpty(key.toLowerCase()) ? textsOf(symbols.langs.of(ANYTHING)) : null, symbols)

/** That a key is absent or empty, as `Null` takes it. */
const voidLiteral = (key: string, symbols: Symbols): Literal => -presenceLiteral(key, null, symbols)

/** @param predicate of what is there; null: of whatever isn't empty */
const presenceLiteral = (key: string, predicate: Predicate | null, symbols: Symbols): Literal =>
  literalOf(symbols, {
    key: key.toLowerCase(),
    spelling: key,
    whenAbsent: false,
    predicate,
    several: 'always',
    variables: [],
  })

/** @param missing that the key counts as missing */
function nullLiteral(
  { values }: ParsedCondition,
  isMissing: boolean | null,
  missing: () => Literal,
): Literal | boolean {
  const wanted = new Set(values.filter(isBoolean).map((value) => value.toLowerCase() === 'true'))
  if (wanted.size !== 1) return wanted.size === 2
  const wantsMissing = wanted.has(true)
  if (isMissing !== null) return isMissing === wantsMissing
  return wantsMissing ? missing() : -missing()
}

interface PredicateIn extends ConditionsIn {
  /** Rules that are read so that they grant more. */
  readonly open: readonly OpenRule[]
  /** Whether more is granted by what more values pass. */
  readonly isWide: boolean
}

const unitedOf = (one: Bounded, other: Bounded, { langs }: Symbols): Bounded => ({
  lang: langs.of([...one.lang.globs, ...other.lang.globs]),
  upper: langs.of([...one.upper.globs, ...other.upper.globs]),
  lower: langs.of([...one.lower.globs, ...other.lower.globs]),
  variables: [...new Set([...one.variables, ...other.variables])],
})

/** Four digits as a year too, where that grants more. */
function datesOf(
  values: readonly string[],
  comparison: OperatorComparison,
  { open, isWide }: PredicateIn,
): readonly number[] {
  return values.flatMap((value) => {
    const date = parseDate(value)
    if (!open.includes('22') || !isYear(value)) return date === null ? [] : [date]
    const both = [date, parseDate(`${value}-01-01`)].filter((each) => each !== null)
    return boundsOf(both, comparison, isWide)
  })
}

/** Of two readings of a bound those that pass more, or less. One of several bounds is enough. */
function boundsOf(
  both: readonly number[],
  comparison: OperatorComparison,
  isWide: boolean,
): readonly number[] {
  switch (comparison) {
    case 'equals':
      return isWide ? both : []
    case 'less':
    case 'lessEquals':
      return [isWide ? Math.max(...both) : Math.min(...both)]
    case 'greater':
    case 'greaterEquals':
      return [isWide ? Math.min(...both) : Math.max(...both)]
  }
}

/** What one value must be by an operator, its negation aside. */
function predicateOf(
  meaning: Exclude<OperatorMeaning, { readonly family: 'presence' }>,
  values: readonly string[],
  within: PredicateIn,
): { readonly predicate: Predicate; readonly variables: readonly string[] } {
  switch (meaning.family) {
    case 'string':
    case 'arn':
      return textPredicate(meaning, values, within)
    case 'boolean': {
      const lang = within.symbols.langs.of(values.filter(isBoolean).map(foldedGlob))
      return { predicate: { kind: 'text', lang, upper: lang, lower: lang }, variables: [] }
    }
    case 'address':
      return {
        predicate: { kind: 'address', ranges: values.map(addressOf).filter((range) => range !== null) },
        variables: [],
      }
    case 'binary':
      return { predicate: { kind: 'binary', values }, variables: [] }
    case 'date': {
      const { comparison } = meaning
      return {
        predicate: { kind: 'date', comparison, bounds: datesOf(values, comparison, within) },
        variables: [],
      }
    }
    case 'number': {
      const bounds = values.map(parseDecimal).filter((number) => number !== null)
      return { predicate: { kind: 'number', comparison: meaning.comparison, bounds }, variables: [] }
    }
  }
}

function textPredicate(
  meaning: Extract<OperatorMeaning, { readonly form: unknown }>,
  values: readonly string[],
  within: PredicateIn,
): { readonly predicate: Predicate; readonly variables: readonly string[] } {
  const { lang, upper, lower, variables } = within.open.includes('20')
    ? unitedOf(
        boundedOf(values.filter(isNoArn), { form: 'glob' }, within),
        boundedOf(values, meaning, within),
        within.symbols,
      )
    : boundedOf(values, meaning, within)
  return { predicate: { kind: 'text', lang, upper, lower }, variables }
}
