import type { Complementable } from '../../../policy/parsed.ts'
import type { ActionTable } from '../../actions/action-table.ts'
import { endOf } from '../../entries/ended.ts'
import type { PrincipalSide } from '../../sides/side.ts'
import type { PlacedStatement } from '../../sides/statement-compiler.ts'

/** From this part of all actions on everything on, somebody may do nearly everything. */
const NEARLY_ALL = 0.8
/** Without these nobody is an administrator, whatever else they may do: by them permissions are written. */
const OF_ADMINISTRATORS: Complementable<string> = {
  negated: false,
  entries: ['iam:PutUserPolicy', 'iam:PutRolePolicy', 'iam:CreatePolicyVersion'],
}
/** Keys of single resources: what asks for them is no grant on everything. */
const OF_RESOURCES = /(?:resourcetag|requesttag)\/|:tagkeys$|:resourceaccount$/i

/**
 * Whether a side may do nearly everything that anybody of the account can: by policies of its own nearly all on any resource,
 * permissions included, or nearly all that control policies leave. Nobody comes to more than these.
 */
export const isAdministrator = ({ ways, denies }: PrincipalSide, table: ActionTable, now: Date): boolean =>
  ways.some((layers) => {
    const [own, controls] = [layers.filter(isOwn), layers.filter((layer) => !isOwn(layer))]
    const byItself = allowedBy(own, denies.filter(isOfPrincipal), isOnEverything(now), table)
    if (byItself === null) return false
    if (writesPermissions(byItself, table) && countOf(byItself) >= table.names.length * NEARLY_ALL)
      return true
    const limits = denies.filter((deny) => !isOfPrincipal(deny))
    const left = allowedBy(controls, limits, isPossible, table)
    const effective = allowedBy(layers, denies, isOnEverything(now), table)
    return (
      left !== null &&
      effective !== null &&
      writesPermissions(effective, table) &&
      countOf(effective) >= countOf(left) * NEARLY_ALL
    )
  })

/** Whether control policies keep a side from what makes an administrator elsewhere. */
export const isHeldByControls = ({ ways, denies }: PrincipalSide, table: ActionTable, now: Date): boolean =>
  !ways.some((layers) => {
    const effective = allowedBy(layers, denies, isOnEverything(now), table)
    return (
      effective !== null &&
      writesPermissions(effective, table) &&
      countOf(effective) >= table.names.length * NEARLY_ALL
    )
  })

/** Whether a side may write permissions on any resource of the account, control policies included. */
export const mayWritePermissions = (
  { ways, denies }: PrincipalSide,
  table: ActionTable,
  now: Date,
): boolean =>
  ways.some((layers) => {
    const effective = allowedBy(layers, denies, isOnEverything(now), table)
    return effective !== null && writesPermissions(effective, table)
  })

/** Actions, as bits, that all of some layers allow and nothing denies; null: there are no layers. */
function allowedBy(
  layers: readonly (readonly PlacedStatement[])[],
  denies: readonly PlacedStatement[],
  counts: (statement: PlacedStatement) => boolean,
  table: ActionTable,
): Uint32Array | null {
  const denied = bitsOf(denies.filter(isFlat), table)
  const bits = layers.reduce<Uint32Array | null>((all, layer) => {
    const own = bitsOf(layer.filter(counts), table)
    return all === null ? own : all.map((word, index) => word & (own[index] ?? 0))
  }, null)
  return bits?.map((word, index) => word & ~(denied[index] ?? 0)) ?? null
}

function writesPermissions(allowed: Uint32Array, table: ActionTable): boolean {
  const needed = table.setOf(OF_ADMINISTRATORS).bits
  return needed.every((word, index) => (word & ~(allowed[index] ?? 0)) === 0)
}

const isOfPrincipal = ({ layer }: PlacedStatement): boolean => layer !== 'scp' && layer !== 'rcp'

/** A layer without statements allows nothing, whosever it is. */
const isOwn = (layer: readonly PlacedStatement[]): boolean => layer.every(isOfPrincipal)

const isPossible = ({ symbolic }: PlacedStatement): boolean => !symbolic.never

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
