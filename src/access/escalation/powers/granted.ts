import { OPERATORS, type OperatorMeaning } from '../../../policy/operators.ts'
import type { ActionSet } from '../../actions/action-set.ts'
import type { ActionTable } from '../../actions/action-table.ts'
import { isTimeOfRequest } from '../../key-facts.ts'
import type { PrincipalSide } from '../../sides/side.ts'
import type { PlacedStatement } from '../../sides/statement-compiler.ts'

/**
 * Those of some actions that a statement grants on anything at all, that no layer leaves out as a whole, and that nothing denies
 * whatever the request. Of the others nothing needs to be asked.
 */
export function grantedBy(sides: readonly PrincipalSide[], wanted: ActionSet, table: ActionTable): ActionSet {
  const bits = new Uint32Array(wanted.bits.length)
  for (const { ways, denies } of sides) {
    const denied = table.unionOf(denies.filter(isFlat).map(({ actions }) => actions))
    for (const layers of ways) {
      const unions = layers.map((layer) => table.unionOf(layer.map(({ actions }) => actions)))
      for (let word = 0; word < bits.length; word++) {
        let allowed = wanted.bits[word] ?? 0
        for (const union of unions) allowed &= union?.[word] ?? 0
        bits[word] = (bits[word] ?? 0) | (allowed & ~(denied?.[word] ?? 0))
      }
    }
  }
  return { ...wanted, bits }
}

/** Of any request. */
const isFlat = ({ symbolic }: PlacedStatement): boolean => symbolic.literals.length === 0 && !symbolic.never

/** Some text that a value of a policy matches. */
const exampleOf = (value: string): string => value.replace(/\*+/g, 'example').replaceAll('?', 'x')

/** A value by which an operator's test is met; null: it isn't tried, or it is negated. */
function meeting({ family, negated }: OperatorMeaning, value: string): string | null {
  if (negated) return null
  switch (family) {
    case 'string':
    case 'arn':
    case 'boolean':
      return exampleOf(value)
    case 'number':
    case 'date':
    case 'binary':
    case 'address':
    case 'presence':
      return null
  }
}

/** A value by which a condition isn't met; null: it isn't tried. */
function missing({ family, negated }: OperatorMeaning, value: string): string | null {
  switch (family) {
    case 'string':
      return negated ? exampleOf(value) : null
    case 'boolean':
      return value.toLowerCase() === 'true' ? 'false' : 'true'
    case 'arn':
    case 'number':
    case 'date':
    case 'binary':
    case 'address':
    case 'presence':
      return null
  }
}

/** Values by which a statement's own conditions are likely to hold. */
export const likelyContext = (statement: PlacedStatement): ReadonlyMap<string, readonly string[]> =>
  contextOf([statement], meeting)

/** Values by which conditions of what is denied are likely not to hold: the region that all others are denied but for. */
export const sparingContext = (denies: readonly PlacedStatement[]): ReadonlyMap<string, readonly string[]> =>
  contextOf(denies, missing)

const contextOf = (
  statements: readonly PlacedStatement[],
  valueFor: (meaning: OperatorMeaning, value: string) => string | null,
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    statements.flatMap(({ symbolic }) =>
      symbolic.source.conditions.flatMap(({ operator, key, values: [value = ''] }) => {
        if (value.includes('$') || isTimeOfRequest(key.toLowerCase())) return []
        const tried = valueFor(OPERATORS[operator], value)
        return tried === null ? [] : [[key, [tried]] as const]
      }),
    ),
  )
