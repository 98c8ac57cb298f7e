import type { DesiredGroup, DesiredRole, DesiredUser } from '../manifest/desired.ts'
import {
  entityArn,
  type GroupState,
  type PlacedDocument,
  type RoleState,
  type UserState,
} from '../model/index.ts'
import { policySize } from '../policy/size.ts'
import { listDetail, policyDetail, tagDetails, valueDetail } from './details.ts'
import { declaredAttributes, type MemberChange, memberChange, wantedValue } from './ownership.ts'
import type { Detail } from './plan.ts'
import { changeKey, desiredOf, type Planning } from './planning.ts'
import { sameMeaning } from './same-meaning.ts'
import { RANK, type StepDraft, token } from './step-drafts.ts'

export type PrincipalState = UserState | GroupState | RoleState
export type DesiredPrincipal = DesiredUser | DesiredGroup | DesiredRole
type PrincipalKind = PrincipalState['kind']

const TITLE: Readonly<Record<PrincipalKind, 'User' | 'Group' | 'Role'>> = {
  user: 'User',
  group: 'Group',
  role: 'Role',
}

export const nameField = (kind: PrincipalKind): string => `${TITLE[kind]}Name`
export const titleOf = (kind: PrincipalKind): string => TITLE[kind]

/** What an entity's grants are before, and become. `observed` is null for one that is created. */
export interface Grants {
  readonly kind: PrincipalKind
  readonly name: string
  /** After the plan. */
  readonly arn: string
  readonly key: string
  readonly observed: PrincipalState | null
  readonly desired: DesiredPrincipal
  readonly managed: MemberChange
  readonly groups: MemberChange
  readonly inlineRemoved: readonly string[]
  readonly inlineUnmanaged: readonly string[]
  /** New and changed inline policies. */
  readonly inlinePut: readonly {
    readonly name: string
    readonly before: PlacedDocument | null
    readonly after: PlacedDocument
  }[]
  readonly boundaryBefore: string | null
  readonly boundaryAfter: string | null
  readonly tagsBefore: ReadonlyMap<string, string>
  readonly tagsAfter: ReadonlyMap<string, string>
  readonly tagsUnmanaged: readonly string[]
}

const NO_NAMES: readonly string[] = []
const NO_DOCUMENTS: ReadonlyMap<string, PlacedDocument> = new Map()
const NO_TAGS: ReadonlyMap<string, string> = new Map()

/** Compares what an entity is granted with what it should be. */
export function compareGrants(
  planning: Planning,
  observed: PrincipalState | null,
  desired: DesiredPrincipal,
): Grants {
  const known = observed === null ? undefined : planning.compared.get(observed)
  if (known !== undefined) return known
  const grants = compare(planning, observed, desired)
  if (observed !== null) planning.compared.set(observed, grants)
  return grants
}

/** The same for what exists; null: it is not declared here. */
export function grantsOf(planning: Planning, holder: PrincipalState): Grants | null {
  const desired = desiredOf(planning.desired, holder.kind).get(holder.name)
  return desired === undefined || desired.kind === 'policy' ? null : compareGrants(planning, holder, desired)
}

function compare(
  { declaredBefore, observed: { account } }: Planning,
  observed: PrincipalState | null,
  desired: DesiredPrincipal,
): Grants {
  const before = declaredAttributes(declaredBefore, desired)
  const inlineNow = observed?.inlinePolicies ?? NO_DOCUMENTS
  const inline = memberChange(inlineNow.keys(), desired.inlinePolicies?.keys(), before.inlinePolicies)
  const tagsBefore = tagsOf(observed)
  const tags = memberChange(tagsBefore.keys(), tagsWanted(desired)?.keys(), before.tags)
  const boundaryBefore = boundaryOf(observed)
  return {
    kind: desired.kind,
    name: desired.name,
    arn: desired.arn,
    key: changeKey(desired.kind, desired.arn),
    observed,
    desired,
    managed: memberChange(
      observed?.managedPolicies ?? NO_NAMES,
      desired.managedPolicies,
      before.managedPolicies,
    ),
    groups:
      desired.kind === 'user'
        ? memberChange(observed?.kind === 'user' ? observed.groups : NO_NAMES, desired.groups, before.groups)
        : { added: [], removed: [], unmanaged: [] },
    inlineRemoved: inline.removed,
    inlineUnmanaged: inline.unmanaged,
    inlinePut: [...(desired.inlinePolicies ?? [])].flatMap(([name, after]) => {
      const now = inlineNow.get(name) ?? null
      return now !== null && sameMeaning(now.json, after.json, account) ? [] : [{ name, before: now, after }]
    }),
    boundaryBefore,
    boundaryAfter:
      desired.kind === 'group'
        ? null
        : wantedValue(boundaryBefore, desired.permissionsBoundary, before.permissionsBoundary, null),
    tagsBefore,
    tagsAfter: tagsWanted(desired) ?? withoutKeys(tagsBefore, tags.removed),
    tagsUnmanaged: tags.unmanaged,
  }
}

