import { step } from '../../model/step.ts'
import type { ChildPlan } from '../../plan/children/child-plan.ts'
import { apiStatus } from '../attributes/status.ts'
import { type DesiredSigningCertificate, SIGNING_CERTIFICATE } from './kind.ts'

export const signingCertificate: ChildPlan<DesiredSigningCertificate> = {
  facts: SIGNING_CERTIFICATE,
  declared: {
    create: (UserName, { body: CertificateBody }) =>
      step('UploadSigningCertificate', { UserName, CertificateBody }),
    written: ({ body }) => (body === undefined ? null : { body }),
    setStatus: (UserName, CertificateId, status) =>
      step('UpdateSigningCertificate', { UserName, CertificateId, Status: apiStatus(status) }),
  },
  delete: (UserName, CertificateId) => [step('DeleteSigningCertificate', { UserName, CertificateId })],
}
