import {
  type AccountState,
  type EntityKind,
  entityRef,
  type PolicyState,
  parseEntityArn,
} from '../../model/index.ts'
import { type AnyEffect, isKnownEffect, nameIn, type StepEffect } from '../../model/step-effect.ts'
import type { PlanKinds } from '../planning.ts'
import { isUnopened } from '../principals/unopened-role.ts'
import type { AnyDraft } from '../steps/step-drafts.ts'

/** What requests are decided by, of whoever can hold something. */
const DECIDING: ReadonlySet<string> = new Set([
  'groups',
  'managedPolicies',
  'inlinePolicies',
  'permissionsBoundary',
  'tags',
])

type SetEffect = Extract<StepEffect, { readonly type: 'set' }>

const NO_STEPS: readonly number[] = []
const NOTHING: readonly string[] = []

/** Steps by number of their draft, looked up by what they do that decides requests. */
export class StepIndex {
  readonly drafts: readonly AnyDraft[]
  readonly #observed: AccountState
  readonly #kinds: PlanKinds
  readonly #byHolder = new Map<string, number[]>()
  readonly #byPolicy = new Map<string, number[]>()
  readonly #newPolicies = new Map<string, PolicyState>()
  readonly #gained = new Map<string, string[]>()
  readonly #gainers = new Map<string, string[]>()
  readonly #joined = new Map<string, string[]>()
  readonly #joiners = new Map<string, string[]>()

  constructor(drafts: readonly AnyDraft[], observed: AccountState, kinds: PlanKinds) {
    this.drafts = drafts
    this.#observed = observed
    this.#kinds = kinds
    for (const [number, { effects }] of drafts.entries())
      for (const effect of effects) this.#add(effect, number)
  }

  #add(effect: AnyEffect, number: number): void {
    if (!isKnownEffect(effect)) return
    const policy = this.writtenBy(effect)
    if (policy !== null) {
      if (effect.type === 'created' && effect.kind === 'policy' && this.#isNew(effect.state))
        this.#newPolicies.set(policy, effect.state)
      else add(this.#byPolicy, policy, number)
      return
    }
    const holder = this.holderIn(effect)
    if (holder === null) return
    add(this.#byHolder, holder, number)
    for (const arn of gainedIn(effect)) {
      add(this.#gained, holder, arn)
      add(this.#gainers, arn, holder)
    }
    if (effect.type === 'added' && effect.attribute === 'groups') {
      add(this.#joined, holder, effect.member)
      add(this.#joiners, effect.member, holder)
    }
  }

  /** Of which policy an effect changes what its document says, by ARN. */
  writtenBy(effect: AnyEffect): string | null {
    if (!isKnownEffect(effect) || effect.kind !== 'policy') return null
    const now = this.#observed.entities.policy.get(nameIn(effect))
    if (effect.type === 'set') return effect.values.document === undefined ? null : (now?.arn ?? null)
    if (effect.type !== 'created') return null
    return effect.state.arn
  }

  /** Whose requests, or those of its members, an effect decides by itself: `kind/name`. */
  holderIn(effect: AnyEffect): string | null {
    if (!isKnownEffect(effect) || effect.type === 'setting' || !this.#canHold(effect.kind)) return null
    if (effect.type === 'set' && !this.#decides(effect)) return null
    if ('attribute' in effect && !DECIDING.has(effect.attribute)) return null
    return entityRef(effect.kind, nameIn(effect))
  }

  /** Who lets somebody in for the first time has their requests decided by that, too. */
  #decides({ kind, name, values }: SetEffect): boolean {
    if (Object.keys(values).some((each) => DECIDING.has(each))) return true
    const now = 'trustPolicy' in values ? this.#observed.entities[kind].get(name) : undefined
    return now !== undefined && 'trustPolicy' in now && isUnopened(now.trustPolicy)
  }

  #canHold(kind: EntityKind): boolean {
    return this.#kinds[kind].grants !== null
  }

  of(holder: string): readonly number[] {
    return this.#byHolder.get(holder) ?? NO_STEPS
  }

  /** Whether a policy gets another document while somebody may hold it, or is made anew. */
  isRewritten(arn: string): boolean {
    const name = this.#byPolicy.has(arn) ? parseEntityArn(arn)?.name : undefined
    return name !== undefined && this.#observed.entities.policy.get(name)?.arn === arn
  }

  #isNew({ name }: PolicyState): boolean {
    return !this.#observed.entities.policy.has(name)
  }

  /** What is made, and wasn't there under its name. Nobody holds it before: as if it had been there from the start. */
  newPolicy(arn: string): PolicyState | undefined {
    return this.#newPolicies.get(arn)
  }

  /** Steps that change what a policy says that may be held. */
  writing(arn: string): readonly number[] {
    return this.#byPolicy.get(arn) ?? NO_STEPS
  }

  groupsJoined(holder: string): readonly string[] {
    return this.#joined.get(holder) ?? NOTHING
  }

  joiners(group: string): readonly string[] {
    return this.#joiners.get(group) ?? NOTHING
  }

  /** ARNs of policies that a holder is attached to or bounded by at any time of the plan, and wasn't before. */
  policiesGained(holder: string): readonly string[] {
    return this.#gained.get(holder) ?? NOTHING
  }

  gainers(arn: string): readonly string[] {
    return this.#gainers.get(arn) ?? NOTHING
  }
}

function gainedIn(effect: StepEffect): readonly string[] {
  if (effect.type === 'added') return effect.attribute === 'managedPolicies' ? [effect.member] : NOTHING
  const values = effect.type === 'set' ? effect.values : effect.type === 'created' ? effect.state : {}
  return 'permissionsBoundary' in values && values.permissionsBoundary != null
    ? [values.permissionsBoundary]
    : NOTHING
}

function add<K, V>(index: Map<K, V[]>, key: K, value: V): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [value])
  else known.push(value)
}