const boundaryOf = (state: PrincipalState | null): string | null =>
  state === null || state.kind === 'group' ? null : state.permissionsBoundary

const tagsOf = (state: PrincipalState | null): ReadonlyMap<string, string> =>
  state === null || state.kind === 'group' ? NO_TAGS : state.tags

const tagsWanted = (desired: DesiredPrincipal): ReadonlyMap<string, string> | undefined =>
  desired.kind === 'group' ? undefined : desired.tags

export function withoutKeys(
  map: ReadonlyMap<string, string>,
  keys: readonly string[],
): ReadonlyMap<string, string> {
  return keys.length === 0 ? map : new Map([...map].filter(([key]) => !keys.includes(key)))
}

/** What a reviewer reads of the grants. */
export function grantDetails(grants: Grants, { observed: { account } }: Planning): readonly Detail[] {
  return [
    ...listDetail('groups', grants.groups.added, grants.groups.removed),
    ...listDetail('managedPolicies', grants.managed.added, grants.managed.removed),
    ...valueDetail('permissionsBoundary', grants.boundaryBefore, grants.boundaryAfter),
    ...grants.inlineRemoved.flatMap((name) =>
      policyDetail(
        `inlinePolicies.${name}`,
        grants.observed?.inlinePolicies.get(name)?.json ?? null,
        null,
        account,
      ),
    ),
    ...grants.inlinePut.flatMap(({ name, before, after }) =>
      policyDetail(`inlinePolicies.${name}`, before?.json ?? null, after.json, account),
    ),
    ...tagDetails(grants.tagsBefore, grants.tagsAfter),
  ]
}

/**
 * Whether gains must wait for what is lost and for the new boundary or trust. Otherwise gains go first, so that
 * nothing that stays allowed is interrupted.
 */
export type Order =
  | { readonly type: 'gainsFirst' }
  | {
      readonly type: 'narrowFirst'
      /**
       * Whether a changed inline policy takes its place before the boundary goes: the old one was never meant to be
       * without a boundary, and the new one is allowed to.
       */
      readonly replaceInlineFirst: boolean
    }

/** What the order of an entity's steps has to be, from what changes besides its grants. */
export const orderOf = ({ observed, boundaryBefore, boundaryAfter }: Grants, trustChanges: boolean): Order =>
  observed === null || (boundaryBefore === boundaryAfter && !trustChanges)
    ? { type: 'gainsFirst' }
    : { type: 'narrowFirst', replaceInlineFirst: boundaryAfter === null && !trustChanges }

/** The steps for grants of an entity that exists by then: additions, removals, boundary, tags. */
export function grantSteps(planning: Planning, grants: Grants, order: Order): void {
  const { arn } = grants
  const narrowFirst = order.type === 'narrowFirst'
  const gain = { rank: RANK.add, requires: [token.exists(arn), ...(narrowFirst ? [token.bounded(arn)] : [])] }
  const loss = { rank: RANK.remove, provides: narrowFirst ? [token.narrowed(arn)] : [] }
  membershipSteps(planning, grants, gain, loss)
  attachmentSteps(planning, grants, gain, loss)
  inlineSteps(
    planning,
    grants,
    narrowFirst && order.replaceInlineFirst ? { rank: RANK.add, provides: [token.narrowed(arn)] } : gain,
    loss,
  )
  boundarySteps(planning, grants)
  tagSteps(planning, grants)
}

