import { given, observedTags, orWhenMissing } from '../../reconcile/api-values.ts'
import { mapAtOnce } from '../../reconcile/map-at-once.ts'
import type { EntityObservation } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import type { ServerCertificateState } from './kind.ts'

/** Each is asked for by itself; many more at once than this, and AWS throttles. */
const QUESTIONS_AT_ONCE = 8

export const serverCertificate: EntityObservation<ServerCertificateState> = {
  filter: null,
  read: async ({ reader }) => {
    const pages = await readPages((page) => reader.read('ListServerCertificates', page))
    const states = await mapAtOnce(
      pages.flatMap(({ ServerCertificateMetadataList = [] }) => ServerCertificateMetadataList),
      QUESTIONS_AT_ONCE,
      async ({ ServerCertificateName }): Promise<ServerCertificateState | null> => {
        const name = given(ServerCertificateName)
        const found = await orWhenMissing(
          null,
          reader.read('GetServerCertificate', { ServerCertificateName: name }),
        )
        if (found === null) return null
        const certificate = found.ServerCertificate
        return {
          kind: 'serverCertificate',
          name,
          path: given(certificate?.ServerCertificateMetadata?.Path),
          arn: given(certificate?.ServerCertificateMetadata?.Arn),
          certificateBody: given(certificate?.CertificateBody),
          certificateChain: certificate?.CertificateChain ?? null,
          tags: observedTags(certificate?.Tags),
        }
      },
    )
    return states.filter((state) => state !== null)
  },
}
