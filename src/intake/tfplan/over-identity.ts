import type { IdentityState, StateDocument } from '../../model/index.ts'
import { HELD_ELSEWHERE, type Holding, isSetRole, stateOfHolding } from './holdings.ts'
import { grantKey } from './plan-context.ts'

/** How an identity of an export changes by what a plan says of it. */
interface Spoken {
  /** On the side that is asked for. */
  readonly holding: Holding
  /** On the other side; undefined: that one says nothing of it. */
  readonly other: Holding | undefined
  /** What resources of their own give on the other side: keys of `grantKey`. */
  readonly separate: ReadonlySet<string>
  /** How the identity is called in those keys. */
  readonly key: string
  /** Whether what the plan says to be all takes away what others have attached: on the side after it. */
  readonly takesAway: boolean
}

/**
 * What an exported identity is where a plan is put on it. What it holds is what it holds there, without what the other side of the plan
 * gives it, and with what this side does; what it is itself the resource says, if it is one of the plan.
 */
export function overIdentity(exported: IdentityState, spoken: Spoken): IdentityState {
  const { holding, other, takesAway } = spoken
  const isSet = isSetRole(holding)
  const isNewly = (what: 'managed' | 'inline') =>
    takesAway && holding.only.has(what) && other?.only.has(what) !== true
  const managed = new Set(isNewly('managed') ? [] : exported.managedPolicies)
  for (const arn of other?.managed ?? []) if (isGone(spoken, 'managed', arn)) managed.delete(arn)
  for (const arn of holding.managed) managed.add(arn)
  const inline = new Map<string, StateDocument>(isNewly('inline') ? [] : exported.inlinePolicies)
  for (const name of other?.inline.keys() ?? []) if (isGone(spoken, 'inline', name)) inline.delete(name)
  for (const [name, document] of holding.inline) if (name !== HELD_ELSEWHERE) inline.set(name, document)
  const grants = { managedPolicies: [...managed], inlinePolicies: inline }
  const own = holding.manner === 'managed' && !isSet ? stateOfHolding(holding) : null
  const base = own === null || own.kind !== exported.kind ? exported : own
  const taken = {
    ...base,
    ...('tags' in base && 'tags' in exported && !holding.saysTags ? { tags: exported.tags } : {}),
    ...('permissionsBoundary' in exported && isSet
      ? { permissionsBoundary: boundaryOfSet(exported.permissionsBoundary, spoken) }
      : {}),
    ...grants,
  }
  return 'groups' in taken && 'groups' in exported
    ? { ...taken, groups: groupsOf(exported.groups, spoken) }
    : taken
}

/** What the provider shows of a role, and doesn't know of the side that is asked for, is not taken away. */
const isGone = ({ holding, separate, key }: Spoken, what: 'managed' | 'inline', name: string): boolean =>
  holding.manner !== 'managed' || holding.tells.has(what) || separate.has(grantKey(key, name))

const boundaryOfSet = (exported: string | null, { holding, other }: Spoken): string | null =>
  holding.boundary ?? ((other?.boundary ?? null) === null ? exported : null)

function groupsOf(exported: readonly string[], { holding, other }: Spoken): readonly string[] {
  const lower = (names: Iterable<string>) => new Set([...names].map((each) => each.toLowerCase()))
  const [left, joined] = [lower(other?.groups ?? []), lower(holding.groups)]
  return [
    ...exported.filter((each) => !left.has(each.toLowerCase()) && !joined.has(each.toLowerCase())),
    ...holding.groups,
  ]
}