type Part = Pick<StepDraft, 'rank'> & {
  readonly requires?: readonly string[]
  readonly provides?: readonly string[]
}

function membershipSteps(
  planning: Planning,
  { key, name, arn, groups, observed }: Grants,
  gain: Part,
  loss: Part,
): void {
  const account = planning.observed.account
  const held = observed?.kind === 'user' ? observed.groups.length : 0
  const room = roomFor('groupsPerUser', arn, held + groups.added.length > planning.quotas.groupsPerUser)
  for (const group of groups.removed) {
    const state = planning.observed.groups.get(group)
    planning.steps.push({
      change: key,
      operation: 'RemoveUserFromGroup',
      input: { GroupName: group, UserName: name },
      rank: loss.rank,
      provides: [
        ...(loss.provides ?? []),
        ...room,
        ...(state === undefined ? [] : [token.unused(state.arn)]),
      ],
    })
  }
  for (const group of groups.added) {
    const groupArn =
      planning.desired.groups.get(group)?.arn ??
      planning.observed.groups.get(group)?.arn ??
      entityArn(account, 'group', '/', group)
    planning.steps.push({
      change: key,
      operation: 'AddUserToGroup',
      input: { GroupName: group, UserName: name },
      rank: gain.rank,
      requires: [...(gain.requires ?? []), ...room, token.exists(groupArn)],
    })
  }
}

function attachmentSteps(
  planning: Planning,
  { kind, key, name, arn, managed, observed }: Grants,
  gain: Part,
  loss: Part,
): void {
  const quota = planning.quotas[`managedPoliciesPer${titleOf(kind) as 'User' | 'Group' | 'Role'}`]
  const full = (observed?.managedPolicies.length ?? 0) + managed.added.length > quota
  const room = roomFor('managedPolicies', arn, full)
  for (const policy of denyingLast(managed.removed, planning))
    planning.steps.push({
      change: key,
      operation: `Detach${titleOf(kind)}Policy`,
      input: { [nameField(kind)]: name, PolicyArn: policy },
      rank: loss.rank,
      provides: [...(loss.provides ?? []), ...room, token.unused(policy)],
    })
  for (const policy of denyingLast(managed.added, planning).toReversed())
    planning.steps.push({
      change: key,
      operation: `Attach${titleOf(kind)}Policy`,
      input: { [nameField(kind)]: name, PolicyArn: policy },
      rank: gain.rank,
      requires: [...(gain.requires ?? []), ...room, token.exists(policy)],
    })
}

/** A policy that denies is attached before and detached after those that only allow. Otherwise in the order given. */
export const denyingLast = (arns: readonly string[], { denying }: Planning): readonly string[] =>
  arns.length < 2
    ? arns
    : [...arns.filter((arn) => !denying.has(arn)), ...arns.filter((arn) => denying.has(arn))]

function inlineSteps(planning: Planning, grants: Grants, gain: Part, loss: Part): void {
  const { kind, key, name, arn, observed } = grants
  const removals = grants.inlineRemoved
  const puts = grants.inlinePut
    .map((put) => ({
      ...put,
      growth: policySize(put.after.json) - (put.before === null ? 0 : policySize(put.before.json)),
    }))
    .sort((a, b) => a.growth - b.growth)
  if (removals.length + puts.length === 0) return
  const now = [...(observed?.inlinePolicies.values() ?? [])].reduce(
    (sum, { json }) => sum + policySize(json),
    0,
  )
  const most = now + puts.reduce((sum, { growth }) => sum + Math.max(0, growth), 0)
  const quota = planning.quotas[`inlinePolicySizePer${titleOf(kind) as 'User' | 'Group' | 'Role'}`]
  const room = roomFor('inlinePolicies', arn, most > quota)
  for (const policy of removals)
    planning.steps.push({
      change: key,
      operation: `Delete${titleOf(kind)}Policy`,
      input: { [nameField(kind)]: name, PolicyName: policy },
      rank: loss.rank,
      provides: [...(loss.provides ?? []), ...room],
    })
  for (const { name: policy, after, growth } of puts)
    planning.steps.push({
      change: key,
      operation: `Put${titleOf(kind)}Policy`,
      input: { [nameField(kind)]: name, PolicyName: policy, PolicyDocument: JSON.stringify(after.json) },
      rank: gain.rank,
      provides: [...(gain.provides ?? []), ...(growth < 0 ? room : [])],
      requires: [...(gain.requires ?? []), ...(growth < 0 ? [] : room)],
    })
}

