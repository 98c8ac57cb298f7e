import {
  listDetail,
  newPathDetail,
  policyDetail,
  tagDetails,
  valueDetail,
} from '../kinds/attributes/details.ts'
import { sameMeaning } from '../kinds/attributes/same-meaning.ts'
import { POLICY_ATTRIBUTES } from '../kinds/policy/manifest.ts'
import {
  type DesiredPolicy,
  entityRef,
  type PolicyState,
  type RoleState,
  type UserState,
} from '../model/index.ts'
import { step } from '../model/step.ts'
import type { PrincipalState } from './grant-change.ts'
import { parkBoundary } from './grant-steps.ts'
import { grantsOf } from './grants.ts'
import { sortedByName } from './name-order.ts'
import { declaredAttributes } from './ownership.ts'
import { changeKey, createChange, deleteChange, fateOf, type Planning } from './planning.ts'
import { BOUNDARY_CALLS, PRINCIPAL_CALLS } from './principal-calls.ts'
import { removalDetails } from './removal.ts'
import { refuseBoundaryLoss, refuseLossyPolicyReplacement } from './replacement.ts'
import { unsettled } from './settled.ts'
import { RANK, token } from './step-drafts.ts'
import { pushTagSteps, tagList } from './tag-steps.ts'

/** Customer managed policies: a new document is a new version; another path or description makes it anew. */
export function planPolicies(planning: Planning): void {
  for (const desired of unsettled(
    planning.settled,
    planning.desired.entities.policy,
    planning.observed.entities.policy,
  )) {
    const observed = planning.observed.entities.policy.get(desired.name)
    if (observed === undefined) createPolicy(planning, desired)
    else if (fateOf(planning, observed) === 'replace') replacePolicy(planning, observed, desired)
    else updatePolicy(planning, observed, desired)
  }
  for (const state of sortedByName(planning.observed.entities.policy))
    if (fateOf(planning, state) === 'delete') deletePolicy(planning, state)
}

const descriptionOf = ({ description }: { readonly description?: string | null }): string | null =>
  description === undefined || description === '' ? null : description

function createPolicy(planning: Planning, desired: DesiredPolicy): void {
  planning.changes.push(
    createChange('create', desired, [
      ...newPathDetail(desired.path),
      ...valueDetail('description', null, descriptionOf(desired)),
      ...policyDetail('document', null, desired.document.json, planning.observed.account),
      ...tagDetails(new Map(), desired.tags ?? new Map()),
    ]),
  )
  pushCreate(planning, desired, planning.crowded.has('policy') ? [token.room('policies', '')] : [])
}

function pushCreate(planning: Planning, desired: DesiredPolicy, requires: readonly string[]): void {
  const { name, path, arn, document, tags } = desired
  const description = descriptionOf(desired)
  planning.steps.push({
    change: changeKey('policy', arn),
    ...step('CreatePolicy', {
      Path: path,
      PolicyName: name,
      PolicyDocument: JSON.stringify(document.json),
      ...(description === null ? {} : { Description: description }),
      ...(tags === undefined || tags.size === 0 ? {} : { Tags: tagList(tags) }),
    }),
    rank: RANK.createPolicy,
    requires,
    provides: [token.exists(arn)],
  })
}

function updatePolicy(planning: Planning, observed: PolicyState, desired: DesiredPolicy): void {
  const { account } = planning.observed
  const changed = planning.changing.policy(desired.arn)
  const before = declaredAttributes(planning.declaredBefore, desired)
  const tags = POLICY_ATTRIBUTES.tags.compare(observed, desired, before.tags, account)
  const details = [
    ...(changed ? policyDetail('document', observed.document.json, desired.document.json, account) : []),
    ...tags.details(),
  ]
  if (details.length === 0) {
    planning.settled.set(observed, desired)
    return
  }
  const change = createChange('update', desired, details)
  planning.changes.push(change)
  if (changed) pushVersion(planning, observed, desired, change.key)
  pushTagSteps(planning, {
    key: change.key,
    kind: 'policy',
    name: desired.name,
    arn: desired.arn,
    before: observed.tags,
    after: tags.after,
  })
}

