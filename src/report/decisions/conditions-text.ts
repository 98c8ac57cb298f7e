import type { ConditionsText } from '../../evaluator/estate/who-can.ts'
import { parseOperator } from '../../policy/operator-spelling.ts'
import {
  OPERATORS,
  type OperatorComparison,
  type OperatorMeaning,
  type StringForm,
} from '../../policy/operators.ts'
import { printable } from '../layout/paint.ts'

/** Values of a condition that are shown before the rest is only counted. */
const MOST_VALUES = 3

const NUMBERS: Readonly<Record<OperatorComparison, string>> = {
  equals: '=',
  less: '<',
  lessEquals: '<=',
  greater: '>',
  greaterEquals: '>=',
}

const DATES: Readonly<Record<OperatorComparison, string>> = {
  equals: '=',
  less: 'before',
  lessEquals: 'until',
  greater: 'after',
  greaterEquals: 'from',
}

const FORMS: Readonly<Record<StringForm, string>> = { exact: '=', folded: '= (any case)', glob: 'like' }

/** How an operator reads between key and values, its negation aside. */
function relationOf(meaning: Exclude<OperatorMeaning, { readonly family: 'presence' }>): string {
  switch (meaning.family) {
    case 'string':
      return FORMS[meaning.form]
    // Wildcards work in all of them.
    case 'arn':
      return 'like'
    case 'number':
      return NUMBERS[meaning.comparison]
    case 'date':
      return DATES[meaning.comparison]
    case 'boolean':
    case 'binary':
      return '='
    case 'address':
      return 'in'
  }
}

const SETS = { ForAllValues: 'every ', ForAnyValue: 'any ' } as const

/** All conditions of a statement on one line, as `key = value and …`; empty for none. */
export const conditionsText = (conditions: ConditionsText): string =>
  Object.entries(conditions)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => conditionText(operator, key, values)),
    )
    .join(' and ')

function conditionText(operator: string, key: string, values: readonly string[]): string {
  const spelling = parseOperator(operator)
  if (spelling === null) return `${printable(key)} ${printable(operator)} ${valuesText(values)}`
  const { quantifier, ifExists } = spelling
  const meaning = OPERATORS[spelling.operator]
  const quantified = `${quantifier === null ? '' : SETS[quantifier]}${printable(key)}`
  if (meaning.family === 'presence') {
    const absent = values.map((value) => value.toLowerCase())
    return `${quantified} ${absent.every((value) => value === 'true') ? 'absent' : absent.every((value) => value === 'false') ? 'present' : 'absent or present'}`
  }
  const relation = `${meaning.negated ? 'not ' : ''}${relationOf(meaning)}`
  return `${quantified} ${relation} ${valuesText(values)}${ifExists ? ' (if present)' : ''}`
}

function valuesText(values: readonly string[]): string {
  if (values.length === 0) return 'nothing'
  const shown = values.slice(0, MOST_VALUES).map((value) => (value === '' ? '""' : printable(value)))
  const more = values.length - shown.length
  return more > 0 ? `${shown.join(' or ')} or ${more} more` : shown.join(' or ')
}
