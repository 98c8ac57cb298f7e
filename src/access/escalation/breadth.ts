import type { Complementable } from '../../policy/parsed.ts'
import type { ActionTable } from '../action-table.ts'
import { endOf } from '../ended.ts'
import type { PrincipalSide } from '../side.ts'
import type { PlacedStatement } from '../statement-compiler.ts'

/** From this part of all actions on everything on, somebody may do nearly everything. */
const NEARLY_ALL = 0.8
/** Without these nobody is an administrator, whatever else they may do: by them permissions are written. */
const OF_ADMINISTRATORS: Complementable<string> = {
  negated: false,
  entries: ['iam:PutUserPolicy', 'iam:PutRolePolicy', 'iam:CreatePolicyVersion'],
}
/** Keys of single resources: what asks for them is no grant on everything. */
const OF_RESOURCES = /(?:resourcetag|requesttag)\/|:tagkeys$|:resourceaccount$/i

/** Whether a side may do nearly everything on any resource of the account, permissions included. */
export function isAdministrator({ ways, denies }: PrincipalSide, table: ActionTable, now: Date): boolean {
  const denied = bitsOf(denies.filter(isFlat), table)
  return ways.some((layers) => {
    const bits = layers.reduce<Uint32Array | null>((all, layer) => {
      const own = bitsOf(layer.filter(isOnEverything(now)), table)
      return all === null ? own : all.map((word, index) => word & (own[index] ?? 0))
    }, null)
    if (bits === null) return false
    const left = bits.map((word, index) => word & ~(denied[index] ?? 0))
    const needed = table.setOf(OF_ADMINISTRATORS).bits
    return (
      needed.every((word, index) => (word & ~(left[index] ?? 0)) === 0) &&
      countOf(left) >= table.names.length * NEARLY_ALL
    )
  })
}

function bitsOf(statements: readonly PlacedStatement[], table: ActionTable): Uint32Array {
  const union = table.unionOf(statements.map(({ actions }) => actions))
  return union ?? new Uint32Array(Math.ceil(table.names.length / 32))
}

/** On every resource, perhaps only in some contexts, and not in the past alone. */
const isOnEverything =
  (now: Date) =>
  ({ symbolic }: PlacedStatement): boolean =>
    !symbolic.never &&
    symbolic.resource === null &&
    symbolic.source.conditions.every(({ key }) => !OF_RESOURCES.test(key)) &&
    endOf(symbolic.source.conditions, now) === null

/** On every resource, in any context. */
const isFlat = ({ symbolic }: PlacedStatement): boolean => !symbolic.never && symbolic.literals.length === 0

function countOf(bits: Uint32Array): number {
  let count = 0
  for (const word of bits) for (let rest = word; rest !== 0; rest &= rest - 1) count++
  return count
}
