import type { ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import { mayBeEmpty } from '../../keys/key-forms.ts'
import { readPieces } from '../../program/pieces.ts'

/** A variable of a statement, with the values by which one of its patterns takes a text. */
export interface VariableValue {
  /** As the policy spells it. */
  readonly name: string
  readonly value: string
}

/**
 * What the variables of a statement's resources would have to be for it to name what is asked about.
 * @param resource ARN or `*`
 * @param resolve puts in what is known for variables
 * @see IAM User Guide, "IAM policy elements: Variables and tags": only documents of 2012-10-17 have any
 */
export function resourceVariables(
  { resource: list }: ParsedStatement,
  version: ParsedPolicy['version'],
  resource: string,
  resolve: (text: string) => string,
): readonly VariableValue[] {
  if (list === null || version !== '2012-10-17') return []
  return list.entries.flatMap((entry) => (entry.includes('${') ? valuesFor(resolve(entry), resource) : []))
}

export function valuesFor(pattern: string, text: string): readonly VariableValue[] {
  const names: string[] = []
  const source = (readPieces(pattern, { wildcards: true, variables: true }) ?? []).map((piece) => {
    switch (piece.kind) {
      case 'literal':
        return piece.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
      case 'variable':
        names.push(piece.name)
        return VALUE
      case 'star':
      case 'starInSegment':
        // A variable shall have as much as it can.
        return '.*?'
      default:
        return '.'
    }
  })
  if (names.length === 0) return []
  // Of two in a row, each may have as much as it can.
  const readings = names.length === 1 ? [VALUE] : [VALUE, '(.*?)']
  return readings.flatMap((reading) => {
    const whole = source.map((part) => (part === VALUE ? reading : part)).join('')
    const [, ...values] = new RegExp(`^${whole}$`, 'su').exec(text) ?? []
    return values.flatMap((value, index) => {
      const name = names[index] ?? ''
      return value === '' && !mayBeEmpty(name.toLowerCase()) ? [] : [{ name, value }]
    })
  })
}

const VALUE = '(.*)'

/** Keys that stand as variables in what a policy's statements are about, in lower case. */
export const variablesIn = ({ statements, version }: ParsedPolicy): readonly string[] =>
  version !== '2012-10-17'
    ? []
    : statements.flatMap(({ resource }) =>
        (resource?.entries ?? []).flatMap((entry) =>
          (entry.includes('${')
            ? (readPieces(entry, { wildcards: true, variables: true }) ?? [])
            : []
          ).flatMap((piece) => (piece.kind === 'variable' ? [piece.name.toLowerCase()] : [])),
        ),
      )
