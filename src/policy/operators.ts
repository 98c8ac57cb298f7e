/** In AWS's spelling. @see IAM User Guide, "IAM JSON policy elements: Condition operators" */
export const CONDITION_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Null',
] as const

export type ConditionOperator = (typeof CONDITION_OPERATORS)[number]

/** How a string is compared: as it is, ignoring case, or with wildcards. */
export type StringForm = 'exact' | 'folded' | 'glob'

export type OperatorComparison = 'equals' | 'less' | 'lessEquals' | 'greater' | 'greaterEquals'

/**
 * What an operator tests. `reads`: what its values are; `negated`: it holds where the test doesn't, and where the key is
 * absent.
 */
export type OperatorMeaning =
  | {
      readonly family: 'string'
      readonly form: StringForm
      readonly negated: boolean
      readonly reads: 'string'
    }
  /** Segment by segment, with wildcards. */
  | { readonly family: 'arn'; readonly form: 'arn'; readonly negated: boolean; readonly reads: 'arn' }
  | {
      readonly family: 'number'
      readonly comparison: OperatorComparison
      readonly negated: boolean
      readonly reads: 'number'
    }
  | {
      readonly family: 'date'
      readonly comparison: OperatorComparison
      readonly negated: boolean
      readonly reads: 'date'
    }
  | { readonly family: 'boolean'; readonly negated: false; readonly reads: 'boolean' }
  | { readonly family: 'binary'; readonly negated: false; readonly reads: 'binary' }
  | { readonly family: 'address'; readonly negated: boolean; readonly reads: 'address' }
  /** Whether the key is absent. Takes no `IfExists`. */
  | { readonly family: 'presence'; readonly negated: false; readonly reads: 'boolean' }

/** What the values of an operator are. `string` and `arn` values take variables. */
export type ValueKind = OperatorMeaning['reads']

const string = (form: StringForm, negated = false): OperatorMeaning => ({
  family: 'string',
  form,
  negated,
  reads: 'string',
})
const number = (comparison: OperatorComparison, negated = false): OperatorMeaning => ({
  family: 'number',
  comparison,
  negated,
  reads: 'number',
})
const date = (comparison: OperatorComparison, negated = false): OperatorMeaning => ({
  family: 'date',
  comparison,
  negated,
  reads: 'date',
})
const address = (negated: boolean): OperatorMeaning => ({ family: 'address', negated, reads: 'address' })
const arn = (negated: boolean): OperatorMeaning => ({ family: 'arn', form: 'arn', negated, reads: 'arn' })

/**
 * What each operator means, for whoever reads, decides, proves or shows conditions. Nothing else is told by an operator's
 * spelling: a new one is a row here, and the compiler names each place that a new family or comparison concerns.
 * @see IAM User Guide, "IAM JSON policy elements: Condition operators"
 */
export const OPERATORS: Readonly<Record<ConditionOperator, OperatorMeaning>> = {
  StringEquals: string('exact'),
  StringNotEquals: string('exact', true),
  StringEqualsIgnoreCase: string('folded'),
  StringNotEqualsIgnoreCase: string('folded', true),
  StringLike: string('glob'),
  StringNotLike: string('glob', true),
  NumericEquals: number('equals'),
  NumericNotEquals: number('equals', true),
  NumericLessThan: number('less'),
  NumericLessThanEquals: number('lessEquals'),
  NumericGreaterThan: number('greater'),
  NumericGreaterThanEquals: number('greaterEquals'),
  DateEquals: date('equals'),
  DateNotEquals: date('equals', true),
  DateLessThan: date('less'),
  DateLessThanEquals: date('lessEquals'),
  DateGreaterThan: date('greater'),
  DateGreaterThanEquals: date('greaterEquals'),
  Bool: { family: 'boolean', negated: false, reads: 'boolean' },
  BinaryEquals: { family: 'binary', negated: false, reads: 'binary' },
  IpAddress: address(false),
  NotIpAddress: address(true),
  // Equals and Like are the same for ARNs: both take wildcards.
  ArnEquals: arn(false),
  ArnLike: arn(false),
  ArnNotEquals: arn(true),
  ArnNotLike: arn(true),
  Null: { family: 'presence', negated: false, reads: 'boolean' },
}
