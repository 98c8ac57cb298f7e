import { type EntityStore, fieldsOf, isMoment } from '../../store/store-kind.ts'
import { SERVER_CERTIFICATE, type ServerCertificateBody } from './kind.ts'

export const serverCertificate: EntityStore<ServerCertificateBody> = {
  family: 'entity',
  longestName: SERVER_CERTIFICATE.longestName,
  parent: null,
  links: {},
  documents: {},
  readBody(json) {
    const { certificateBody, certificateChain, expiration } = fieldsOf(json) ?? {}
    return typeof certificateBody === 'string' &&
      (certificateChain === null || typeof certificateChain === 'string') &&
      isMoment(expiration)
      ? { certificateBody, certificateChain, expiration }
      : null
  },
}
