import type { IdentityState } from '../../model/index.ts'
import { type DesiredPolicy, entityRef, type PolicyState, type PrincipalEntity } from '../../model/index.ts'
import { step } from '../../model/step.ts'
import { creationDetails, creationRequires } from '../../plan/creation.ts'
import { parkBoundary } from '../../plan/grants/grant-steps.ts'
import { grantsOfHolder } from '../../plan/grants/grants.ts'
import { tagSteps } from '../../plan/grants/tag-steps.ts'
import { rankOf } from '../../plan/kind-order.ts'
import {
  changeKey,
  createChange,
  deleteChange,
  fateOf,
  type PlanKind,
  type Planning,
} from '../../plan/planning.ts'
import { tagged } from '../../plan/quotas/quota-use.ts'
import { declaredAttributes } from '../../plan/removal/ownership.ts'
import { removalDetails } from '../../plan/removal/removal.ts'
import { refuseBoundaryLoss, refuseLossyPolicyReplacement } from '../../plan/removal/replacement.ts'
import { attach, bound, deleteEntity, detach, tagging } from '../../plan/steps/effective-calls.ts'
import { tagsAsList } from '../../plan/steps/kind-calls.ts'
import { RANK, token } from '../../plan/steps/step-drafts.ts'
import { leastSize } from '../../policy/size.ts'
import { documentDetail, listDetail, tagDetails, valueDetail } from '../attributes/details.ts'
import { saysTheSame } from '../attributes/same-meaning.ts'
import { POLICY } from './kind.ts'
import { POLICY_ATTRIBUTES, POLICY_MANIFEST } from './manifest.ts'

/** A customer managed policy: a new document is a new version; another path or description makes it anew. */
export const policy: PlanKind<'policy'> = {
  facts: POLICY,
  attributes: POLICY_MANIFEST.attributes,
  // `PolicyName` names inline policies as well.
  namedBy: 'arn',
  delete: ({ arn: PolicyArn }) => step('DeletePolicy', { PolicyArn }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: {
    tag: ({ arn: PolicyArn }, Tags) => step('TagPolicy', { PolicyArn, Tags }),
    untag: ({ arn: PolicyArn }, TagKeys) => step('UntagPolicy', { PolicyArn, TagKeys }),
  },
  quotas: [
    {
      quota: 'managedPolicySize',
      attribute: 'document',
      what: 'characters of its document',
      used: ({ document }) => leastSize(document),
    },
    tagged('tagsPerPolicy'),
  ],
  /** @see IAM API Reference, CreatePolicyVersion: it takes neither a path nor a description */
  isMadeAnew: (observed, desired, { declaredBefore, observed: { account } }) => {
    const { description } = declaredAttributes(declaredBefore, desired)
    return (
      POLICY_ATTRIBUTES.path.compare(observed, desired, undefined, account).isMoved ||
      POLICY_ATTRIBUTES.description.compare(observed, desired, description, account).after !==
        observed.description
    )
  },
  planner: (planning) => ({
    create: (desired) => createPolicy(planning, desired),
    update: (observed, desired) => updatePolicy(planning, observed, desired),
    replace: (observed, desired) => replacePolicy(planning, observed, desired),
    delete: (observed) => deletePolicy(planning, observed),
  }),
}

const descriptionOf = ({ description }: { readonly description?: string | null }): string | null =>
  description === undefined || description === '' ? null : description

function createPolicy(planning: Planning, desired: DesiredPolicy): void {
  planning.changes.push(createChange('create', desired, creationDetails(planning, 'policy', desired)))
  pushCreate(planning, desired, creationRequires(planning, 'policy', null))
}

function pushCreate(planning: Planning, desired: DesiredPolicy, requires: readonly string[]): void {
  const { name, path, arn, document, tags = new Map<string, string>() } = desired
  const description = descriptionOf(desired)
  planning.steps.push({
    change: changeKey('policy', arn),
    ...step('CreatePolicy', {
      Path: path,
      PolicyName: name,
      PolicyDocument: JSON.stringify(document.json),
      ...(description === null ? {} : { Description: description }),
      ...(tags.size === 0 ? {} : { Tags: tagsAsList(tags) }),
    }),
    effects: [
      {
        type: 'created',
        kind: 'policy',
        state: {
          kind: 'policy',
          name,
          path,
          arn,
          description: description ?? '',
          document,
          versions: [{ id: 'v1', isDefault: true }],
          tags,
        },
      },
    ],
    rank: rankOf(planning.kinds, 'policy').create,
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
    ...(changed ? documentDetail('document', observed.document, desired.document, account) : []),
    ...tags.details(),
  ]
  if (details.length === 0) {
    planning.settled.set(observed, desired)
    return
  }
  const change = createChange('update', desired, details)
  planning.changes.push(change)
  if (changed) pushVersion(planning, observed, desired, change.key)
  planning.steps.push(...tagSteps(change.key, desired.arn, tags, tagging(planning, desired)))
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
      effects: [],
      rank: rankOf(planning.kinds, 'policy').rewrite,
      provides: [room],
    })
  planning.steps.push({
    change,
    ...step('CreatePolicyVersion', {
      PolicyArn: desired.arn,
      PolicyDocument: JSON.stringify(desired.document.json),
      SetAsDefault: true,
    }),
    effects: [{ type: 'set', kind: 'policy', name: desired.name, values: { document: desired.document } }],
    rank: rankOf(planning.kinds, 'policy').rewrite,
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
    ...POLICY_ATTRIBUTES.path.compare(observed, desired, undefined, account).details(),
    ...valueDetail('description', descriptionOf(observed), descriptionOf(desired)),
    ...(saysTheSame(observed.document, desired.document.json, account)
      ? []
      : documentDetail('document', observed.document, desired.document, account)),
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
    planning.steps.push(parkBoundary(planning, change.key, bounded, observed.arn), {
      change: change.key,
      ...bound(planning, bounded, desired.arn),
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
        effects: [],
        rank: RANK.remove,
        requires: [token.unused(state.arn)],
        provides: [bare],
      })
  planning.steps.push({
    change,
    ...deleteEntity(planning, state),
    rank: rankOf(planning.kinds, 'policy').delete,
    requires: [bare, token.unused(state.arn)],
    provides: [
      token.gone('policy', state.name),
      ...(planning.makesRoom.has(state.arn) ? [token.room(POLICY.section, '')] : []),
    ],
  })
}

function pushDetach(planning: Planning, holder: IdentityState, arn: string, change: string): void {
  planning.steps.push({
    change,
    ...detach(planning, holder, arn),
    rank: RANK.remove,
    provides: [token.unused(arn)],
  })
}

function pushReattach(planning: Planning, holder: IdentityState, arn: string, change: string): void {
  planning.steps.push({
    change,
    ...attach(planning, holder, arn),
    rank: RANK.add,
    requires: [token.exists(arn)],
  })
}

/** Whether the holder's own change detaches the policy. */
const leavesByItself = (planning: Planning, holder: IdentityState, { arn }: PolicyState): boolean =>
  fateOf(planning, holder) !== 'keep' ||
  (grantsOfHolder(planning, holder)?.managed.removed.includes(arn) ?? false)

/** Whether the principal's own change gives it another boundary. */
function boundaryMoves(planning: Planning, principal: PrincipalEntity): boolean {
  const grants = grantsOfHolder(planning, principal)
  return grants !== null && grants.boundary.before !== grants.boundary.after
}
