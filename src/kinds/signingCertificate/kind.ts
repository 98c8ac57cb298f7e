import type * as sdk from '#generated/iam-api'
import type { DesiredChild } from '../../model/child.ts'
import type { ChildFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'

/** A certificate by which a user signs requests, to services that still take such. Its identity is its fingerprint. */
export interface DesiredSigningCertificate extends DesiredChild {
  /** PEM. */
  readonly body: string
}

/** What a store keeps of one. */
export interface SigningCertificateBody {
  /** As it was uploaded. */
  readonly body: string
  readonly fingerprint: string
  readonly status: 'Active' | 'Inactive'
}

export interface SigningCertificateReads {
  readonly ListSigningCertificates: Operation<
    sdk.ListSigningCertificatesRequest,
    sdk.ListSigningCertificatesResponse
  >
}

export interface SigningCertificateWrites {
  readonly UploadSigningCertificate: Operation<
    sdk.UploadSigningCertificateRequest,
    sdk.UploadSigningCertificateResponse
  >
  readonly UpdateSigningCertificate: Operation<sdk.UpdateSigningCertificateRequest>
  readonly DeleteSigningCertificate: Operation<sdk.DeleteSigningCertificateRequest>
}

export const SIGNING_CERTIFICATE: ChildFacts = {
  family: 'child',
  section: 'signingCertificates',
  label: 'signing certificate',
  article: 'a',
  plural: 'signing certificates',
  parent: 'user',
  shownAs: 'fingerprint',
  most: 2,
  isOfOneParent: true,
  reportedAs: 'cert',
  standsInTheWay: 'Cannot delete entity, must delete certificates first.',
}
