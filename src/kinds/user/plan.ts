import { entityRef } from '../../model/index.ts'
import { type EffectiveCall, step } from '../../model/step.ts'
import type { PlanKind } from '../../plan/planning.ts'
import { type Besides, movablePlanner } from '../../plan/principals/movable-planner.ts'
import { attached, inlined, listed, tagged } from '../../plan/quotas/quota-use.ts'
import { declaredAttributes } from '../../plan/removal/ownership.ts'
import { tagsAsList } from '../../plan/steps/kind-calls.ts'
import { RANK } from '../../plan/steps/step-drafts.ts'
import { type LoginProfileChange, loginProfile } from '../attributes/login-profile.ts'
import { type DesiredUser, type LoginProfile, USER } from './kind.ts'
import { USER_MANIFEST } from './manifest.ts'

export const user: PlanKind<'user'> = {
  facts: USER,
  attributes: USER_MANIFEST.attributes,
  namedBy: 'name',
  delete: ({ name: UserName }) => step('DeleteUser', { UserName }),
  grants: {
    attach: (UserName, PolicyArn) => step('AttachUserPolicy', { UserName, PolicyArn }),
    detach: (UserName, PolicyArn) => step('DetachUserPolicy', { UserName, PolicyArn }),
    putInline: (UserName, PolicyName, PolicyDocument) =>
      step('PutUserPolicy', { UserName, PolicyName, PolicyDocument }),
    deleteInline: (UserName, PolicyName) => step('DeleteUserPolicy', { UserName, PolicyName }),
    managedPolicies: 'managedPoliciesPerUser',
    inlinePolicySize: 'inlinePolicySizePerUser',
  },
  boundary: {
    put: (UserName, PermissionsBoundary) =>
      step('PutUserPermissionsBoundary', { UserName, PermissionsBoundary }),
    delete: (UserName) => step('DeleteUserPermissionsBoundary', { UserName }),
  },
  memberships: {
    join: (UserName, GroupName) => step('AddUserToGroup', { GroupName, UserName }),
    leave: (UserName, GroupName) => step('RemoveUserFromGroup', { GroupName, UserName }),
  },
  tags: {
    tag: ({ name: UserName }, Tags) => step('TagUser', { UserName, Tags }),
    untag: ({ name: UserName }, TagKeys) => step('UntagUser', { UserName, TagKeys }),
  },
  quotas: [
    listed('groups', 'groupsPerUser', 'groups'),
    attached('managedPoliciesPerUser'),
    inlined('inlinePolicySizePerUser'),
    tagged('tagsPerUser'),
  ],
  isMadeAnew: null,
  planner: (planning) =>
    movablePlanner(planning, {
      create: ({ name, path, arn }, { boundary, tags }) => ({
        ...step('CreateUser', {
          Path: path,
          UserName: name,
          ...(boundary.after === null ? {} : { PermissionsBoundary: boundary.after }),
          ...(tags.after.size === 0 ? {} : { Tags: tagsAsList(tags.after) }),
        }),
        effects: [
          {
            type: 'created',
            kind: 'user',
            state: {
              kind: 'user',
              name,
              path,
              arn,
              groups: [],
              managedPolicies: [],
              inlinePolicies: new Map(),
              permissionsBoundary: boundary.after,
              tags: tags.after,
            },
          },
        ],
      }),
      move: ({ name, path, arn }) => ({
        ...step('UpdateUser', { UserName: name, NewPath: path }),
        effects: [{ type: 'set', kind: 'user', name, values: { path, arn } }],
      }),
      besides: (observed, desired) => {
        const owned = declaredAttributes(planning.declaredBefore, desired).loginProfile
        const change = loginProfile.compare(observed, desired, owned, planning.observed.account)
        return { change, calls: profileCalls(desired, change) }
      },
      leaving: ({ name, loginProfile: profile }) => ({
        details: [],
        calls: profile === undefined ? [] : [deleteProfile(name)],
      }),
    }),
}

/** What makes of a password, or of none, what is wanted. */
function profileCalls(
  { name, recipients = [] }: DesiredUser,
  { before, after }: LoginProfileChange,
): Besides['calls'] {
  if (after === null)
    return before === null ? [] : [{ ...deleteProfile(name), rank: RANK.signOut, requires: [], provides: [] }]
  const { passwordResetRequired } = after
  const set = (loginProfile: LoginProfile) =>
    [{ type: 'set', kind: 'user', name, values: { loginProfile } }] as const
  if (before === null)
    return [
      {
        ...step('CreateLoginProfile', {
          UserName: name,
          Password: { generate: 'password' },
          PasswordResetRequired: passwordResetRequired,
        }),
        effects: set(after),
        makes: { what: 'password', of: entityRef('user', name), recipients },
      },
    ]
  if (before.passwordResetRequired === passwordResetRequired) return []
  return [
    {
      ...step('UpdateLoginProfile', { UserName: name, PasswordResetRequired: passwordResetRequired }),
      effects: set(after),
    },
  ]
}

const deleteProfile = (name: string): EffectiveCall => ({
  ...step('DeleteLoginProfile', { UserName: name }),
  effects: [{ type: 'set', kind: 'user', name, values: { loginProfile: undefined } }],
})
