import { type EntityStore, fieldsOf } from '../../../src/store/store-kind.ts'
import { CERTIFICATE, type CertificateBody } from './kind.ts'

export const certificate: EntityStore<CertificateBody> = {
  family: 'entity',
  longestName: CERTIFICATE.longestName,
  parent: null,
  links: {},
  documents: {},
  readBody(json) {
    const { text } = fieldsOf(json) ?? {}
    return typeof text === 'string' ? { text } : null
  },
}
