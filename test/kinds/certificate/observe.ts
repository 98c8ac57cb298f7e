import { given } from '../../../src/reconcile/api-values.ts'
import type { EntityObservation } from '../../../src/reconcile/observe-kind.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import type { CertificateReads } from './iam.ts'
import type { CertificateState } from './kind.ts'
import { certificateArn } from './plan.ts'

/** What the reader of a target that has certificates answers besides. */
interface CertificateReader {
  read(
    operation: 'ListServerCertificates',
    input: object,
  ): Promise<CertificateReads['ListServerCertificates']['output']>
}

export const certificate: EntityObservation<CertificateState> = {
  filter: null,
  read: async ({ reader }) => {
    // The reader of `src` is typed by the operations of its own kinds.
    const { Certificates } = await (reader as unknown as CertificateReader).read('ListServerCertificates', {})
    return Certificates.map(({ name, path, body }) => ({
      kind: 'certificate',
      name: given(name),
      path: given(path),
      arn: certificateArn(ACCOUNT, given(path), given(name)),
      body: given(body?.text),
    }))
  },
}
