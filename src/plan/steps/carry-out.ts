import {
  type AccountState,
  type AnyEntityState,
  type EntityKind,
  keysOf,
  type SettingKind,
  type StateOf,
  tableOf,
} from '../../model/index.ts'
import { type EntityEffect, entityOf, type StepEffect } from '../../model/step-effect.ts'

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
export function carryOut(effects: readonly StepEffect[], draft: AccountDraft): void {
  for (const effect of effects)
    if (effect.type === 'setting') Object.assign(draft.settings, { [effect.kind]: effect.value })
    else carryOutOn(draft.entities[effect.kind], effect)
}

function carryOutOn(entities: Map<string, AnyEntityState>, effect: EntityEffect): void {
  const { name } = entityOf(effect)
  if (effect.type === 'created') entities.set(name, effect.state)
  else if (effect.type === 'deleted') entities.delete(name)
  else {
    const entity = entities.get(name)
    if (entity !== undefined) entities.set(name, changed(entity, effect))
  }
}

type Changing = Exclude<EntityEffect, { readonly type: 'created' | 'deleted' }>

/** A changed copy. */
function changed(entity: AnyEntityState, effect: Changing): AnyEntityState {
  // An effect's type says of which form the attribute is that it names.
  const with_ = (values: object) => ({ ...entity, ...values }) as AnyEntityState
  if (effect.type === 'set') return with_(effect.values)
  const { attribute } = effect
  const now: unknown = Reflect.get(entity, attribute)
  switch (effect.type) {
    case 'added':
      return with_({ [attribute]: [...(now as readonly string[]), effect.member] })
    case 'removed':
      return with_({ [attribute]: (now as readonly string[]).filter((each) => each !== effect.member) })
    case 'put':
      return with_({ [attribute]: new Map<string, unknown>([...(now as Entries), ...effect.entries]) })
    case 'dropped':
      return with_({
        [attribute]: new Map([...(now as Entries)].filter(([key]) => !effect.keys.includes(key))),
      })
  }
}

type Entries = ReadonlyMap<string, unknown>
