// Conditions, compiled once: the operator as a number, the policy's values parsed.
import { arnPattern, matches, textPattern } from './patterns.mjs'
import { addressOf, dateOf, numberOf, rangeOf } from './values.mjs'

const OPERATORS = {
  String: 0,
  StringIgnoringCase: 1,
  Arn: 2,
  NumberEquals: 3,
  NumberLess: 4,
  NumberLessEquals: 5,
  NumberGreater: 6,
  NumberGreaterEquals: 7,
  Address: 8,
  Bool: 9,
  Null: 10,
}
const {
  String: STRING,
  StringIgnoringCase: FOLDED,
  Arn: ARN,
  Address: ADDRESS,
  Bool: BOOL,
  Null: NULL,
} = OPERATORS

const ORDERS = {
  Equals: OPERATORS.NumberEquals,
  LessThan: OPERATORS.NumberLess,
  LessThanEquals: OPERATORS.NumberLessEquals,
  GreaterThan: OPERATORS.NumberGreater,
  GreaterThanEquals: OPERATORS.NumberGreaterEquals,
}

/** What an operator is without its negation, and how a value of the policy and one of a request are read for it. */
function readOperator(name, reading) {
  const operator = name.replace('Not', '')
  const [, family, order] = /^(Numeric|Date)(.*)$/.exec(operator) ?? []
  if (family !== undefined) {
    const parse = family === 'Date' ? dateOf : numberOf
    return { code: ORDERS[order], parse, compile: parse }
  }
  const asIs = (text) => text
  switch (operator) {
    case 'StringEquals':
      return {
        code: STRING,
        parse: asIs,
        compile: (text) => textPattern(text, { ...reading, wildcards: false }),
      }
    case 'StringLike':
      return {
        code: STRING,
        parse: asIs,
        compile: (text) => textPattern(text, { ...reading, wildcards: true }),
      }
    case 'StringEqualsIgnoreCase':
      return { code: FOLDED, parse: (text) => text.toLowerCase(), compile: (text) => text.toLowerCase() }
    case 'ArnEquals':
    case 'ArnLike':
      return { code: ARN, parse: asIs, compile: (text) => arnPattern(text, reading) }
    case 'IpAddress':
      return { code: ADDRESS, parse: addressOf, compile: rangeOf }
    case 'Bool':
      return { code: BOOL, parse: (text) => text.toLowerCase(), compile: (text) => text.toLowerCase() }
    case 'Null':
      return { code: NULL, parse: asIs, compile: (text) => text.toLowerCase() === 'true' }
    default:
      throw new Error(`this evaluator doesn't know ${name}`)
  }
}

class Condition {
  constructor({ operator, key, quantifier, ifExists, values }, denies, reading) {
    const { code, parse, compile } = readOperator(operator, reading)
    this.code = code
    this.key = reading.keyNumber(key)
    this.negated = operator.includes('Not')
    this.forAll = quantifier === 'ForAllValues'
    this.forAny = quantifier === 'ForAnyValue'
    this.ifExists = ifExists
    this.denies = denies
    this.parse = parse
    this.values = values.map(compile)
    /** Keys of the variables in its values. */
    this.variables = this.values.flatMap(
      (value) => value?.parts?.flatMap(({ key }) => (key < 0 ? [] : [key])) ?? [],
    )
  }
}

export const compileCondition = (condition, denies, reading) => new Condition(condition, denies, reading)

/** @param given the request's values of the condition's key; null: it hasn't got the key */
export function conditionHolds(condition, given, variableOf) {
  if (condition.code === NULL) {
    if (condition.forAll || condition.forAny) return condition.forAll
    return condition.values.includes(given === null || isVoid(given))
  }
  if (given === null)
    return condition.forAny
      ? anyOfNone(condition)
      : condition.forAll || condition.ifExists || condition.negated
  if (condition.forAll || condition.forAny) {
    if (isVoid(given)) return condition.forAll || anyOfNone(condition)
    for (let place = 0; place < given.length; place++) {
      const passes = takes(condition, given[place], variableOf) !== condition.negated
      if (passes !== condition.forAll) return passes
    }
    return condition.forAll
  }
  if (given.length === 0) return condition.negated
  if (given.length > 1) return condition.denies
  return takes(condition, given[0], variableOf) !== condition.negated
}

/** With `IfExists`, `ForAnyValue` finds nothing in an Allow; of a Deny that is not documented. */
const anyOfNone = ({ ifExists, denies }) => ifExists && denies

const isVoid = (given) => given.length === 0 || (given.length === 1 && given[0] === '')

function takes({ code, values, parse }, text, variableOf) {
  if (code === ARN && !/^arn:(?:[^:]*:){4}/.test(text)) return false
  const given = parse(text)
  if (given === null) return false
  for (let place = 0; place < values.length; place++)
    if (values[place] !== null && takesOne(code, values[place], given, variableOf)) return true
  return false
}

function takesOne(code, wanted, given, variableOf) {
  switch (code) {
    case STRING:
    case ARN:
      return matches(wanted, given, variableOf)
    case ADDRESS:
      return (given & wanted.mask) === wanted.network
    case OPERATORS.NumberLess:
      return given < wanted
    case OPERATORS.NumberLessEquals:
      return given <= wanted
    case OPERATORS.NumberGreater:
      return given > wanted
    case OPERATORS.NumberGreaterEquals:
      return given >= wanted
    default:
      return given === wanted
  }
}
