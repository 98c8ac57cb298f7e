import type * as sdk from '@aws-sdk/client-iam'
import { type Account, entityArn } from '../model/index.ts'
import { encodeDocument } from './documents.ts'
import { policyArn } from './lookup.ts'
import type { PolicyUse } from './policy-uses.ts'
import type { DocumentRow, EntityRow, StoredEntity } from './store-port.ts'

/** Rows in the words of the API. */

export const viewUser = (account: Account, row: StoredEntity): sdk.User => ({
  Path: row.path,
  UserName: row.name,
  UserId: row.id,
  Arn: entityArn(account, 'user', row.path, row.name),
  CreateDate: new Date(row.created),
})

export const viewGroup = (account: Account, row: StoredEntity): sdk.Group => ({
  Path: row.path,
  GroupName: row.name,
  GroupId: row.id,
  Arn: entityArn(account, 'group', row.path, row.name),
  CreateDate: new Date(row.created),
})

/** @param trustPolicy as shown: see `showTrustPolicy` */
export const viewRole = (account: Account, row: EntityRow<'role'>, trustPolicy: string): sdk.Role => ({
  Path: row.path,
  RoleName: row.name,
  RoleId: row.id,
  Arn: entityArn(account, 'role', row.path, row.name),
  CreateDate: new Date(row.created),
  AssumeRolePolicyDocument: encodeDocument(trustPolicy),
  ...(row.body.description === '' ? {} : { Description: row.body.description }),
  MaxSessionDuration: row.body.maxSessionDuration,
})

export const viewPolicy = (account: Account, row: EntityRow<'policy'>, use: PolicyUse | undefined) => ({
  PolicyName: row.name,
  PolicyId: row.id,
  Arn: policyArn(account, row),
  Path: row.path,
  DefaultVersionId: versionId(row.body.defaultVersion),
  AttachmentCount: use?.attachments ?? 0,
  PermissionsBoundaryUsageCount: use?.boundaries ?? 0,
  IsAttachable: true,
  ...(row.body.description === '' ? {} : { Description: row.body.description }),
  CreateDate: new Date(row.created),
  UpdateDate: new Date(row.body.updated),
})

export const versionId = (version: number): string => `v${version}`

export interface PolicyVersion {
  readonly version: number
  readonly created: number
  readonly text: string
}

/** @returns oldest first */
export const versionsOf = (documents: readonly DocumentRow[]): PolicyVersion[] =>
  documents
    .map(({ name, text, created }) => ({ version: Number(name), created: created ?? 0, text }))
    .sort((a, b) => a.version - b.version)

/** Without the document, as listings have it. */
export const viewVersion = (
  policy: EntityRow<'policy'>,
  { version, created }: Pick<PolicyVersion, 'version' | 'created'>,
): sdk.PolicyVersion => ({
  VersionId: versionId(version),
  IsDefaultVersion: version === policy.body.defaultVersion,
  CreateDate: new Date(created),
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
