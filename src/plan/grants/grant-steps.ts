import { entityArn, GROUP, jsonOf, parseEntityArn } from '../../model/index.ts'
import { leastSize, mostSize, policySize } from '../../policy/size.ts'
import type { Planning } from '../planning.ts'
import {
  attach,
  type BoundedKind,
  bound,
  deleteInline,
  detach,
  isBounded,
  isMember,
  isTagged,
  join,
  leave,
  putInline,
  tagging,
} from '../steps/effective-calls.ts'
import { RANK, type StepDraft, token } from '../steps/step-drafts.ts'
import { effectOf } from './effects.ts'
import type { Grants } from './grant-change.ts'
import { type GrantOrder, grantOrder, stepsByRank } from './grant-order.ts'
import { tagSteps } from './tag-steps.ts'

/** The steps for grants of an entity that exists by then: additions, removals, boundary, tags. */
export function grantSteps(planning: Planning, grants: Grants, trustChanges: boolean): void {
  const { before: boundaryBefore } = grants.boundary
  const order = grantOrder(grants, {
    trustChanges,
    boundaryChanges: boundaryBefore !== null && planning.changing.policy(boundaryBefore),
  })
  planning.steps.push(
    ...stepsByRank([
      ...membershipSteps(planning, grants, order),
      ...attachmentSteps(planning, grants, order),
      ...inlineSteps(planning, grants, order),
    ]),
  )
  boundarySteps(planning, grants)
  planning.steps.push(...stepsForTags(planning, grants))
}

function membershipSteps(
  planning: Planning,
  { kind, key, name, arn, groups, observed }: Grants,
  order: GrantOrder,
): readonly StepDraft[] {
  if (!isMember(planning, kind)) return []
  const member = { kind, name }
  const { account } = planning.observed
  const { effects, changing } = planning
  const held = observed !== null && 'groups' in observed ? observed.groups.length : 0
  const room = roomFor('groupsPerUser', arn, held + groups.added.length > planning.quotas.groupsPerUser)
  const removals = groups.removed.map((group): StepDraft => {
    const state = planning.observed.entities.group.get(group)
    const place = order.loss(effects.ofGroup(group), changing.groupGains(group))
    return {
      change: key,
      ...leave(planning, member, group),
      ...place,
      provides: [...place.provides, ...room, ...(state === undefined ? [] : [token.unused(state.arn)])],
    }
  })
  const additions = groups.added.map((group): StepDraft => {
    const groupArn =
      planning.desired.entities.group.get(group)?.arn ??
      planning.observed.entities.group.get(group)?.arn ??
      entityArn(account, GROUP, '/', group)
    const place = order.gain(effects.ofGroup(group), changing.groupLoses(group) ? 'settling' : 'ready')
    return {
      change: key,
      ...join(planning, member, group),
      ...place,
      requires: [...place.requires, ...room, token.exists(groupArn)],
    }
  })
  return [...removals, ...additions]
}

function attachmentSteps(planning: Planning, grants: Grants, order: GrantOrder): readonly StepDraft[] {
  const { kind, key, arn, managed, observed } = grants
  const { effects, changing } = planning
  const quota = planning.quotas[planning.kinds[kind].grants.managedPolicies]
  const full = (observed?.managedPolicies.length ?? 0) + managed.added.length > quota
  const room = roomFor('managedPolicies', arn, full)
  const removals = managed.removed.map((policy): StepDraft => {
    const place = order.loss(effects.ofPolicy(policy), changing.policy(policy))
    return {
      change: key,
      ...detach(planning, grants, policy),
      ...place,
      provides: [...place.provides, ...room, token.unused(policy)],
    }
  })
  const additions = managed.added.map((policy): StepDraft => {
    const place = order.gain(effects.ofPolicy(policy), comesLate(planning, policy) ? 'waiting' : 'ready')
    return {
      change: key,
      ...attach(planning, grants, policy),
      ...place,
      requires: [...place.requires, ...room, token.exists(policy)],
    }
  })
  return [...removals, ...additions]
}

