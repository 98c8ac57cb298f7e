import { type EntityStore, fieldsOf } from '../../store/store-kind.ts'
import { SIGNING_CERTIFICATE, type SigningCertificateBody } from './kind.ts'

export const signingCertificate: EntityStore<SigningCertificateBody> = {
  family: 'entity',
  longestName: 128,
  parent: SIGNING_CERTIFICATE.parent,
  links: {},
  documents: {},
  readBody(json) {
    const { body, fingerprint, status } = fieldsOf(json) ?? {}
    return typeof body === 'string' &&
      typeof fingerprint === 'string' &&
      (status === 'Active' || status === 'Inactive')
      ? { body, fingerprint, status }
      : null
  },
}
