import type { StoredEntities } from '../../../src/kinds/kind.ts'
import type { DesiredEntity, EntityState, PlacedSecret } from '../../../src/model/index.ts'
import type { EntityFacts } from '../../../src/model/kind-facts.ts'

/** IAM's server certificate, as far as its private key matters. */
export interface WithCertificates extends StoredEntities {
  readonly certificate: CertificateBody
}

/** The key isn't kept: AWS never gives it back. */
export interface CertificateBody {
  readonly text: string
}

export const CERTIFICATE: EntityFacts = {
  family: 'entity',
  section: 'certificates',
  label: 'certificate',
  article: 'a',
  title: 'ServerCertificate',
  nameField: 'ServerCertificateName',
  longestName: 128,
  arnType: 'server-certificate',
  idPrefix: 'ASCA',
  identity: null,
  quota: 'rolesPerAccount',
  after: ['role'],
}

export interface CertificateState extends EntityState {
  readonly kind: 'certificate'
  readonly body: string
}

export interface DesiredCertificate extends DesiredEntity {
  readonly kind: 'certificate'
  readonly body: string
  readonly privateKey?: PlacedSecret
}
