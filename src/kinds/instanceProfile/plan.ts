import type { Detail } from '../../model/detail.ts'
import { type DesiredInstanceProfile, entityRef, type InstanceProfileState } from '../../model/index.ts'
import { type EffectiveCall, step } from '../../model/step.ts'
import { creationDetails, creationRequires } from '../../plan/creation.ts'
import { tagSteps } from '../../plan/grants/tag-steps.ts'
import { rankOf } from '../../plan/kind-order.ts'
import { createChange, deleteChange, fateOf, type PlanKind, type Planning } from '../../plan/planning.ts'
import { tagged } from '../../plan/quotas/quota-use.ts'
import { declaredAttributes } from '../../plan/removal/ownership.ts'
import type { Release } from '../../plan/removal/release.ts'
import { removalDetails } from '../../plan/removal/removal.ts'
import { refuseLossyReplacement } from '../../plan/removal/replacement.ts'
import { noteUnmanagedParts } from '../../plan/removal/unmanaged.ts'
import { deleteEntity, tagging } from '../../plan/steps/effective-calls.ts'
import { tagsAsList } from '../../plan/steps/kind-calls.ts'
import { RANK, token } from '../../plan/steps/step-drafts.ts'
import { ROLE_BY_NAME } from '../role/kind.ts'
import { INSTANCE_PROFILE } from './kind.ts'
import { INSTANCE_PROFILE_ATTRIBUTES, INSTANCE_PROFILE_MANIFEST } from './manifest.ts'

