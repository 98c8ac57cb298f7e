import { isBoolean, parseDate } from '../../policy/condition-values.ts'
import type { ParsedCondition, ParsedStatement } from '../../policy/parsed.ts'
import { type KeyAtom, type Literal, passes } from './atom.ts'
import { type Bounded, boundedOf, type TextReading } from './compile-text.ts'
import { parseDecimal } from './decimal.ts'
import { grantsMore, isNoArn, isYear, type OpenRule, openRulesOf } from './open-rules.ts'
import type { Pins } from './pins.ts'
import { addressOf, type Comparison, type Predicate } from './predicate.ts'
import type { Symbols } from './symbols.ts'
import { foldedGlob } from './tokens.ts'
import { type TextForm, turnedAround } from './turned-condition.ts'

export interface ConditionsIn {
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
  if (operator === 'Null') {
    if (quantifier !== null) return quantifier === 'ForAllValues'
    return nullLiteral(condition, pinned === undefined ? null : isVoid, symbols)
  }
  const open = grantsMore(pins) ? openRulesOf(condition, effect, within.isList) : NO_RULES
  if (values.length === 0) {
    if (open.includes('9')) return true
    if (quantifier === 'ForAnyValue' || (quantifier === null && !ifExists)) return false
    return pinned === undefined ? absentLiteral(spelling, symbols) : pinned === null
  }
  // ForAnyValue finds nothing, whatever IfExists says in an Allow; in a Deny that is not documented.
  const holdsWhenVoid =
    quantifier === 'ForAllValues' || (ifExists && effect === 'Deny' && !open.includes('24'))
  if (isVoid && pinned !== null && quantifier !== null) return holdsWhenVoid
  const { positive, negated } = positiveOf(operator)
  const form = TEXT_READINGS[positive]?.form
  const [given] = pinned ?? []
  if (within.variables && pinned?.length === 1 && given !== undefined && isTurnable(form)) {
    // Of one value, set operators ask the same.
    const turned = turnedAround(values, form, given, within)
    if (turned !== null) return typeof turned === 'boolean' ? turned !== negated : negated ? -turned : turned
  }
  const holdsWhenAbsent = quantifier === null ? ifExists || negated : holdsWhenVoid
  if (pinned === null) return holdsWhenAbsent
  const { predicate, variables } = ANY_VALUE.some((rule) => open.includes(rule))
    ? { predicate: null, variables: [] }
    : predicateOf(positive, values, { ...within, open, isWide: (effect === 'Allow') !== negated })
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

/** That a key is absent: the complement of a test that whatever is there passes. */
export const absentLiteral = (key: string, symbols: Symbols): Literal =>
  -literalOf(symbols, {
    key: key.toLowerCase(),
    spelling: key,
    whenAbsent: false,
    predicate: null,
    several: 'always',
    variables: [],
  })

function nullLiteral(
  { key: spelling, values }: ParsedCondition,
  isVoid: boolean | null,
  symbols: Symbols,
): Literal | boolean {
  const wanted = new Set(values.filter(isBoolean).map((value) => value.toLowerCase() === 'true'))
  if (wanted.size !== 1) return wanted.size === 2
  const wantsVoid = wanted.has(true)
  if (isVoid !== null) return isVoid === wantsVoid
  const absent = absentLiteral(spelling, symbols)
  return wantsVoid ? absent : -absent
}

const NEGATED: Readonly<Partial<Record<ParsedCondition['operator'], ParsedCondition['operator']>>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
}

function positiveOf(operator: ParsedCondition['operator']): {
  readonly positive: ParsedCondition['operator']
  readonly negated: boolean
} {
  const positive = NEGATED[operator]
  return { positive: positive ?? operator, negated: positive !== undefined }
}

const TEXT_READINGS: Readonly<Partial<Record<ParsedCondition['operator'], TextReading>>> = {
  StringEquals: { form: 'exact' },
  StringEqualsIgnoreCase: { form: 'folded' },
  StringLike: { form: 'glob' },
  ArnEquals: { form: 'arn' },
  ArnLike: { form: 'arn' },
}

const isTurnable = (form: TextReading['form'] | undefined): form is TextForm =>
  form === 'exact' || form === 'folded' || form === 'glob'

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
  comparison: Comparison,
  { open, isWide }: PredicateIn,
): readonly number[] {
  return values.flatMap((value) => {
    const date = parseDate(value)
    if (!open.includes('22') || !isYear(value)) return date === null ? [] : [date]
    const both = [date, parseDate(`${value}-01-01`)].filter((each) => each !== null)
    // One of several bounds is enough.
    if (comparison === 'equals') return isWide ? both : []
    const isLess = comparison.startsWith('less')
    return [isLess === isWide ? Math.max(...both) : Math.min(...both)]
  })
}

/** What one value must be, by an operator that isn't negated. */
function predicateOf(
  operator: ParsedCondition['operator'],
  values: readonly string[],
  within: PredicateIn,
): { readonly predicate: Predicate; readonly variables: readonly string[] } {
  const { symbols, open } = within
  const reading = TEXT_READINGS[operator]
  if (reading !== undefined) {
    const { lang, upper, lower, variables } = open.includes('20')
      ? unitedOf(
          boundedOf(values.filter(isNoArn), { form: 'glob' }, within),
          boundedOf(values, reading, within),
          symbols,
        )
      : boundedOf(values, reading, within)
    return { predicate: { kind: 'text', lang, upper, lower }, variables }
  }
  if (operator === 'Bool') {
    const lang = symbols.langs.of(values.filter(isBoolean).map(foldedGlob))
    return { predicate: { kind: 'text', lang, upper: lang, lower: lang }, variables: [] }
  }
  if (operator === 'IpAddress')
    return {
      predicate: { kind: 'address', ranges: values.map(addressOf).filter((range) => range !== null) },
      variables: [],
    }
  if (operator === 'BinaryEquals') return { predicate: { kind: 'binary', values }, variables: [] }
  const comparison = comparisonOf(operator)
  return operator.startsWith('Date')
    ? {
        predicate: {
          kind: 'date',
          comparison,
          bounds: datesOf(values, comparison, within),
        },
        variables: [],
      }
    : {
        predicate: {
          kind: 'number',
          comparison,
          bounds: values.map(parseDecimal).filter((number) => number !== null),
        },
        variables: [],
      }
}

function comparisonOf(operator: string): Comparison {
  if (operator.endsWith('LessThan')) return 'less'
  if (operator.endsWith('LessThanEquals')) return 'lessEquals'
  if (operator.endsWith('GreaterThan')) return 'greater'
  return operator.endsWith('GreaterThanEquals') ? 'greaterEquals' : 'equals'
}
