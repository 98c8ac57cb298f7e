import type { AccountState, GroupState, RoleState, UserState } from '../../model/index.ts'

type Principal = UserState | GroupState | RoleState

/** Who holds what, looked up from the other side. */
export interface Holders {
  /** Groups, roles, then users; each by name. */
  attachedTo(policyArn: string): readonly Principal[]
  /** Roles, then users; each by name. */
  boundedBy(policyArn: string): readonly (UserState | RoleState)[]
  /** By name. */
  membersOf(group: string): readonly UserState[]
}

/** Only a plan that deletes or replaces something asks, so that the index is made at the first question. */
export function holdersIn(observed: AccountState): Holders {
  let index: ReturnType<typeof indexHolders> | null = null
  const ready = () => {
    index ??= indexHolders(observed)
    return index
  }
  return {
    attachedTo: (policyArn) => ready().attached.get(policyArn) ?? [],
    boundedBy: (policyArn) => ready().bounded.get(policyArn) ?? [],
    membersOf: (group) => ready().members.get(group) ?? [],
  }
}

function indexHolders({ entities: { group: groups, role: roles, user: users } }: AccountState) {
  const attached = new Map<string, Principal[]>()
  const bounded = new Map<string, (UserState | RoleState)[]>()
  const members = new Map<string, UserState[]>()
  for (const principals of [groups, roles, users])
    for (const principal of byName<Principal>(principals)) {
      for (const arn of principal.managedPolicies) add(attached, arn, principal)
      if (principal.kind === 'group') continue
      if (principal.permissionsBoundary !== null) add(bounded, principal.permissionsBoundary, principal)
      if (principal.kind === 'user') for (const group of principal.groups) add(members, group, principal)
    }
  return { attached, bounded, members }
}

function add<T>(index: Map<string, T[]>, key: string, value: T): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [value])
  else known.push(value)
}

const byName = <T extends { readonly name: string }>(entities: ReadonlyMap<string, T>): readonly T[] =>
  [...entities.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
