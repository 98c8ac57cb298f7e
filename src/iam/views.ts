import type * as sdk from '@aws-sdk/client-iam'
import type { TagRow } from './store-port.ts'

/** Rows in the words of the API. */

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
export const viewTags = (tags: readonly Pick<TagRow, 'key' | 'value'>[]): { readonly Tags?: sdk.Tag[] } =>
  tags.length === 0 ? {} : { Tags: tagList(tags) }

export const tagList = (tags: readonly Pick<TagRow, 'key' | 'value'>[] = []): sdk.Tag[] =>
  tags.map(({ key, value }) => ({ Key: key, Value: value }))

/** Left out when it is empty: the API doesn't tell the two apart. */
export const viewDescription = (description: string): { readonly Description?: string } =>
  description === '' ? {} : { Description: description }
