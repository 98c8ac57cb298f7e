import { nearest } from '../diagnostics/suggest.ts'
import { CONDITION_OPERATORS, type ConditionOperator, type ParsedCondition } from './parsed.ts'

/** What the values of an operator are. `string` and `arn` values take variables. */
export type ValueKind = 'string' | 'arn' | 'number' | 'date' | 'boolean' | 'binary' | 'address'

export interface OperatorSpelling extends Pick<ParsedCondition, 'operator' | 'quantifier' | 'ifExists'> {
  readonly values: ValueKind
}

function valueKindOf(operator: ConditionOperator): ValueKind {
  if (operator.startsWith('String')) return 'string'
  if (operator.startsWith('Arn')) return 'arn'
  if (operator.startsWith('Numeric')) return 'number'
  if (operator.startsWith('Date')) return 'date'
  if (operator.endsWith('IpAddress')) return 'address'
  return operator === 'BinaryEquals' ? 'binary' : 'boolean'
}

/** Every operator with all that may stand about it, in AWS's spelling and in lower case. */
const SPELLINGS: ReadonlyMap<string, OperatorSpelling> = new Map(
  CONDITION_OPERATORS.flatMap((operator) =>
    ([null, 'ForAllValues', 'ForAnyValue'] as const).flatMap((quantifier) =>
      // `NullIfExists` would always be true of one of its two values, and AWS refuses it.
      (operator === 'Null' ? [false] : [false, true]).flatMap((ifExists) => {
        const name = `${quantifier === null ? '' : `${quantifier}:`}${operator}${ifExists ? 'IfExists' : ''}`
        const spelling = { operator, quantifier, ifExists, values: valueKindOf(operator) }
        return [
          [name, spelling],
          [name.toLowerCase(), spelling],
        ] as const
      }),
    ),
  ),
)

/** Case is ignored. @returns null for what is no operator */
export const parseOperator = (text: string): OperatorSpelling | null =>
  SPELLINGS.get(text) ?? SPELLINGS.get(text.toLowerCase()) ?? null

export const isNullIfExists = (text: string): boolean =>
  /^(?:for(?:all|any)values?:)?nullifexists$/i.test(text)

/** The operator that was meant, with the quantifier and `IfExists` kept. */
export function nearestOperator(text: string): string | null {
  const [, quantifier = '', name = '', ifExists = ''] = /^(?:([^:]*):)?(.*?)(IfExists)?$/i.exec(text) ?? []
  const operator = CONDITION_OPERATORS.find((known) => known === name) ?? nearest(name, CONDITION_OPERATORS)
  if (operator === null) return null
  if (quantifier === '') return `${operator}${ifExists}`
  const known = ['ForAllValues', 'ForAnyValue']
  const meant = known.find((word) => word === quantifier) ?? nearest(quantifier, known)
  return meant === null ? null : `${meant}:${operator}${ifExists}`
}
