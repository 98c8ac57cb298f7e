import type * as sdk from '#generated/iam-api'
import type { DesiredChild } from '../../model/child.ts'
import type { ChildFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'

/*
 * A name and password, or a key, of a user for one service. AWS makes it and tells its secret once, as it does of an access key: what is
 * declared is that there is to be one, under a name of the author's own.
 */

/**
 * For which services, by what short names; and whether it is a key that may end by itself.
 * @see IAM API Reference, CreateServiceSpecificCredential
 */
export const CREDENTIAL_SERVICES: Readonly<
  Record<string, { readonly short: string; readonly isApiKey: boolean }>
> = {
  'codecommit.amazonaws.com': { short: 'codecommit', isApiKey: false },
  'cassandra.amazonaws.com': { short: 'cassandra', isApiKey: false },
  'bedrock.amazonaws.com': { short: 'bedrock', isApiKey: true },
  'logs.amazonaws.com': { short: 'logs', isApiKey: true },
}

/** @see IAM API Reference, CreateServiceSpecificCredential: CredentialAgeDays */
export const CREDENTIAL_AGE = { least: 1, most: 36_600 }

export interface DesiredServiceSpecificCredential extends DesiredChild {
  /** The service. */
  readonly variety: string
  /** null: it doesn't end. */
  readonly credentialAgeDays: number | null
}

/** What a store keeps of one: of its password nothing, since nobody asks IAM for it. */
export interface ServiceSpecificCredentialBody {
  readonly service: string
  readonly userName: string
  readonly status: 'Active' | 'Inactive'
  /** In milliseconds. Absent: never. */
  readonly expires?: number
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
  most: 2,
  isOfOneParent: false,
  standsInTheWay: 'Cannot delete entity, must remove referenced objects first.',
}
