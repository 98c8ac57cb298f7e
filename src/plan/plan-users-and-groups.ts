import { listDetail, newPathDetail, valueDetail } from '../kinds/attributes/details.ts'
import type { DesiredGroup, DesiredUser, GroupState, UserState } from '../model/index.ts'
import { step } from '../model/step.ts'
import type { Grants } from './grant-change.ts'
import { grantSteps } from './grant-steps.ts'
import { compareGrants, grantDetails, grantsOf } from './grants.ts'
import { sortedByName } from './name-order.ts'
import { createChange, deleteChange, fateOf, type Planning } from './planning.ts'
import { removalDetails, removalSteps } from './removal.ts'
import { unsettled } from './settled.ts'
import { RANK, token } from './step-drafts.ts'
import { tagList } from './tag-steps.ts'
import { noteUnmanagedGrants } from './unmanaged.ts'

/** Users and groups can change their path in place; nothing of them is ever made anew. */
export function planUsersAndGroups(planning: Planning): void {
  const { desired, observed, settled } = planning
  for (const group of unsettled(settled, desired.entities.group, observed.entities.group))
    planOne(planning, group, observed.entities.group.get(group.name) ?? null)
  for (const user of unsettled(settled, desired.entities.user, observed.entities.user))
    planOne(planning, user, observed.entities.user.get(user.name) ?? null)
  for (const state of [...sortedByName(observed.entities.group), ...sortedByName(observed.entities.user)])
    if (fateOf(planning, state) === 'delete') planDeletion(planning, state)
}

function planOne(
  planning: Planning,
  desired: DesiredUser | DesiredGroup,
  observed: UserState | GroupState | null,
): void {
  const grants = compareGrants(planning, observed, desired)
  const isNoted = noteUnmanagedGrants(planning, grants)
  const details = [
    ...(observed === null ? newPathDetail(desired.path) : valueDetail('path', observed.path, desired.path)),
    ...grantDetails(grants),
  ]
  if (observed === null) {
    planning.changes.push(createChange('create', desired, details))
    pushCreate(planning, desired, grants)
  } else {
    if (details.length === 0) {
      if (!isNoted) planning.settled.set(observed, desired)
      return
    }
    planning.changes.push(createChange('update', desired, details))
    if (observed.path !== desired.path)
      planning.steps.push({
        change: grants.key,
        ...(desired.kind === 'user'
          ? step('UpdateUser', { UserName: desired.name, NewPath: desired.path })
          : step('UpdateGroup', { GroupName: desired.name, NewPath: desired.path })),
        rank: RANK.update,
        provides: [token.exists(desired.arn)],
      })
  }
  grantSteps(planning, grants, false)
}

function pushCreate(planning: Planning, desired: DesiredUser | DesiredGroup, grants: Grants): void {
  const { kind, name, path, arn } = desired
  const {
    boundary: { after: boundaryAfter },
    tags: { after: tagsAfter },
  } = grants
  planning.steps.push({
    change: grants.key,
    ...(kind === 'group'
      ? step('CreateGroup', { Path: path, GroupName: name })
      : step('CreateUser', {
          Path: path,
          UserName: name,
          ...(boundaryAfter === null ? {} : { PermissionsBoundary: boundaryAfter }),
          ...(tagsAfter.size === 0 ? {} : { Tags: tagList(tagsAfter) }),
        })),
    rank: kind === 'user' ? RANK.createUser : RANK.createGroup,
    requires: [
      ...(boundaryAfter === null ? [] : [token.exists(boundaryAfter)]),
      ...(planning.crowded.has(kind) ? [token.room(`${kind}s`, '')] : []),
    ],
    provides: [token.exists(arn)],
  })
}

function planDeletion(planning: Planning, state: UserState | GroupState): void {
  const leaving = state.kind === 'group' ? membersToRemove(planning, state) : []
  const change = deleteChange(state, [
    ...listDetail(
      'members',
      [],
      leaving.map(({ name }) => name),
    ),
    ...(state.kind === 'user'
      ? removalDetails(planning, 'user', state)
      : removalDetails(planning, 'group', state)),
  ])
  planning.changes.push(change)
  for (const user of leaving)
    planning.steps.push({
      change: change.key,
      ...step('RemoveUserFromGroup', { GroupName: state.name, UserName: user.name }),
      rank: RANK.remove,
      provides: [token.unused(state.arn)],
    })
  removalSteps(planning, change.key, state)
}

/** Members but for those that are deleted themselves, or whose own change takes them out. */
const membersToRemove = (planning: Planning, { name }: GroupState): readonly UserState[] =>
  planning.holders
    .membersOf(name)
    .filter(
      (user) => fateOf(planning, user) === 'keep' && !grantsOf(planning, user)?.groups.removed.includes(name),
    )
