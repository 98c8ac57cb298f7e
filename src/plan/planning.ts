import type { Quotas } from '../catalog/quotas.ts'
import { type Diagnostic, type Span, spanOf } from '../diagnostics/index.ts'
import type { AnyDesiredEntity, DesiredState, Guard, Scopes } from '../manifest/desired.ts'
import type { AccountState, AnyEntityState, Declarations, EntityKind } from '../model/index.ts'
import type { Changing } from './changing.ts'
import type { Effects } from './effects.ts'
import type { Grants } from './grants.ts'
import type { Holders } from './holders.ts'
import type { OtherAccounts } from './other-accounts.ts'
import type { ChangeAction, ChangeKind, Detail, FactChange, Unmanaged } from './plan.ts'
import type { Settled } from './settled.ts'
import type { StepDraft } from './step-drafts.ts'

export interface PlanInput {
  readonly desired: DesiredState
  readonly observed: AccountState
  /** What earlier applies declared; see `Declarations` in the target's ports. */
  readonly declaredBefore: Declarations
  readonly scopes: Scopes
  readonly guard: Guard
  readonly quotas: Quotas
  /** The other accounts of the project. Absent: nothing is known of any. */
  readonly others?: OtherAccounts
  /** What is different in the facts since they were recorded. */
  readonly facts?: readonly FactChange[]
  /** Of the account's users and roles. Absent: they were not asked for. */
  readonly uniqueIds?: ReadonlySet<string>
}

/** What becomes of an entity that exists. */
export type Fate = 'keep' | 'delete' | 'replace'

/** A change under construction: its steps are told apart by `key` until they are ordered. */
export interface ChangeDraft {
  readonly key: string
  readonly action: ChangeAction
  readonly kind: ChangeKind
  readonly name: string
  readonly arn: string
  readonly span: Span | null
  readonly details: readonly Detail[]
}

/** Everything that the planners of the kinds share: what is given, what was decided, and what they collect. */
export interface Planning extends PlanInput {
  readonly others: OtherAccounts
  /** By ARN as observed. */
  readonly fates: ReadonlyMap<string, Fate>
  readonly effects: Effects
  readonly changing: Changing
  readonly settled: Settled
  /** Kinds for which there is room only once something is deleted. */
  readonly crowded: ReadonlySet<EntityKind>
  /** ARNs of policies that go before what takes their place as a boundary can come: see `parkBoundary`. */
  readonly parked: ReadonlySet<string>
  /** ARNs of deleted policies whose going makes room for new ones. */
  readonly makesRoom: ReadonlySet<string>
  readonly holders: Holders
  /** What was compared already, by what is observed: several changes ask for the same. */
  readonly compared: Map<AnyEntityState, Grants>
  readonly changes: ChangeDraft[]
  readonly steps: StepDraft[]
  readonly unmanaged: Unmanaged[]
  readonly diagnostics: Diagnostic[]
}

/** Sorts by kind, then ARN, in the order in which kinds are usually read. */
export const changeKey = (kind: ChangeKind, arn: string): string => `${arn} ${kind}`

export const fateOf = (planning: Planning, entity: AnyEntityState): Fate =>
  planning.fates.get(entity.arn) ?? 'keep'

export const entitiesOf = (state: AccountState, kind: EntityKind): ReadonlyMap<string, AnyEntityState> =>
  state[`${plural(kind)}`]

export const desiredOf = (desired: DesiredState, kind: EntityKind): ReadonlyMap<string, AnyDesiredEntity> =>
  desired[`${plural(kind)}`]

export const plural = (kind: EntityKind): 'users' | 'groups' | 'roles' | 'policies' =>
  kind === 'policy' ? 'policies' : `${kind}s`

export const ENTITY_KINDS: readonly EntityKind[] = ['policy', 'group', 'user', 'role']

/** In the order of names, so that a plan doesn't depend on the order in which a target lists. Sorted once per map. */
export function sortedByName<T extends { readonly name: string }>(
  entities: ReadonlyMap<string, T>,
): readonly T[] {
  const known = sorted.get(entities)
  if (known !== undefined) return known as readonly T[]
  const list = inNameOrder([...entities.values()])
  sorted.set(entities, list)
  return list
}

const sorted = new WeakMap<ReadonlyMap<string, unknown>, readonly unknown[]>()

export const inNameOrder = <T extends { readonly name: string }>(entities: readonly T[]): readonly T[] =>
  entities.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

export const createChange = (
  action: ChangeAction,
  entity: AnyDesiredEntity,
  details: readonly Detail[],
): ChangeDraft => ({
  key: changeKey(entity.kind, entity.arn),
  action,
  kind: entity.kind,
  name: entity.name,
  arn: entity.arn,
  span: spanOf(entity.span),
  details,
})

export const deleteChange = (entity: AnyEntityState, details: readonly Detail[]): ChangeDraft => ({
  key: changeKey(entity.kind, entity.arn),
  action: 'delete',
  kind: entity.kind,
  name: entity.name,
  arn: entity.arn,
  span: null,
  details,
})
