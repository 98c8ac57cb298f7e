import type { ConditionsText } from '../evaluator/estate/who-can.ts'
import { printable } from './paint.ts'

/** Values of a condition that are shown before the rest is only counted. */
const MOST_VALUES = 3

/** How an operator reads between key and values. Those with `Not` are theirs with `not` before it. */
const RELATIONS: Readonly<Record<string, string>> = {
  StringEquals: '=',
  StringNotEquals: 'not =',
  StringEqualsIgnoreCase: '= (any case)',
  StringNotEqualsIgnoreCase: 'not = (any case)',
  StringLike: 'like',
  StringNotLike: 'not like',
  NumericEquals: '=',
  NumericNotEquals: 'not =',
  NumericLessThan: '<',
  NumericLessThanEquals: '<=',
  NumericGreaterThan: '>',
  NumericGreaterThanEquals: '>=',
  DateEquals: '=',
  DateNotEquals: 'not =',
  DateLessThan: 'before',
  DateLessThanEquals: 'until',
  DateGreaterThan: 'after',
  DateGreaterThanEquals: 'from',
  Bool: '=',
  BinaryEquals: '=',
  IpAddress: 'in',
  NotIpAddress: 'not in',
  // Wildcards work in both.
  ArnEquals: 'like',
  ArnLike: 'like',
  ArnNotEquals: 'not like',
  ArnNotLike: 'not like',
}

const RELATION_OF = new Map(Object.entries(RELATIONS).map(([name, text]) => [name.toLowerCase(), text]))

const SETS: Readonly<Record<string, string>> = { forallvalues: 'every', foranyvalue: 'any' }

/** All conditions of a statement on one line, as `key = value and …`; empty for none. */
export const conditionsText = (conditions: ConditionsText): string =>
  Object.entries(conditions)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => conditionText(operator, key, values)),
    )
    .join(' and ')

function conditionText(operator: string, key: string, values: readonly string[]): string {
  const [, set = '', name = '', ifExists] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase()) ?? []
  const quantified = set === '' ? printable(key) : `${SETS[set]} ${printable(key)}`
  if (name === 'null') {
    const absent = values.map((value) => value.toLowerCase())
    return `${quantified} ${absent.every((value) => value === 'true') ? 'absent' : absent.every((value) => value === 'false') ? 'present' : 'absent or present'}`
  }
  const relation = RELATION_OF.get(name) ?? printable(operator)
  return `${quantified} ${relation} ${valuesText(values)}${ifExists === undefined ? '' : ' (if present)'}`
}

function valuesText(values: readonly string[]): string {
  if (values.length === 0) return 'nothing'
  const shown = values.slice(0, MOST_VALUES).map((value) => (value === '' ? '""' : printable(value)))
  const more = values.length - shown.length
  return more > 0 ? `${shown.join(' or ')} or ${more} more` : shown.join(' or ')
}
