import type * as sdk from '@aws-sdk/client-iam'
import { type Account, entityArn } from '../model/index.ts'
import { encodeDocument } from './documents.ts'
import { policyArn } from './lookup.ts'
import type { GroupRow, PolicyRow, PolicyUseRow, RoleRow, UserRow, VersionRow } from './store-port.ts'

/** Rows in the words of the API. */

export const viewUser = (account: Account, row: UserRow): sdk.User => ({
  Path: row.path,
  UserName: row.name,
  UserId: row.id,
  Arn: entityArn(account, 'user', row.path, row.name),
  CreateDate: new Date(row.created),
})

export const viewGroup = (account: Account, row: GroupRow): sdk.Group => ({
  Path: row.path,
  GroupName: row.name,
  GroupId: row.id,
  Arn: entityArn(account, 'group', row.path, row.name),
  CreateDate: new Date(row.created),
})

/** @param trustPolicy as shown: see `showTrustPolicy` */
export const viewRole = (account: Account, row: RoleRow, trustPolicy: string): sdk.Role => ({
  Path: row.path,
  RoleName: row.name,
  RoleId: row.id,
  Arn: entityArn(account, 'role', row.path, row.name),
  CreateDate: new Date(row.created),
  AssumeRolePolicyDocument: encodeDocument(trustPolicy),
  ...(row.description === '' ? {} : { Description: row.description }),
  MaxSessionDuration: row.maxSessionDuration,
})

export const viewPolicy = (account: Account, row: PolicyRow, use: PolicyUseRow | undefined) => ({
  PolicyName: row.name,
  PolicyId: row.id,
  Arn: policyArn(account, row),
  Path: row.path,
  DefaultVersionId: versionId(row.defaultVersion),
  AttachmentCount: use?.attachments ?? 0,
  PermissionsBoundaryUsageCount: use?.boundaries ?? 0,
  IsAttachable: true,
  ...(row.description === '' ? {} : { Description: row.description }),
  CreateDate: new Date(row.created),
  UpdateDate: new Date(row.updated),
})

export const versionId = (version: number): string => `v${version}`

/** Without the document, as listings have it. */
export const viewVersion = (policy: PolicyRow, row: VersionRow): sdk.PolicyVersion => ({
  VersionId: versionId(row.version),
  IsDefaultVersion: row.version === policy.defaultVersion,
  CreateDate: new Date(row.created),
})

export const viewBoundary = (
  boundary: string | null,
): { readonly PermissionsBoundary?: sdk.AttachedPermissionsBoundary } =>
  boundary === null
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
          PermissionsBoundaryArn: boundary,
        },
      }

/** Left out when there are none, as GetUser, GetRole and GetPolicy do. */
export const viewTags = (
  tags: readonly { readonly key: string; readonly value: string }[],
): { readonly Tags?: sdk.Tag[] } =>
  tags.length === 0 ? {} : { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }
