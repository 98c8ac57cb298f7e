import type { ReadOperations } from '../../../src/model/operations.ts'
import { given } from '../../../src/reconcile/api-values.ts'
import type { EntityObservation } from '../../../src/reconcile/observe-kind.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import type { CertificateReads } from './iam.ts'
import type { CertificateState } from './kind.ts'
import { certificateArn } from './plan.ts'

export const certificate: EntityObservation<CertificateState, ReadOperations & CertificateReads> = {
  filter: null,
  read: async ({ reader }) => {
    const { Certificates } = await reader.read('ListToyCertificates', {})
    return Certificates.map(({ name, path, body }) => ({
      kind: 'certificate',
      name: given(name),
      path: given(path),
      arn: certificateArn(ACCOUNT, given(path), given(name)),
      body: given(body?.text),
    }))
  },
}
