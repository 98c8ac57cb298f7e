import {
  type GroupState,
  jsonOf,
  type PolicyDocument,
  type RoleState,
  type UserState,
} from '../../model/index.ts'
import { step } from '../../model/step.ts'
import { mostSize, POLICY_SIZE_QUOTAS, policySize } from '../../policy/size.ts'
import type { Planning } from '../planning.ts'
import { type StepDraft, token } from '../step-drafts.ts'
import { interimDocument } from './interim.ts'
import { holderOf } from './view.ts'

/** What comes before a step, so that it takes away first and then gives. */
export interface Interim {
  /** In the place of the step that it is for: the same, but that it waits. */
  readonly step: StepDraft
  readonly before: StepDraft
  /** What makes room for it, or for the step after it. */
  readonly room: readonly StepDraft[]
}

/** @returns null: there is nothing to come between, or no room for it */
export function interimFor(draft: StepDraft, planning: Planning): Interim | null {
  switch (draft.operation) {
    case 'CreatePolicyVersion':
      return interimVersion(draft, planning)
    case 'PutUserPolicy':
    case 'PutGroupPolicy':
    case 'PutRolePolicy':
      return interimInline(draft, planning)
    case 'PutUserPermissionsBoundary':
    case 'PutRolePermissionsBoundary':
      return parkedBoundary(draft, planning)
    default:
      return null
  }
}

const waiting = (draft: StepDraft, ...tokens: readonly string[]): StepDraft => ({
  ...draft,
  requires: [...(draft.requires ?? []), ...tokens],
})

/** @see IAM User Guide, "Versioning IAM policies": at most five versions, and the default one can't be deleted */
function interimVersion(
  draft: StepDraft & { readonly operation: 'CreatePolicyVersion' },
  { observed, quotas }: Planning,
): Interim | null {
  const { PolicyArn: arn = '', PolicyDocument: text = '' } = draft.input
  const policy = [...observed.entities.policy.values()].find((each) => each.arn === arn)
  const known = policy === undefined ? null : jsonOf(policy.document)
  if (policy === undefined || known === null) return null
  const document = interimDocument(known, JSON.parse(text) as PolicyDocument, observed.account)
  const most = quotas.versionsPerManagedPolicy
  if (document === null || policySize(document) > POLICY_SIZE_QUOTAS.managed || most < 2) return null
  const done = token.interim(arn)
  const more = token.room('versions after the interim one', arn)
  const before: StepDraft = {
    change: draft.change,
    ...step('CreatePolicyVersion', {
      PolicyArn: arn,
      PolicyDocument: JSON.stringify(document),
      SetAsDefault: true,
    }),
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
    ({ id }): StepDraft => ({
      change: draft.change,
      ...step('DeletePolicyVersion', { PolicyArn: arn, VersionId: id }),
      rank: draft.rank,
      requires: [done],
      provides: [more],
    }),
  )
  return { step: waiting(draft, done, more), before, room }
}

function interimInline(
  draft: StepDraft & { readonly operation: 'PutUserPolicy' | 'PutGroupPolicy' | 'PutRolePolicy' },
  { kinds, observed, steps, quotas }: Planning,
): Interim | null {
  const key = holderOf(draft) ?? ''
  const [kind = '', name = ''] = key.split(/\/(.*)/)
  const { PolicyName: policy = '', PolicyDocument: text = '' } = draft.input
  if (kind !== 'user' && kind !== 'group' && kind !== 'role') return null
  const holders: ReadonlyMap<string, UserState | GroupState | RoleState> = observed.entities[kind]
  const inline = holders.get(name)?.inlinePolicies
  const now = inline?.get(policy)
  const known = now === undefined ? null : jsonOf(now)
  if (inline === undefined || known === null) return null
  const document = interimDocument(known, JSON.parse(text) as PolicyDocument, observed.account)
  if (document === null) return null
  // As if nothing made room: all that is there, all that grows, and this.
  const sizes = new Map([...inline].map(([each, stored]) => [each, mostSize(stored)]))
  for (const other of steps)
    if (holderOf(other) === key && 'PolicyDocument' in other.input && 'PolicyName' in other.input) {
      const { PolicyName = '', PolicyDocument = '' } = other.input
      sizes.set(PolicyName, Math.max(sizes.get(PolicyName) ?? 0, PolicyDocument.length))
    }
  sizes.set(policy, Math.max(sizes.get(policy) ?? 0, policySize(document)))
  if ([...sizes.values()].reduce((sum, size) => sum + size, 0) > quotas[kinds[kind].grants.inlinePolicySize])
    return null
  const done = token.interim(`${key} ${policy}`)
  return {
    step: waiting(draft, done),
    before: {
      change: draft.change,
      ...kinds[kind].grants.putInline(name, policy, JSON.stringify(document)),
      rank: draft.rank,
      requires: draft.requires ?? [],
      provides: [done],
    },
    room: [],
  }
}

/** While its boundary is exchanged, an entity may do nothing. */
function parkedBoundary(
  draft: StepDraft & { readonly operation: 'PutUserPermissionsBoundary' | 'PutRolePermissionsBoundary' },
  { kinds, observed }: Planning,
): Interim | null {
  const key = holderOf(draft) ?? ''
  const [kind = '', name = ''] = key.split(/\/(.*)/)
  if (kind !== 'user' && kind !== 'role') return null
  const denyAll = `arn:${observed.account.partition}:iam::aws:policy/AWSDenyAll`
  const before = observed.entities[kind].get(name)?.permissionsBoundary ?? null
  if (before === null || before === denyAll || draft.input.PermissionsBoundary === denyAll) return null
  const done = token.interim(`${key} boundary`)
  return {
    step: waiting(draft, done),
    before: {
      change: draft.change,
      ...kinds[kind].boundary.put(name, denyAll),
      rank: draft.rank,
      provides: [done],
    },
    room: [],
  }
}
