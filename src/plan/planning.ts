import { type Diagnostic, type Span, spanOf } from '../diagnostics/index.ts'
import type { DesiredState } from '../manifest/desired.ts'
import type { Attributed } from '../manifest/manifest-kind.ts'
import type { Detail } from '../model/detail.ts'
import type {
  AccountState,
  AnyDesiredEntity,
  AnyEntityState,
  CredentialNote,
  DesiredOf,
  EntityKind,
  IgnoredGrant,
  StateOf,
} from '../model/index.ts'
import type { ChildFacts, EntityFacts } from '../model/kind-facts.ts'
import type { WriteOperations } from '../model/operations.ts'
import type { AnyCall, EffectiveCall, StepCall } from '../model/step.ts'
import type { StepEffect } from '../model/step-effect.ts'
import type { ChildPlans } from './children/child-plan.ts'
import type { Changing } from './grants/changes-of-held.ts'
import type { Effects } from './grants/effects.ts'
import type { Grants } from './grants/grant-change.ts'
import type { Holders } from './grants/holders.ts'
import type { ChangeAction, ChangeKind, Ignored, ParentRef, Unmanaged } from './plan.ts'
import type { Fate, PlanInput, Settled, ToLookAt } from './plan-input.ts'
import type { OtherAccounts } from './principals/other-accounts.ts'
import type { QuotaUse } from './quotas/quota-use.ts'
import type { Release } from './removal/release.ts'
import type { SettingPlans } from './setting-plan.ts'
import type { BoundaryCalls, CallSubject, GrantCalls, MembershipCalls, TagCalls } from './steps/kind-calls.ts'
import type { AnyDraft, StepDraft } from './steps/step-drafts.ts'

/** A change under construction: its steps are told apart by `key` until they are ordered. */
export interface ChangeDraft {
  readonly key: string
  readonly action: ChangeAction
  readonly kind: ChangeKind
  readonly name: string
  readonly arn: string | null
  readonly parent?: ParentRef
  readonly span: Span | null
  readonly details: readonly Detail[]
}

/** What a plan is made of, with what plans know of each kind. */
export interface PlanRequest extends PlanInput {
  readonly kinds: PlanKinds
  readonly settings: SettingPlans
}

/**
 * Everything that the planners of the kinds share: what is given, what was decided, and what they collect.
 * `C`: the calls that whoever has it may add.
 */
export interface Planning<C = EffectiveCall> extends PlanRequest {
  readonly others: OtherAccounts
  /** By ARN as observed. */
  readonly fates: ReadonlyMap<string, Fate>
  readonly effects: Effects
  readonly changing: Changing
  readonly settled: Settled
  /** By kind: everything else is as it is declared, and was found to be. */
  readonly toLookAt: Readonly<Record<EntityKind, ToLookAt>>
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
  readonly steps: Added<StepDraft<C>>
  readonly unmanaged: Unmanaged[]
  readonly ignored: Ignored[]
  /** What is to be ignored and is there. */
  readonly matchedIgnores: Set<IgnoredGrant>
  readonly diagnostics: Diagnostic[]
  /** Who is to have something that no apply makes, and has none. */
  readonly lacking: Lacking[]
  /** Credentials that have their names by their age: an apply writes these down. */
  readonly adopted: CredentialNote[]
}

/** An entity that lacks one of a kind that is named under it. */
export interface Lacking {
  readonly facts: ChildFacts
  readonly ref: string
  readonly span: Span
}

interface Added<T> {
  readonly push: (...added: readonly T[]) => unknown
}

/** What makes a plan of it all: it takes the steps of whatever kinds. */
export interface WholePlanning extends Planning<AnyCall> {
  readonly steps: AnyDraft[]
}

/** Of every kind. */
export type PlanKinds = { readonly [K in EntityKind]: PlanKind<K> }

export type PlanKind<K extends EntityKind> = EntityPlan<StateOf<K>, DesiredOf<K>>

/**
 * What plans have to know of a kind of entity. What its state has, it must have the calls for.
 * `W`, `E`: its operations, and what they do, where the source doesn't know the kind.
 */
export interface EntityPlan<State, Desired, W = WriteOperations, E = StepEffect>
  extends Attributed<State, Desired> {
  readonly facts: EntityFacts
  /** What the inputs of calls name one of it by; a name is in the field that `facts` says. */
  readonly namedBy: 'name' | 'arn'
  readonly delete: (entity: CallSubject) => StepCall<W>
  readonly grants: State extends { readonly managedPolicies: unknown } ? GrantCalls<W> : null
  readonly boundary: State extends { readonly permissionsBoundary: unknown } ? BoundaryCalls<W> : null
  readonly memberships: State extends { readonly groups: unknown } ? MembershipCalls<W> : null
  readonly tags: State extends { readonly tags: unknown } ? TagCalls<W> : null
  /** What of one AWS bounds, besides how many there are. */
  readonly quotas: readonly QuotaUse<State>[]
  /** What may be named under one. Absent: nothing. */
  readonly children?: Partial<ChildPlans>
  /** Whether something differs that the API has no call to change: it is part of what is created. null: nothing is. */
  readonly isMadeAnew: ((observed: State, desired: Desired, input: PlanInput) => boolean) | null
  /** What an entity that goes must leave first, of any kind, as far as it is one of this kind; absent: nothing ever. */
  readonly releases?: (planning: Planning, goes: AnyEntityState) => readonly Release[]
  /** @param kind what it is called where changes are told apart */
  readonly planner: (
    planning: Planning<EffectiveCall | EffectiveCall<W, E>>,
    kind: EntityKind,
  ) => EntityPlanner<State, Desired>
}

/** Each notes a change, if there is one, and its steps. */
export interface EntityPlanner<State, Desired> {
  readonly create: (desired: Desired) => void
  readonly update: (observed: State, desired: Desired) => void
  /** null: nothing of its kind is ever made anew. */
  readonly replace: ((observed: State, desired: Desired) => void) | null
  readonly delete: (observed: State) => void
}

/** Sorts by kind, then ARN, in the order in which kinds are usually read. */
export const changeKey = (kind: ChangeKind, arn: string): string => `${arn} ${kind}`

export const fateOf = (planning: Planning, entity: AnyEntityState): Fate =>
  planning.fates.get(entity.arn) ?? 'keep'

export const entitiesOf = (state: AccountState, kind: EntityKind): ReadonlyMap<string, AnyEntityState> =>
  state.entities[kind]

export const desiredOf = (desired: DesiredState, kind: EntityKind): ReadonlyMap<string, AnyDesiredEntity> =>
  desired.entities[kind]

export const createChange = (
  action: ChangeAction,
  entity: Pick<AnyDesiredEntity, 'kind' | 'name' | 'arn' | 'span'>,
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

export const deleteChange = (
  entity: Pick<AnyEntityState, 'kind' | 'name' | 'arn'>,
  details: readonly Detail[],
): ChangeDraft => ({
  key: changeKey(entity.kind, entity.arn),
  action: 'delete',
  kind: entity.kind,
  name: entity.name,
  arn: entity.arn,
  span: null,
  details,
})