/** An instance profile: its role is exchanged in place, another path makes it anew. */
export const instanceProfile: PlanKind<'instanceProfile'> = {
  facts: INSTANCE_PROFILE,
  attributes: INSTANCE_PROFILE_MANIFEST.attributes,
  namedBy: 'name',
  delete: ({ name: InstanceProfileName }) => step('DeleteInstanceProfile', { InstanceProfileName }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: {
    tag: ({ name: InstanceProfileName }, Tags) => step('TagInstanceProfile', { InstanceProfileName, Tags }),
    untag: ({ name: InstanceProfileName }, TagKeys) =>
      step('UntagInstanceProfile', { InstanceProfileName, TagKeys }),
  },
  quotas: [tagged('tagsPerInstanceProfile')],
  /** @see IAM API Reference: there is no operation that gives it another path */
  isMadeAnew: (observed, desired, { observed: { account } }) =>
    INSTANCE_PROFILE_ATTRIBUTES.path.compare(observed, desired, undefined, account).isMoved,
  releases: (planning, goes) =>
    goes.kind === ROLE_BY_NAME.kind
      ? [...planning.observed.entities.instanceProfile.values()]
          .filter((profile) => profile.role === goes.name && !letsGo(planning, profile))
          .map((profile) => releaseFrom(planning, profile, goes.name))
      : [],
  planner: (planning) => ({
    create: (desired) => {
      const change = createChange('create', desired, creationDetails(planning, 'instanceProfile', desired))
      planning.changes.push(change)
      pushCreate(planning, desired, change.key, [])
    },
    update: (observed, desired) => updateProfile(planning, observed, desired),
    replace: (observed, desired) => {
      refuseLossyReplacement(planning, INSTANCE_PROFILE_ATTRIBUTES, observed, desired)
      const { path, role, tags } = compared(planning, observed, desired)
      const change = createChange('replace', desired, [
        ...path.details(),
        ...role.details(),
        ...tags.details(),
      ])
      planning.changes.push(change)
      pushDelete(planning, observed, change.key)
      pushCreate(planning, desired, change.key, [token.gone('instanceProfile', desired.name)])
    },
    delete: (observed) => {
      const change = deleteChange(observed, removalDetails(planning, 'instanceProfile', observed))
      planning.changes.push(change)
      pushDelete(planning, observed, change.key)
    },
  }),
}

function compared(
  planning: Planning,
  observed: InstanceProfileState | null,
  desired: DesiredInstanceProfile,
) {
  const before = declaredAttributes(planning.declaredBefore, desired)
  const { account } = planning.observed
  const { path, role, tags } = INSTANCE_PROFILE_ATTRIBUTES
  return {
    path: path.compare(observed, desired, undefined, account),
    role: role.compare(observed, desired, before.role, account),
    tags: tags.compare(observed, desired, before.tags, account),
  }
}

function updateProfile(
  planning: Planning,
  observed: InstanceProfileState,
  desired: DesiredInstanceProfile,
): void {
  const { role, tags } = compared(planning, observed, desired)
  const isNoted = noteUnmanagedParts(planning, desired, [role])
  const details: readonly Detail[] = [...role.details(), ...tags.details()]
  if (details.length === 0) {
    if (!isNoted) planning.settled.set(observed, desired)
    return
  }
  const change = createChange('update', desired, details)
  planning.changes.push(change)
  if (role.before !== role.after) {
    if (role.before !== null) pushLeave(planning, observed, role.before, change.key)
    if (role.after !== null) pushEnter(planning, desired, role.after, change.key)
  }
  planning.steps.push(...tagSteps(change.key, desired.arn, tags, tagging(planning, desired)))
}

function pushCreate(
  planning: Planning,
  desired: DesiredInstanceProfile,
  change: string,
  requires: readonly string[],
): void {
  const { name, path, arn, role = null, tags = new Map<string, string>() } = desired
  const state: InstanceProfileState = { kind: 'instanceProfile', name, path, arn, role: null, tags }
  planning.steps.push({
    change,
    ...step('CreateInstanceProfile', {
      InstanceProfileName: name,
      Path: path,
      ...(tags.size === 0 ? {} : { Tags: tagsAsList(tags) }),
    }),
    effects: [{ type: 'created', kind: 'instanceProfile', state }],
    rank: rankOf(planning.kinds, 'instanceProfile').create,
    requires: [...requires, ...creationRequires(planning, 'instanceProfile', null)],
    provides: [token.exists(arn)],
  })
  if (role !== null) pushEnter(planning, desired, role, change)
}

function pushDelete(planning: Planning, observed: InstanceProfileState, change: string): void {
  if (observed.role !== null) pushLeave(planning, observed, observed.role, change)
  planning.steps.push({
    change,
    ...deleteEntity(planning, observed),
    rank: rankOf(planning.kinds, 'instanceProfile').delete,
    requires: [token.bare(observed.arn)],
    provides: [token.gone('instanceProfile', observed.name), token.room(INSTANCE_PROFILE.section, '')],
  })
}

interface Profile {
  readonly name: string
  readonly arn: string
}

/** The one place for a role. */
const roomIn = ({ arn }: Profile): string => token.room('instanceRole', arn)

const leave = ({ name }: Profile, role: string): EffectiveCall => ({
  ...step('RemoveRoleFromInstanceProfile', { InstanceProfileName: name, RoleName: role }),
  effects: [{ type: 'set', kind: 'instanceProfile', name, values: { role: null } }],
})

const enter = ({ name }: Profile, role: string): EffectiveCall => ({
  ...step('AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: role }),
  effects: [{ type: 'set', kind: 'instanceProfile', name, values: { role } }],
})

function pushLeave(planning: Planning, profile: Profile, role: string, change: string): void {
  const left = planning.observed.entities[ROLE_BY_NAME.kind].get(role)
  planning.steps.push({
    change,
    ...leave(profile, role),
    rank: RANK.remove,
    provides: [
      token.bare(profile.arn),
      roomIn(profile),
      ...(left === undefined ? [] : [token.unused(left.arn)]),
    ],
  })
}

function pushEnter(planning: Planning, profile: Profile, role: string, change: string): void {
  const entered = planning.desired.entities[ROLE_BY_NAME.kind].get(role)
  planning.steps.push({
    change,
    ...enter(profile, role),
    rank: RANK.add,
    requires: [
      token.exists(profile.arn),
      roomIn(profile),
      ...(entered === undefined ? [] : [token.exists(entered.arn)]),
    ],
  })
}

/** Whether a profile's own change takes its role out of it. */
function letsGo(planning: Planning, observed: InstanceProfileState): boolean {
  if (fateOf(planning, observed) !== 'keep') return true
  const desired = planning.desired.entities.instanceProfile.get(observed.name)
  if (desired === undefined) return false
  const { role } = compared(planning, observed, desired)
  return role.before !== role.after
}

const releaseFrom = (planning: Planning, profile: InstanceProfileState, role: string): Release => ({
  from: entityRef('instanceProfile', profile.name),
  section: INSTANCE_PROFILE.section,
  name: profile.name,
  isDeclared: planning.desired.entities.instanceProfile.get(profile.name)?.role === role,
  leave: leave(profile, role),
  enter: enter(profile, role),
  room: roomIn(profile),
})
