import type * as sdk from '#generated/iam-api'
import type { DesiredChild } from '../../model/child.ts'
import type { ChildFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'

/*
 * A key by which a user signs requests. AWS makes it and tells its secret once, so that what is declared is that there is to be
 * one, under a name of the author's own: which key has the name, the journal says.
 */

/** What a store keeps of one. */
export interface AccessKeyBody {
  readonly status: 'Active' | 'Inactive'
  /** Sealed, about the key's id; absent: it was made where nobody signs, and can't be used. */
  readonly secret?: string
  /** Absent: never. */
  readonly lastUsed?: {
    /** Milliseconds since the epoch. */
    readonly time: number
    readonly service: string
    readonly region: string
  }
}

export interface AccessKeyReads {
  readonly ListAccessKeys: Operation<sdk.ListAccessKeysRequest, sdk.ListAccessKeysResponse>
  readonly GetAccessKeyLastUsed: Operation<sdk.GetAccessKeyLastUsedRequest, sdk.GetAccessKeyLastUsedResponse>
}

export interface AccessKeyWrites {
  readonly CreateAccessKey: Operation<sdk.CreateAccessKeyRequest, sdk.CreateAccessKeyResponse>
  readonly UpdateAccessKey: Operation<sdk.UpdateAccessKeyRequest>
  readonly DeleteAccessKey: Operation<sdk.DeleteAccessKeyRequest>
}

export type DesiredAccessKey = DesiredChild

export const ACCESS_KEY: ChildFacts = {
  family: 'child',
  section: 'accessKeys',
  label: 'access key',
  article: 'an',
  plural: 'access keys',
  parent: 'user',
  shownAs: 'keyId',
  most: 2,
  isOfOneParent: false,
  isWithoutMfa: true,
  standsInTheWay: 'Cannot delete entity, must delete access keys first.',
  reportedAs: 'access_key',
}
