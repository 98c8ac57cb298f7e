import type { DesiredState } from '../manifest/desired.ts'
import {
  type AccountState,
  type AnyDesiredEntity,
  type ChildKind,
  type ChildState,
  type ChildStates,
  DEFAULT_MAX_SESSION_DURATION,
  type DesiredEntity,
  entitiesIn,
  isChildKind,
  SETTING_KINDS,
  tableOf,
} from '../model/index.ts'

/**
 * The account as the YAML alone describes it: what decisions and tests are about when no target is opened.
 * An attribute that the project doesn't manage counts as having nothing.
 */
export function declaredState(desired: DesiredState): AccountState {
  return {
    account: { id: desired.account.id, partition: desired.account.partition },
    entities: {
      user: states(desired.entities.user, (user) => ({
        kind: user.kind,
        ...identity(user),
        groups: user.groups ?? [],
        managedPolicies: user.managedPolicies ?? [],
        inlinePolicies: user.inlinePolicies ?? new Map(),
        permissionsBoundary: user.permissionsBoundary ?? null,
        tags: user.tags ?? new Map(),
      })),
      group: states(desired.entities.group, (group) => ({
        kind: group.kind,
        ...identity(group),
        managedPolicies: group.managedPolicies ?? [],
        inlinePolicies: group.inlinePolicies ?? new Map(),
      })),
      role: states(desired.entities.role, (role) => ({
        kind: role.kind,
        ...identity(role),
        description: role.description ?? '',
        maxSessionDuration: role.maxSessionDuration ?? DEFAULT_MAX_SESSION_DURATION,
        trustPolicy: role.trustPolicy,
        managedPolicies: role.managedPolicies ?? [],
        inlinePolicies: role.inlinePolicies ?? new Map(),
        permissionsBoundary: role.permissionsBoundary ?? null,
        tags: role.tags ?? new Map(),
      })),
      policy: states(desired.entities.policy, (policy) => ({
        kind: policy.kind,
        ...identity(policy),
        description: policy.description ?? '',
        document: policy.document,
        versions: [{ id: 'v1', isDefault: true }],
        tags: policy.tags ?? new Map(),
      })),
    },
    children: declaredChildren(desired.entities),
    settings: { ...NO_SETTINGS, ...valuesOf(desired.settings) },
  }
}

/** AWS gives ids; who isn't there has none. */
function declaredChildren(entities: DesiredState['entities']): ChildStates {
  const found: Partial<Record<ChildKind, Map<string, readonly ChildState[]>>> = {}
  for (const parent of entitiesIn<AnyDesiredEntity>(entities))
    for (const [kind, children] of parent.children ?? []) {
      if (!isChildKind(kind)) continue
      const byParent = found[kind] ?? new Map<string, readonly ChildState[]>()
      found[kind] = byParent
      byParent.set(
        parent.name,
        [...children.values()].map(({ name, identity, status }) => ({ id: name, identity, status })),
      )
    }
  return found
}

const NO_SETTINGS: AccountState['settings'] = tableOf(SETTING_KINDS, () => null)

const valuesOf = (settings: DesiredState['settings']): Partial<AccountState['settings']> =>
  // Each is of the kind that it is declared as.
  Object.assign({}, ...Object.entries(settings).map(([kind, { value }]) => ({ [kind]: value })))

const identity = ({ name, path, arn }: DesiredEntity) => ({ name, path, arn })

/** A declaration makes the same object each time, so that who asks of state after state can tell what changed. */
function states<D extends object, S extends object>(
  declared: ReadonlyMap<string, D>,
  stateOf: (entity: D) => S,
): ReadonlyMap<string, S> {
  const entities = new Map<string, S>()
  for (const [name, entity] of declared) {
    let state = known.get(entity) as S | undefined
    if (state === undefined) {
      state = stateOf(entity)
      known.set(entity, state)
    }
    entities.set(name, state)
  }
  return entities
}

const known = new WeakMap<object, object>()
