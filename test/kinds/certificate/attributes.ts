import type { Attribute } from '../../../src/kinds/attributes/attribute.ts'
import { fingerprintOf, secretSource } from '../../../src/kinds/attributes/secret-source.ts'
import type { CertificateState, DesiredCertificate } from './kind.ts'

export const privateKey = secretSource('privateKey', {
  observed: ({ body }: CertificateState) => fingerprintOf(body),
  declared: ({ body }: Pick<DesiredCertificate, 'body'>) => fingerprintOf(body),
  loss: 'its private key',
})

export const CERTIFICATE_ATTRIBUTES: readonly Attribute<CertificateState, DesiredCertificate>[] = [privateKey]
