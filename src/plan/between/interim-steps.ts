import {
  type Account,
  type AccountState,
  jsonOf,
  type PlacedDocument,
  type PolicyDocument,
  type StateDocument,
} from '../../model/index.ts'
import { step } from '../../model/step.ts'
import { type AnyEffect, isKnownEffect, type StepEffect } from '../../model/step-effect.ts'
import { mostSize, POLICY_SIZE_QUOTAS, policySize } from '../../policy/size.ts'
import type { Planning, WholePlanning } from '../planning.ts'
import { bound, putInline } from '../steps/effective-calls.ts'
import { type AnyDraft, token } from '../steps/step-drafts.ts'
import { interimDocument } from './interim.ts'

/** What comes before a step, so that it takes away first and then gives. */
interface Interim {
  /** In the place of the step that it is for: the same, but that it waits. */
  readonly step: AnyDraft
  readonly before: AnyDraft
  /** What makes room for it, or for the step after it. */
  readonly room: readonly AnyDraft[]
}

/** @returns null: there is nothing to come between, or no room for it */
export function interimFor(draft: AnyDraft, planning: WholePlanning): Interim | null {
  const [effect] = draft.effects
  if (effect === undefined || !isKnownEffect(effect)) return null
  if (effect.type === 'set' && effect.kind === 'policy') return interimVersion(draft, effect, planning)
  if (effect.type === 'set' && (effect.kind === 'user' || effect.kind === 'role'))
    return parkedBoundary(draft, effect, planning)
  if (effect.type === 'put' && effect.attribute === 'inlinePolicies')
    return interimInline(draft, effect, planning)
  return null
}

type SetOf<K> = Extract<StepEffect, { readonly type: 'set'; readonly kind: K }>
type PutInline = Extract<StepEffect, { readonly type: 'put'; readonly attribute: 'inlinePolicies' }>

const waiting = (draft: AnyDraft, ...tokens: readonly string[]): AnyDraft => ({
  ...draft,
  requires: [...(draft.requires ?? []), ...tokens],
})

const placeless = (json: PolicyDocument): PlacedDocument => ({ json, located: null })

/** null: nothing that is both can be written, or nobody can tell. */
function interimOf(before: StateDocument, after: StateDocument, account: Account): PolicyDocument | null {
  const [now, then] = [jsonOf(before), jsonOf(after)]
  return now === null || then === null ? null : interimDocument(now, then, account)
}

/** @see IAM User Guide, "Versioning IAM policies": at most five versions, and the default one can't be deleted */
function interimVersion(
  draft: AnyDraft,
  { name, values }: SetOf<'policy'>,
  { observed, quotas }: Planning,
): Interim | null {
  const policy = observed.entities.policy.get(name)
  if (policy === undefined || values.document === undefined) return null
  const { arn } = policy
  const json = interimOf(policy.document, values.document, observed.account)
  const most = quotas.versionsPerManagedPolicy
  if (json === null || policySize(json) > POLICY_SIZE_QUOTAS.managed || most < 2) return null
  const done = token.interim(arn)
  const more = token.room('versions after the interim one', arn)
  const before: AnyDraft = {
    change: draft.change,
    ...step('CreatePolicyVersion', {
      PolicyArn: arn,
      PolicyDocument: JSON.stringify(json),
      SetAsDefault: true,
    }),
    effects: [{ type: 'set', kind: 'policy', name, values: { document: placeless(json) } }],
    rank: draft.rank,
    requires: draft.requires ?? [],
    provides: [done],
  }
  // The oldest that is not the default then: those that go for the interim one go by a step of their own.
  const default_ = policy.versions.filter(({ isDefault }) => isDefault)
  const oldest = [...policy.versions.filter(({ isDefault }) => !isDefault), ...default_]
  const gone = Math.max(0, policy.versions.length + 1 - most)
  const excess = Math.max(0, policy.versions.length + 2 - most)
  const room = oldest.slice(gone, excess).map(
    ({ id }): AnyDraft => ({
      change: draft.change,
      ...step('DeletePolicyVersion', { PolicyArn: arn, VersionId: id }),
      effects: [],
      rank: draft.rank,
      requires: [done],
      provides: [more],
    }),
  )
  return { step: waiting(draft, done, more), before, room }
}

function interimInline(draft: AnyDraft, effect: PutInline, planning: WholePlanning): Interim | null {
  const { kinds, observed, quotas } = planning
  const { kind, name, entries } = effect
  const [put] = entries
  const inline = heldInline(observed, effect)
  if (put === undefined || inline === undefined) return null
  const [policy, after] = put
  const now = inline.get(policy)
  const json = now === undefined ? null : interimOf(now, after, observed.account)
  if (json === null) return null
  // As if nothing made room: all that is there, all that grows, and this.
  const sizes = new Map([...inline].map(([each, document]) => [each, mostSize(document)]))
  const grow = (each: string, size: number) => sizes.set(each, Math.max(sizes.get(each) ?? 0, size))
  for (const other of planning.steps)
    for (const each of other.effects)
      if (isPutOf(each, effect)) for (const [one, document] of each.entries) grow(one, mostSize(document))
  grow(policy, policySize(json))
  const sum = [...sizes.values()].reduce((all, size) => all + size, 0)
  if (sum > quotas[kinds[kind].grants.inlinePolicySize]) return null
  const done = token.interim(`${kind}/${name} ${policy}`)
  return {
    step: waiting(draft, done),
    before: {
      change: draft.change,
      ...putInline(planning, effect, policy, placeless(json)),
      rank: draft.rank,
      requires: draft.requires ?? [],
      provides: [done],
    },
    room: [],
  }
}

const heldInline = (
  { entities }: AccountState,
  { kind, name }: PutInline,
): ReadonlyMap<string, StateDocument> | undefined => entities[kind].get(name)?.inlinePolicies

const isPutOf = (effect: AnyEffect, { kind, name }: PutInline): effect is PutInline =>
  effect.type === 'put' &&
  effect.attribute === 'inlinePolicies' &&
  effect.kind === kind &&
  effect.name === name

/** While its boundary is exchanged, an entity may do nothing. */
function parkedBoundary(
  draft: AnyDraft,
  { kind, name, values: { permissionsBoundary: after } }: SetOf<'user'> | SetOf<'role'>,
  planning: Planning,
): Interim | null {
  const { observed } = planning
  const denyAll = `arn:${observed.account.partition}:iam::aws:policy/AWSDenyAll`
  const before = observed.entities[kind].get(name)?.permissionsBoundary ?? null
  if (after == null || before === null || before === denyAll || after === denyAll) return null
  const done = token.interim(`${kind}/${name} boundary`)
  return {
    step: waiting(draft, done),
    before: {
      change: draft.change,
      ...bound(planning, { kind, name }, denyAll),
      rank: draft.rank,
      provides: [done],
    },
    room: [],
  }
}
