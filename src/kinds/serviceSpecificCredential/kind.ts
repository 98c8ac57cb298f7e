import type * as sdk from '#generated/iam-api'
import type { ChildFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'

/*
 * A name and password of a user for one service. Its password is told once, when it is made or reset: none can be declared
 * as long as nobody takes it. A user that goes loses theirs.
 */

/** What a store keeps of one: of its password nothing, since nobody asks IAM for it. */
export interface ServiceSpecificCredentialBody {
  readonly service: string
  readonly userName: string
  readonly status: 'Active' | 'Inactive'
}

export interface ServiceSpecificCredentialReads {
  readonly ListServiceSpecificCredentials: Operation<
    sdk.ListServiceSpecificCredentialsRequest,
    sdk.ListServiceSpecificCredentialsResponse
  >
}

export interface ServiceSpecificCredentialWrites {
  readonly CreateServiceSpecificCredential: Operation<
    sdk.CreateServiceSpecificCredentialRequest,
    sdk.CreateServiceSpecificCredentialResponse
  >
  readonly UpdateServiceSpecificCredential: Operation<sdk.UpdateServiceSpecificCredentialRequest>
  readonly ResetServiceSpecificCredential: Operation<
    sdk.ResetServiceSpecificCredentialRequest,
    sdk.ResetServiceSpecificCredentialResponse
  >
  readonly DeleteServiceSpecificCredential: Operation<sdk.DeleteServiceSpecificCredentialRequest>
}

export const SERVICE_SPECIFIC_CREDENTIAL: ChildFacts = {
  family: 'child',
  section: 'serviceSpecificCredentials',
  label: 'service-specific credential',
  article: 'a',
  plural: 'service-specific credentials',
  parent: 'user',
  shownAs: 'credential',
  most: 4,
  isOfOneParent: false,
  standsInTheWay: 'Cannot delete entity, must remove referenced objects first.',
}
