import {
  OPERATOR_ADDRESS,
  OPERATOR_ARN,
  OPERATOR_BINARY,
  OPERATOR_BOOL,
  OPERATOR_DATE_EQUALS,
  OPERATOR_DATE_GREATER,
  OPERATOR_DATE_GREATER_EQUALS,
  OPERATOR_DATE_LESS,
  OPERATOR_DATE_LESS_EQUALS,
  OPERATOR_NULL,
  OPERATOR_NUMBER_EQUALS,
  OPERATOR_NUMBER_GREATER,
  OPERATOR_NUMBER_GREATER_EQUALS,
  OPERATOR_NUMBER_LESS,
  OPERATOR_NUMBER_LESS_EQUALS,
  OPERATOR_STRING,
} from '../../../assembly/wire.ts'
import type { OperatorComparison, OperatorMeaning } from '../../policy/operators.ts'

const NUMBERS: Readonly<Record<OperatorComparison, number>> = {
  equals: OPERATOR_NUMBER_EQUALS,
  less: OPERATOR_NUMBER_LESS,
  lessEquals: OPERATOR_NUMBER_LESS_EQUALS,
  greater: OPERATOR_NUMBER_GREATER,
  greaterEquals: OPERATOR_NUMBER_GREATER_EQUALS,
}

const DATES: Readonly<Record<OperatorComparison, number>> = {
  equals: OPERATOR_DATE_EQUALS,
  less: OPERATOR_DATE_LESS,
  lessEquals: OPERATOR_DATE_LESS_EQUALS,
  greater: OPERATOR_DATE_GREATER,
  greaterEquals: OPERATOR_DATE_GREATER_EQUALS,
}

/** An operator's test by the module's number; negation is a flag, and forms of strings are in the patterns. */
export function operatorNumber(meaning: OperatorMeaning): number {
  switch (meaning.family) {
    case 'string':
      return OPERATOR_STRING
    case 'arn':
      return OPERATOR_ARN
    case 'number':
      return NUMBERS[meaning.comparison]
    case 'date':
      return DATES[meaning.comparison]
    case 'boolean':
      return OPERATOR_BOOL
    case 'binary':
      return OPERATOR_BINARY
    case 'address':
      return OPERATOR_ADDRESS
    case 'presence':
      return OPERATOR_NULL
  }
}
