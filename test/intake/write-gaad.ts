// Writes accounts as `aws iam get-account-authorization-details` prints them, in each form that a reader may meet.
import {
  type AccountState,
  type GroupState,
  isUnknown,
  type PolicyState,
  type RoleState,
  type StateDocument,
  type UserState,
} from '../../src/model/index.ts'

/** How documents stand in the output. */
export type DocumentForm = 'object' | 'encoded' | 'text'

/** What the AWS CLI prints of some accounts, as one document. @param awsPolicies their documents by ARN */
export function detailsOf(
  accounts: readonly AccountState[],
  form: DocumentForm = 'object',
  awsPolicies: Readonly<Record<string, object>> = {},
) {
  const all = <T>(of: (state: AccountState) => ReadonlyMap<string, T>): readonly T[] =>
    accounts.flatMap((state) => [...of(state).values()])
  return {
    UserDetailList: all(({ entities }) => entities.user).map((user) => userDetail(user, form)),
    GroupDetailList: all(({ entities }) => entities.group).map((group) => groupDetail(group, form)),
    RoleDetailList: all(({ entities }) => entities.role).map((role) => roleDetail(role, form)),
    Policies: [
      ...all(({ entities }) => entities.policy).map((policy) => policyDetail(policy, form)),
      ...Object.entries(awsPolicies).map(([arn, document]) => awsPolicyDetail(arn, document, form)),
    ],
  }
}

/** The same as pages of some entities each, with the markers that AWS gives. */
export function pagesOf(details: ReturnType<typeof detailsOf>, size: number): readonly object[] {
  const entries = Object.entries(details).flatMap(([list, items]) => items.map((item) => ({ list, item })))
  const pages = Array.from({ length: Math.max(1, Math.ceil(entries.length / size)) }, (_, index) =>
    entries.slice(index * size, (index + 1) * size),
  )
  return pages.map((page, index) => ({
    ...Object.fromEntries(
      Object.keys(details).map((list) => [
        list,
        page.filter((each) => each.list === list).map(({ item }) => item),
      ]),
    ),
    IsTruncated: index < pages.length - 1,
    ...(index < pages.length - 1 ? { Marker: `page-${index}` } : {}),
  }))
}

const CREATED = '2024-05-01T12:00:00+00:00'

const written = (document: StateDocument, form: DocumentForm): unknown => {
  if (isUnknown(document)) return document.text
  const text = JSON.stringify(document.json)
  return form === 'object' ? JSON.parse(text) : form === 'text' ? text : encodeURIComponent(text)
}

const inline = (policies: ReadonlyMap<string, StateDocument>, form: DocumentForm) =>
  [...policies].map(([PolicyName, document]) => ({ PolicyName, PolicyDocument: written(document, form) }))

const attached = (arns: readonly string[]) =>
  arns.map((PolicyArn) => ({ PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1), PolicyArn }))

const boundary = (arn: string | null) =>
  arn === null
    ? {}
    : { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn } }

const tagged = (tags: ReadonlyMap<string, string>) => ({
  Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
})

const userDetail = (user: UserState, form: DocumentForm) => ({
  Path: user.path,
  UserName: user.name,
  UserId: `AIDA${user.name.toUpperCase()}`,
  Arn: user.arn,
  CreateDate: CREATED,
  ...(user.inlinePolicies.size === 0 ? {} : { UserPolicyList: inline(user.inlinePolicies, form) }),
  GroupList: [...user.groups],
  AttachedManagedPolicies: attached(user.managedPolicies),
  ...boundary(user.permissionsBoundary),
  ...tagged(user.tags),
})

const groupDetail = (group: GroupState, form: DocumentForm) => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: `AGPA${group.name.toUpperCase()}`,
  Arn: group.arn,
  CreateDate: CREATED,
  GroupPolicyList: inline(group.inlinePolicies, form),
  AttachedManagedPolicies: attached(group.managedPolicies),
})

const roleDetail = (role: RoleState, form: DocumentForm) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: `AROA${role.name.toUpperCase()}`,
  Arn: role.arn,
  CreateDate: CREATED,
  AssumeRolePolicyDocument: written(role.trustPolicy, form),
  InstanceProfileList: [],
  RolePolicyList: inline(role.inlinePolicies, form),
  AttachedManagedPolicies: attached(role.managedPolicies),
  ...boundary(role.permissionsBoundary),
  ...tagged(role.tags),
  RoleLastUsed: {},
})

/** An older version says something else: the default one counts. */
const policyDetail = (policy: PolicyState, form: DocumentForm) => ({
  PolicyName: policy.name,
  PolicyId: `ANPA${policy.name.toUpperCase()}`,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: 'v2',
  AttachmentCount: 1,
  PermissionsBoundaryUsageCount: 0,
  IsAttachable: true,
  ...(policy.description === '' ? {} : { Description: policy.description }),
  CreateDate: CREATED,
  UpdateDate: CREATED,
  PolicyVersionList: [
    { VersionId: 'v1', IsDefaultVersion: false, CreateDate: CREATED, Document: written(OLDER, form) },
    {
      VersionId: 'v2',
      IsDefaultVersion: true,
      CreateDate: CREATED,
      Document: written(policy.document, form),
    },
  ],
})

const awsPolicyDetail = (arn: string, document: object, form: DocumentForm) => ({
  PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
  PolicyId: 'ANPAAWS',
  Arn: arn,
  Path: '/',
  DefaultVersionId: 'v7',
  AttachmentCount: 1,
  PermissionsBoundaryUsageCount: null,
  IsAttachable: true,
  CreateDate: CREATED,
  UpdateDate: CREATED,
  PolicyVersionList: [
    {
      VersionId: 'v7',
      IsDefaultVersion: true,
      CreateDate: CREATED,
      Document: form === 'object' ? document : encodeURIComponent(JSON.stringify(document)),
    },
  ],
})

const OLDER: StateDocument = {
  json: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  located: null,
}
