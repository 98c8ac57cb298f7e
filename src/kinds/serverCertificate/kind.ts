import type * as sdk from '#generated/iam-api'
import { type DesiredEntity, type EntityState, identityOf } from '../../model/entity.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'
import type { PlacedSecret, Secret } from '../../model/secret.ts'

/** A certificate for TLS, of which IAM never gives the private key back. */
export interface ServerCertificateState extends EntityState {
  readonly kind: 'serverCertificate'
  /** PEM. */
  readonly certificateBody: string
  /** PEM of one after the other; null: it has none. */
  readonly certificateChain: string | null
  readonly tags: ReadonlyMap<string, string>
}

export interface DesiredServerCertificate extends DesiredEntity {
  readonly kind: 'serverCertificate'
  readonly certificateBody: string
  readonly certificateChain?: string | null
  readonly privateKey?: PlacedSecret
  readonly tags?: ReadonlyMap<string, string>
}

/** What a store keeps of one beside its name, path and tags: no private key. */
export interface ServerCertificateBody {
  readonly certificateBody: string
  readonly certificateChain: string | null
  /** Milliseconds since the epoch. */
  readonly expiration: number
}

/** The operations of IAM that say what one is. */
export interface ServerCertificateReads {
  readonly GetServerCertificate: Operation<sdk.GetServerCertificateRequest, sdk.GetServerCertificateResponse>
  readonly ListServerCertificates: Operation<
    sdk.ListServerCertificatesRequest,
    sdk.ListServerCertificatesResponse
  >
  readonly ListServerCertificateTags: Operation<
    sdk.ListServerCertificateTagsRequest,
    sdk.ListServerCertificateTagsResponse
  >
}

/** Those that change it. */
export interface ServerCertificateWrites {
  readonly UploadServerCertificate: Operation<
    Omit<sdk.UploadServerCertificateRequest, 'PrivateKey'> & { readonly PrivateKey: Secret | undefined },
    sdk.UploadServerCertificateResponse
  >
  readonly UpdateServerCertificate: Operation<sdk.UpdateServerCertificateRequest>
  readonly DeleteServerCertificate: Operation<sdk.DeleteServerCertificateRequest>
  readonly TagServerCertificate: Operation<sdk.TagServerCertificateRequest>
  readonly UntagServerCertificate: Operation<sdk.UntagServerCertificateRequest>
}

/** The most characters. @see IAM API Reference, UploadServerCertificate */
export const CERTIFICATE_LENGTH = { body: 16_384, key: 16_384, chain: 2_097_152 } as const

export const SERVER_CERTIFICATE: EntityFacts = {
  family: 'entity',
  section: 'serverCertificates',
  label: 'server certificate',
  article: 'a',
  title: 'ServerCertificate',
  nameField: 'ServerCertificateName',
  longestName: 128,
  arnType: 'server-certificate',
  idPrefix: 'ASCA',
  identity: null,
  after: [],
  quota: 'serverCertificatesPerAccount',
}

/** One as its declaration alone describes it: what isn't managed counts as nothing. */
export const serverCertificateAsDeclared = (
  certificate: DesiredServerCertificate,
): ServerCertificateState => ({
  kind: certificate.kind,
  ...identityOf(certificate),
  certificateBody: certificate.certificateBody,
  certificateChain: certificate.certificateChain ?? null,
  tags: certificate.tags ?? new Map(),
})
