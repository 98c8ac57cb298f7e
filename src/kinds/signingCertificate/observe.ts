import { readCertificate } from '../../credentials/signing-certificate.ts'
import { given } from '../../reconcile/api-values.ts'
import type { ChildObservation } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import { observedStatus } from '../attributes/status.ts'

export const signingCertificate: ChildObservation = {
  read: async (reader, UserName) => {
    const pages = await readPages((page) => reader.read('ListSigningCertificates', { UserName, ...page }))
    return pages.flatMap(({ Certificates = [] }) =>
      Certificates.map(({ CertificateId, CertificateBody, Status }) => {
        const id = given(CertificateId)
        const body = given(CertificateBody)
        return {
          id,
          // Of what can't be read here, no declaration is one.
          identity: readCertificate(body)?.fingerprint ?? id,
          status: observedStatus(given(Status)),
          body,
        }
      }),
    )
  },
}
