import {
  type AccountState,
  IDENTITY_KINDS,
  type IdentityState,
  type PrincipalEntity,
  type StateOf,
} from '../../model/index.ts'
import type { KindsWith } from '../../model/step-effect.ts'

type Member = StateOf<KindsWith<'groups'>>

/** Who holds what, looked up from the other side. */
export interface Holders {
  /** Groups, roles, then users; each by name. */
  attachedTo(policyArn: string): readonly IdentityState[]
  /** Roles, then users; each by name. */
  boundedBy(policyArn: string): readonly PrincipalEntity[]
  /** By name. */
  membersOf(group: string): readonly Member[]
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

function indexHolders({ entities }: AccountState) {
  const attached = new Map<string, IdentityState[]>()
  const bounded = new Map<string, PrincipalEntity[]>()
  const members = new Map<string, Member[]>()
  for (const kind of IDENTITY_KINDS.toSorted())
    for (const identity of byName<IdentityState>(entities[kind])) {
      for (const arn of identity.managedPolicies) add(attached, arn, identity)
      if ('permissionsBoundary' in identity && identity.permissionsBoundary !== null)
        add(bounded, identity.permissionsBoundary, identity)
      if ('groups' in identity) for (const group of identity.groups) add(members, group, identity)
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