function boundarySteps(planning: Planning, grants: Grants): void {
  const { kind, key, name, arn, boundaryBefore, boundaryAfter, observed } = grants
  if (observed === null || boundaryBefore === boundaryAfter || kind === 'group') return
  const released = boundaryBefore === null ? [] : [token.unused(boundaryBefore)]
  if (boundaryAfter === null) {
    planning.steps.push({
      change: key,
      operation: `Delete${titleOf(kind)}PermissionsBoundary`,
      input: { [nameField(kind)]: name },
      rank: RANK.update,
      requires: [token.narrowed(arn)],
      provides: [token.bounded(arn), ...released],
    })
    return
  }
  const park = boundaryBefore !== null && planning.parked.has(boundaryBefore)
  if (park) planning.steps.push(parkBoundary(planning, kind, key, name, boundaryBefore))
  planning.steps.push({
    change: key,
    operation: `Put${titleOf(kind)}PermissionsBoundary`,
    input: { [nameField(kind)]: name, PermissionsBoundary: boundaryAfter },
    rank: RANK.update,
    requires: [token.narrowed(arn), token.exists(boundaryAfter), ...(park ? released : [])],
    provides: [token.bounded(arn), ...(park ? [] : released)],
  })
}

/**
 * While its boundary is made anew, an entity must not be without one: it gets AWS's policy that allows nothing.
 */
export function parkBoundary(
  { observed: { account } }: Planning,
  kind: 'user' | 'role',
  change: string,
  name: string,
  boundary: string,
): StepDraft {
  return {
    change,
    operation: `Put${titleOf(kind)}PermissionsBoundary`,
    input: {
      [nameField(kind)]: name,
      PermissionsBoundary: `arn:${account.partition}:iam::aws:policy/AWSDenyAll`,
    },
    rank: RANK.update,
    provides: [token.unused(boundary)],
  }
}

function tagSteps(
  planning: Planning,
  { kind, key, name, arn, observed, tagsBefore, tagsAfter }: Grants,
): void {
  if (observed === null) return
  pushTagSteps(planning, {
    key,
    title: titleOf(kind),
    input: { [nameField(kind)]: name },
    arn,
    before: tagsBefore,
    after: tagsAfter,
  })
}

/** Removals first: keys that differ only in case are one key to AWS, and there is room for 50. */
export function pushTagSteps(
  planning: Planning,
  {
    key,
    title,
    input,
    arn,
    before,
    after,
  }: {
    readonly key: string
    readonly title: string
    readonly input: Readonly<Record<string, string>>
    readonly arn: string
    readonly before: ReadonlyMap<string, string>
    readonly after: ReadonlyMap<string, string>
  },
): void {
  const removed = [...before.keys()].filter((tag) => !after.has(tag)).sort()
  const put = [...after].filter(([tag, value]) => before.get(tag) !== value)
  const untagged = token.room('tags', arn)
  if (removed.length > 0)
    planning.steps.push({
      change: key,
      operation: `Untag${title}`,
      input: { ...input, TagKeys: removed },
      rank: RANK.update,
      provides: [untagged],
    })
  if (put.length > 0)
    planning.steps.push({
      change: key,
      operation: `Tag${title}`,
      input: { ...input, Tags: tagList(put) },
      rank: RANK.update,
      requires: [untagged, token.exists(arn)],
    })
}

export const tagList = (
  tags: Iterable<readonly [string, string]>,
): readonly { readonly Key: string; readonly Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }))

const roomFor = (quota: string, arn: string, full: boolean): readonly string[] =>
  full ? [token.room(quota, arn)] : []
