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
import type { ConditionOperator } from '../../policy/parsed.ts'

export interface OperatorCode {
  readonly code: number
  readonly negated: boolean
  /** How its values are patterns, or null: they are texts that the module parses. */
  readonly values: 'exact' | 'folded' | 'glob' | 'arn' | null
}

const operator = (code: number, negated = false, values: OperatorCode['values'] = null): OperatorCode => ({
  code,
  negated,
  values,
})

/** Each of IAM's operators in the module's words. @see IAM User Guide, "Condition operators" */
export const OPERATOR_CODES: Readonly<Record<ConditionOperator, OperatorCode>> = {
  StringEquals: operator(OPERATOR_STRING, false, 'exact'),
  StringNotEquals: operator(OPERATOR_STRING, true, 'exact'),
  StringEqualsIgnoreCase: operator(OPERATOR_STRING, false, 'folded'),
  StringNotEqualsIgnoreCase: operator(OPERATOR_STRING, true, 'folded'),
  StringLike: operator(OPERATOR_STRING, false, 'glob'),
  StringNotLike: operator(OPERATOR_STRING, true, 'glob'),
  NumericEquals: operator(OPERATOR_NUMBER_EQUALS),
  NumericNotEquals: operator(OPERATOR_NUMBER_EQUALS, true),
  NumericLessThan: operator(OPERATOR_NUMBER_LESS),
  NumericLessThanEquals: operator(OPERATOR_NUMBER_LESS_EQUALS),
  NumericGreaterThan: operator(OPERATOR_NUMBER_GREATER),
  NumericGreaterThanEquals: operator(OPERATOR_NUMBER_GREATER_EQUALS),
  DateEquals: operator(OPERATOR_DATE_EQUALS),
  DateNotEquals: operator(OPERATOR_DATE_EQUALS, true),
  DateLessThan: operator(OPERATOR_DATE_LESS),
  DateLessThanEquals: operator(OPERATOR_DATE_LESS_EQUALS),
  DateGreaterThan: operator(OPERATOR_DATE_GREATER),
  DateGreaterThanEquals: operator(OPERATOR_DATE_GREATER_EQUALS),
  Bool: operator(OPERATOR_BOOL),
  BinaryEquals: operator(OPERATOR_BINARY),
  IpAddress: operator(OPERATOR_ADDRESS),
  NotIpAddress: operator(OPERATOR_ADDRESS, true),
  // Equals and Like are the same for ARNs: both take wildcards.
  ArnEquals: operator(OPERATOR_ARN, false, 'arn'),
  ArnLike: operator(OPERATOR_ARN, false, 'arn'),
  ArnNotEquals: operator(OPERATOR_ARN, true, 'arn'),
  ArnNotLike: operator(OPERATOR_ARN, true, 'arn'),
  Null: operator(OPERATOR_NULL),
}
