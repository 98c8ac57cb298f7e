import { InvariantError } from '../../diagnostics/index.ts'
import {
  type AccountState,
  type AnyEntityState,
  type EntityKind,
  type EntityState,
  keysOf,
  type SettingKind,
  type StateOf,
  tableOf,
} from '../../model/index.ts'
import { type AnyEffect, type AnyEntityEffect, nameIn } from '../../model/step-effect.ts'

/** A copy of an account to work on: maps of its own, the entities shared until one of them changes. */
export interface AccountDraft {
  readonly entities: { readonly [K in EntityKind]: Map<string, StateOf<K>> }
  readonly settings: { [K in SettingKind]: StateOf<K> | null }
}

export const copyOf = ({
  entities,
  settings,
}: Pick<AccountState, 'entities' | 'settings'>): AccountDraft => ({
  // Each map is a copy of its own kind's.
  entities: tableOf(
    keysOf(entities),
    (kind) => new Map<string, AnyEntityState>(entities[kind]),
  ) as AccountDraft['entities'],
  settings: { ...settings },
})

/** Does to a draft what a call says that it does to an account. What a draft doesn't have stays so. */
export function carryOut(effects: readonly AnyEffect[], draft: AccountDraft): void {
  for (const effect of effects)
    if (effect.type === 'setting') Object.assign(draft.settings, { [effect.kind]: effect.value })
    else carryOutOn(mapOf(draft, effect.kind), effect)
}

function mapOf({ entities }: AccountDraft, kind: string): Map<string, EntityState> {
  const maps: Readonly<Record<string, Map<string, EntityState>>> = entities
  const map = maps[kind]
  if (map === undefined) throw new InvariantError(`a step is about ${kind}, which was never observed`)
  return map
}

function carryOutOn(entities: Map<string, EntityState>, effect: AnyEntityEffect): void {
  const name = nameIn(effect)
  if (effect.type === 'created') entities.set(name, effect.state)
  else if (effect.type === 'deleted') entities.delete(name)
  else {
    const entity = entities.get(name)
    if (entity !== undefined) entities.set(name, changed(entity, effect))
  }
}

type Changing = Exclude<AnyEntityEffect, { readonly type: 'created' | 'deleted' }>

/** A changed copy. */
function changed(entity: EntityState, effect: Changing): EntityState {
  const with_ = (values: object): EntityState => ({ ...entity, ...values })
  if (effect.type === 'set') return with_(effect.values)
  const { attribute } = effect
  const now: unknown = Reflect.get(entity, attribute)
  switch (effect.type) {
    case 'added':
      return with_({ [attribute]: [...listIn(now), effect.member] })
    case 'removed':
      return with_({ [attribute]: listIn(now).filter((each) => each !== effect.member) })
    case 'put':
      return with_({ [attribute]: new Map([...mapIn(now), ...effect.entries]) })
    case 'dropped':
      return with_({ [attribute]: new Map([...mapIn(now)].filter(([key]) => !effect.keys.includes(key))) })
  }
}

// An effect's type says of which form the attribute is that it names.

function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new InvariantError('a member of what is no list')
}

function mapIn(value: unknown): ReadonlyMap<string, unknown> {
  if (value instanceof Map) return value
  throw new InvariantError('an entry of what is no map')
}
