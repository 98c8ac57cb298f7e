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
} from './wire'

// What conditions are decided by, as sets of operators: bit n for the operator with the number n. What is in none of them
// is malformed when a program is loaded, so that no operator is ever taken for another one.

/** Whose values are patterns. */
const PATTERNS: u32 = (1 << OPERATOR_STRING) | (1 << OPERATOR_ARN)

export const NUMBERS: u32 =
  (1 << OPERATOR_NUMBER_EQUALS) |
  (1 << OPERATOR_NUMBER_LESS) |
  (1 << OPERATOR_NUMBER_LESS_EQUALS) |
  (1 << OPERATOR_NUMBER_GREATER) |
  (1 << OPERATOR_NUMBER_GREATER_EQUALS)

export const DATES: u32 =
  (1 << OPERATOR_DATE_EQUALS) |
  (1 << OPERATOR_DATE_LESS) |
  (1 << OPERATOR_DATE_LESS_EQUALS) |
  (1 << OPERATOR_DATE_GREATER) |
  (1 << OPERATOR_DATE_GREATER_EQUALS)

/** That hold where the request's value is less than the policy's; so with the next two. */
const TAKE_LESS: u32 =
  (1 << OPERATOR_NUMBER_LESS) |
  (1 << OPERATOR_NUMBER_LESS_EQUALS) |
  (1 << OPERATOR_DATE_LESS) |
  (1 << OPERATOR_DATE_LESS_EQUALS)

const TAKE_EQUAL: u32 =
  (1 << OPERATOR_NUMBER_EQUALS) |
  (1 << OPERATOR_NUMBER_LESS_EQUALS) |
  (1 << OPERATOR_NUMBER_GREATER_EQUALS) |
  (1 << OPERATOR_DATE_EQUALS) |
  (1 << OPERATOR_DATE_LESS_EQUALS) |
  (1 << OPERATOR_DATE_GREATER_EQUALS)

const TAKE_GREATER: u32 =
  (1 << OPERATOR_NUMBER_GREATER) |
  (1 << OPERATOR_NUMBER_GREATER_EQUALS) |
  (1 << OPERATOR_DATE_GREATER) |
  (1 << OPERATOR_DATE_GREATER_EQUALS)

const KNOWN: u32 =
  PATTERNS |
  ((NUMBERS | DATES) & (TAKE_LESS | TAKE_EQUAL | TAKE_GREATER)) |
  (1 << OPERATOR_BOOL) |
  (1 << OPERATOR_BINARY) |
  (1 << OPERATOR_ADDRESS) |
  (1 << OPERATOR_NULL)

/** @param operator of a program that was loaded: below 32 */
export function isIn(operators: u32, operator: u32): bool {
  return ((operators >> operator) & 1) !== 0
}

/** Of any number. */
export function isKnown(operator: u32): bool {
  return operator < 32 && isIn(KNOWN, operator)
}

export function takesPatterns(operator: u32): bool {
  return isIn(PATTERNS, operator)
}

/** @param order of the request's value and the policy's: below 0, 0, above 0 */
export function takesOrder(operator: u32, order: i32): bool {
  return isIn(order < 0 ? TAKE_LESS : order === 0 ? TAKE_EQUAL : TAKE_GREATER, operator)
}
