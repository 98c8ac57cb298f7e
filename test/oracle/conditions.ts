import { listOf, type Statement } from './case.ts'
import { arnGlobMatches, type Context, colonsOf, globMatches, tokensOf } from './patterns.ts'
import { addressInRange, booleanOf, compareDates, compareNumbers, sameBytes } from './values.ts'

/** Whether one value of a policy takes one value of a request, by the operator without its negation. */
function takes(operator: string, wanted: string, given: string, version: string, context: Context): boolean {
  const order = (
    compare: (a: string, b: string) => number | null,
    test: (order: number) => boolean,
  ): boolean => {
    const result = compare(given, wanted)
    return result !== null && test(result)
  }
  const literal = (): string | null => {
    const tokens = tokensOf(wanted, version, context)
    return tokens === null ? null : tokens.map(({ character }) => character).join('')
  }
  switch (operator) {
    case 'stringequals':
      return literal() === given
    case 'stringequalsignorecase': {
      const text = literal()
      return text !== null && text.toUpperCase().toLowerCase() === given.toUpperCase().toLowerCase()
    }
    case 'stringlike': {
      const tokens = tokensOf(wanted, version, context)
      return tokens !== null && globMatches(tokens, given)
    }
    case 'arnequals':
    case 'arnlike': {
      const tokens = tokensOf(wanted, version, context)
      if (tokens === null || colonsOf(tokens, true) < 5 || !/^arn:(?:[^:]*:){4}/.test(given)) return false
      return arnGlobMatches(tokens, { crossing: false, variablesCount: true }, given)
    }
    case 'numericequals':
      return order(compareNumbers, (result) => result === 0)
    case 'numericlessthan':
      return order(compareNumbers, (result) => result < 0)
    case 'numericlessthanequals':
      return order(compareNumbers, (result) => result <= 0)
    case 'numericgreaterthan':
      return order(compareNumbers, (result) => result > 0)
    case 'numericgreaterthanequals':
      return order(compareNumbers, (result) => result >= 0)
    case 'dateequals':
      return order(compareDates, (result) => result === 0)
    case 'datelessthan':
      return order(compareDates, (result) => result < 0)
    case 'datelessthanequals':
      return order(compareDates, (result) => result <= 0)
    case 'dategreaterthan':
      return order(compareDates, (result) => result > 0)
    case 'dategreaterthanequals':
      return order(compareDates, (result) => result >= 0)
    case 'bool':
      return booleanOf(given) !== null && booleanOf(given) === booleanOf(wanted)
    case 'binaryequals':
      return sameBytes(wanted, given)
    case 'ipaddress':
      return addressInRange(given, wanted)
    default:
      throw new Error(`unknown operator ${operator}`)
  }
}

const POSITIVE: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
  numericnotequals: 'numericequals',
  datenotequals: 'dateequals',
  notipaddress: 'ipaddress',
}

function conditionHolds(
  spelling: string,
  key: string,
  wanted: readonly string[],
  version: string,
  context: Context,
  denies: boolean,
): boolean {
  const [, set = '', name = ''] = /^(?:(forallvalues|foranyvalue):)?(.*)$/.exec(spelling.toLowerCase()) ?? []
  const ifExists = name.endsWith('ifexists')
  const operator = ifExists ? name.slice(0, -'ifexists'.length) : name
  const given = context.get(key.toLowerCase())
  const isVoid = given === undefined || given.length === 0 || (given.length === 1 && given[0] === '')
  if (operator === 'null') {
    if (set !== '') return set === 'forallvalues'
    return wanted.some((value) => booleanOf(value) === isVoid)
  }
  if (wanted.length === 0) {
    if (set === 'foranyvalue') return false
    return (set === 'forallvalues' || ifExists) && given === undefined
  }
  const positive = POSITIVE[operator] ?? operator
  const negated = positive !== operator
  const passes = (value: string): boolean =>
    wanted.some((one) => takes(positive, one, value, version, context)) !== negated
  if (set === 'forallvalues') return isVoid || given.every(passes)
  if (set === 'foranyvalue') return isVoid ? ifExists && denies : given.some(passes)
  if (given === undefined) return ifExists || negated
  if (given.length > 1) return denies
  const [value] = given
  return value === undefined ? negated || (ifExists && denies) : passes(value)
}

export function conditionsHold(statement: Statement, version: string, context: Context): boolean {
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      conditionHolds(
        operator,
        key,
        listOf(values).map(String),
        version,
        context,
        statement.Effect === 'Deny',
      ),
    ),
  )
}
