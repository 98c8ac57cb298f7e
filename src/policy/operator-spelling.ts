import { nearest } from '../diagnostics/suggest.ts'
import { CONDITION_OPERATORS, type ConditionOperator, OPERATORS } from './operators.ts'
import type { ParsedCondition } from './parsed.ts'

export type OperatorSpelling = Pick<ParsedCondition, 'operator' | 'quantifier' | 'ifExists'>

/** As a policy writes it: `ForAnyValue:StringLikeIfExists`. */
export const operatorText = ({ operator, quantifier, ifExists }: OperatorSpelling): string =>
  `${quantifier === null ? '' : `${quantifier}:`}${operator}${ifExists ? 'IfExists' : ''}`

// `NullIfExists` would always be true of one of its two values, and AWS refuses it.
const takesIfExists = (operator: ConditionOperator): boolean => OPERATORS[operator].family !== 'presence'

/** Every operator with all that may stand about it, in AWS's spelling and in lower case. */
const SPELLINGS: ReadonlyMap<string, OperatorSpelling> = new Map(
  CONDITION_OPERATORS.flatMap((operator) =>
    ([null, 'ForAllValues', 'ForAnyValue'] as const).flatMap((quantifier) =>
      (takesIfExists(operator) ? [false, true] : [false]).flatMap((ifExists) => {
        const spelling = { operator, quantifier, ifExists }
        const name = operatorText(spelling)
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