/** Whether a policy is created only once another, or its former self, is gone. */
function comesLate({ observed, desired, fates, crowded }: Planning, arn: string): boolean {
  const name = parseEntityArn(arn)?.name ?? ''
  if (desired.entities.policy.get(name)?.arn !== arn) return false
  const now = observed.entities.policy.get(name)
  return now === undefined ? crowded.has('policy') : fates.get(now.arn) === 'replace'
}

function inlineSteps(planning: Planning, grants: Grants, order: GrantOrder): readonly StepDraft[] {
  const { kind, key, arn, observed } = grants
  const documents = observed?.inlinePolicies
  const puts = grants.inline.put
    .map((put) => ({
      ...put,
      growth: policySize(put.after.json) - leastSize(put.before),
    }))
    .sort((a, b) => a.growth - b.growth)
  if (grants.inline.removed.length + puts.length === 0) return []
  const now = [...(documents?.values() ?? [])].reduce((sum, each) => sum + mostSize(each), 0)
  const most = now + puts.reduce((sum, { growth }) => sum + Math.max(0, growth), 0)
  const quota = planning.quotas[planning.kinds[kind].grants.inlinePolicySize]
  const room = roomFor('inlinePolicies', arn, most > quota)
  const removals = grants.inline.removed.map((policy): StepDraft => {
    const document = documents?.get(policy)
    const place = order.loss(effectOf(document === undefined ? [] : [jsonOf(document)]), false)
    return {
      change: key,
      ...deleteInline(planning, grants, policy),
      ...place,
      provides: [...place.provides, ...room],
    }
  })
  const additions = puts.map(({ name: policy, before, after, growth }): StepDraft => {
    const place =
      before === null
        ? order.gain(effectOf([after.json]), room.length > 0 ? 'waiting' : 'ready')
        : order.rewrite()
    return {
      change: key,
      ...putInline(planning, grants, policy, after),
      rank: place.rank,
      provides: [...place.provides, ...(growth < 0 ? room : [])],
      requires: [...place.requires, ...(growth < 0 ? [] : room)],
    }
  })
  return [...removals, ...additions]
}

function boundarySteps(planning: Planning, grants: Grants): void {
  const { kind, key, name, arn, observed } = grants
  const { before: boundaryBefore, after: boundaryAfter } = grants.boundary
  if (observed === null || boundaryBefore === boundaryAfter || !isBounded(planning, kind)) return
  const bounded = { kind, name }
  const released = boundaryBefore === null ? [] : [token.unused(boundaryBefore)]
  if (boundaryAfter === null) {
    planning.steps.push({
      change: key,
      ...bound(planning, bounded, null),
      rank: RANK.update,
      requires: [token.narrowed(arn)],
      provides: [token.bounded(arn), ...released],
    })
    return
  }
  const park = boundaryBefore !== null && planning.parked.has(boundaryBefore)
  if (park) planning.steps.push(parkBoundary(planning, key, bounded, boundaryBefore))
  planning.steps.push({
    change: key,
    ...bound(planning, bounded, boundaryAfter),
    rank: RANK.update,
    requires: [token.narrowed(arn), token.exists(boundaryAfter), ...(park ? released : [])],
    provides: [token.bounded(arn), ...(park ? [] : released)],
  })
}

/**
 * While its boundary is made anew, an entity must not be without one: it gets AWS's policy that allows nothing.
 */
export function parkBoundary(
  planning: Planning,
  change: string,
  entity: { readonly kind: BoundedKind; readonly name: string },
  boundary: string,
): StepDraft {
  return {
    change,
    ...bound(planning, entity, `arn:${planning.observed.account.partition}:iam::aws:policy/AWSDenyAll`),
    rank: RANK.update,
    provides: [token.unused(boundary)],
  }
}

const stepsForTags = (
  planning: Planning,
  { kind, key, name, arn, observed, tags }: Grants,
): readonly StepDraft[] =>
  observed === null || !isTagged(planning, kind)
    ? []
    : tagSteps(key, arn, tags, tagging(planning, { kind, name, arn }))

const roomFor = (quota: string, arn: string, full: boolean): readonly string[] =>
  full ? [token.room(quota, arn)] : []
