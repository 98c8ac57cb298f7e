import type { ActionSet, ActionTable } from '../action-table.ts'
import { isTimeOfRequest } from '../key-facts.ts'
import type { PrincipalSide } from '../side.ts'
import type { PlacedStatement } from '../statement-compiler.ts'

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

/** Values by which a statement's own conditions are likely to hold. */
export const likelyContext = ({ symbolic }: PlacedStatement): ReadonlyMap<string, readonly string[]> =>
  new Map(
    symbolic.source.conditions.flatMap(({ operator, key, values: [value = ''] }) =>
      !isTimeOfRequest(key.toLowerCase()) &&
      /^(?:String(?:Equals|Like)|Arn|Bool)/.test(operator) &&
      !value.includes('$')
        ? [[key, [value.replace(/\*+/g, 'example').replaceAll('?', 'x')]] as const]
        : [],
    ),
  )

/** Values by which conditions of what is denied are likely not to hold: the region that all others are denied but for. */
export const sparingContext = (denies: readonly PlacedStatement[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    denies.flatMap(({ symbolic }) =>
      symbolic.source.conditions.flatMap(({ operator, key, values: [value = ''] }) =>
        value.includes('$') || isTimeOfRequest(key.toLowerCase())
          ? []
          : /^StringNot(?:Equals|Like)/.test(operator)
            ? [[key, [value.replace(/\*+/g, 'example').replaceAll('?', 'x')]] as const]
            : operator === 'Bool'
              ? [[key, [value.toLowerCase() === 'true' ? 'false' : 'true']] as const]
              : [],
      ),
    ),
  )
