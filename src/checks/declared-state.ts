import type { DesiredState } from '../manifest/desired.ts'
import {
  type Account,
  type AccountState,
  type AnyDesiredEntity,
  type AnyEntityState,
  AS_DECLARED,
  BESIDE_AS_DECLARED,
  type ChildKind,
  type ChildState,
  type ChildStates,
  ENTITY_KINDS,
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
  const account = { id: desired.account.id, partition: desired.account.partition }
  const besides = statesBeside(desired, account)
  return {
    account,
    // Each kind's states are made by what makes those of that kind.
    entities: tableOf(ENTITY_KINDS, (kind) => {
      const own = states(desired.entities[kind], AS_DECLARED[kind] as AsDeclared)
      const others = besides.flatMap((state) => (state.kind === kind ? [[state.name, state] as const] : []))
      return others.length === 0 ? own : new Map([...own, ...others])
    }) as AccountState['entities'],
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

type AsDeclaredIn = (desired: AnyDesiredEntity, account: Account) => AnyEntityState | null
type AsDeclared = (desired: AnyDesiredEntity) => AnyEntityState | null

/** What declared entities are among those of other kinds. */
const statesBeside = (desired: DesiredState, account: Account): readonly AnyEntityState[] =>
  ENTITY_KINDS.flatMap((kind) => {
    const beside = BESIDE_AS_DECLARED[kind] as AsDeclaredIn | undefined
    if (beside === undefined) return []
    return [...states(desired.entities[kind], (entity) => beside(entity, account), besideKnown).values()]
  })

const NO_SETTINGS: AccountState['settings'] = tableOf(SETTING_KINDS, () => null)

const valuesOf = (settings: DesiredState['settings']): Partial<AccountState['settings']> =>
  // Each is of the kind that it is declared as.
  Object.assign({}, ...Object.entries(settings).map(([kind, { value }]) => ({ [kind]: value })))

/** A declaration makes the same object each time, so that who asks of state after state can tell what changed. */
function states(
  declared: ReadonlyMap<string, AnyDesiredEntity>,
  stateOf: AsDeclared,
  made: WeakMap<object, AnyEntityState | null> = known,
): ReadonlyMap<string, AnyEntityState> {
  const entities = new Map<string, AnyEntityState>()
  for (const [name, entity] of declared) {
    let state = made.get(entity)
    if (state === undefined) {
      state = stateOf(entity)
      made.set(entity, state)
    }
    if (state !== null) entities.set(name, state)
  }
  return entities
}

const known = new WeakMap<object, AnyEntityState | null>()
const besideKnown = new WeakMap<object, AnyEntityState | null>()