/** @see IAM User Guide, "Versioning IAM policies": at most five versions, and the default one can't be deleted */
function pushVersion(
  planning: Planning,
  observed: PolicyState,
  desired: DesiredPolicy,
  change: string,
): void {
  const room = token.room('versions', desired.arn)
  const excess = observed.versions.length - planning.quotas.versionsPerManagedPolicy + 1
  for (const { id } of observed.versions.filter(({ isDefault }) => !isDefault).slice(0, Math.max(0, excess)))
    planning.steps.push({
      change,
      ...step('DeletePolicyVersion', { PolicyArn: desired.arn, VersionId: id }),
      rank: RANK.updatePolicy,
      provides: [room],
    })
  planning.steps.push({
    change,
    ...step('CreatePolicyVersion', {
      PolicyArn: desired.arn,
      PolicyDocument: JSON.stringify(desired.document.json),
      SetAsDefault: true,
    }),
    rank: RANK.updatePolicy,
    requires: [room],
  })
}

function deletePolicy(planning: Planning, state: PolicyState): void {
  refuseBoundaryLoss(planning, state)
  const holders = planning.holders
    .attachedTo(state.arn)
    .filter((holder) => !leavesByItself(planning, holder, state))
  const change = deleteChange(state, [
    ...listDetail(
      'attachments',
      [],
      holders.map(({ kind, name }) => entityRef(kind, name)),
    ),
    ...removalDetails(planning, 'policy', state),
  ])
  planning.changes.push(change)
  for (const holder of holders) pushDetach(planning, holder, state.arn, change.key)
  pushDelete(planning, state, change.key)
}

function replacePolicy(planning: Planning, observed: PolicyState, desired: DesiredPolicy): void {
  refuseLossyPolicyReplacement(planning, observed, desired)
  const { account } = planning.observed
  const change = createChange('replace', desired, [
    ...valueDetail('path', observed.path, desired.path),
    ...valueDetail('description', descriptionOf(observed), descriptionOf(desired)),
    ...(sameMeaning(observed.document.json, desired.document.json, account)
      ? []
      : policyDetail('document', observed.document.json, desired.document.json, account)),
    ...tagDetails(observed.tags, desired.tags ?? new Map()),
  ])
  planning.changes.push(change)
  for (const holder of planning.holders.attachedTo(observed.arn)) {
    if (leavesByItself(planning, holder, observed)) continue
    pushDetach(planning, holder, observed.arn, change.key)
    pushReattach(planning, holder, desired.arn, change.key)
  }
  for (const bounded of planning.holders.boundedBy(observed.arn)) {
    if (fateOf(planning, bounded) !== 'keep' || boundaryMoves(planning, bounded)) continue
    planning.steps.push(parkBoundary(planning, bounded.kind, change.key, bounded.name, observed.arn), {
      change: change.key,
      ...BOUNDARY_CALLS[bounded.kind].put(bounded.name, desired.arn),
      rank: RANK.update,
      requires: [token.exists(desired.arn), token.unused(observed.arn)],
    })
  }
  pushDelete(planning, observed, change.key)
  pushCreate(planning, desired, [token.gone('policy', desired.name)])
}

function pushDelete(planning: Planning, state: PolicyState, change: string): void {
  const bare = token.bare(state.arn)
  for (const { id, isDefault } of state.versions)
    if (!isDefault)
      planning.steps.push({
        change,
        ...step('DeletePolicyVersion', { PolicyArn: state.arn, VersionId: id }),
        rank: RANK.remove,
        requires: [token.unused(state.arn)],
        provides: [bare],
      })
  planning.steps.push({
    change,
    ...step('DeletePolicy', { PolicyArn: state.arn }),
    rank: RANK.deletePolicy,
    requires: [bare, token.unused(state.arn)],
    provides: [
      token.gone('policy', state.name),
      ...(planning.makesRoom.has(state.arn) ? [token.room('policies', '')] : []),
    ],
  })
}

function pushDetach(planning: Planning, holder: PrincipalState, arn: string, change: string): void {
  planning.steps.push({
    change,
    ...PRINCIPAL_CALLS[holder.kind].detach(holder.name, arn),
    rank: RANK.remove,
    provides: [token.unused(arn)],
  })
}

function pushReattach(planning: Planning, holder: PrincipalState, arn: string, change: string): void {
  planning.steps.push({
    change,
    ...PRINCIPAL_CALLS[holder.kind].attach(holder.name, arn),
    rank: RANK.add,
    requires: [token.exists(arn)],
  })
}

/** Whether the holder's own change detaches the policy. */
const leavesByItself = (planning: Planning, holder: PrincipalState, { arn }: PolicyState): boolean =>
  fateOf(planning, holder) !== 'keep' || (grantsOf(planning, holder)?.managed.removed.includes(arn) ?? false)

/** Whether the principal's own change gives it another boundary. */
function boundaryMoves(planning: Planning, principal: UserState | RoleState): boolean {
  const grants = grantsOf(planning, principal)
  return grants !== null && grants.boundary.before !== grants.boundary.after
}
