import type { ReportKind } from '../../report/report-kind.ts'
import { SIGNING_CERTIFICATE } from './kind.ts'

export const signingCertificate: ReportKind = {
  facts: SIGNING_CERTIFICATE,
  isNamed: true,
  namedIn: ['CertificateId'],
  replacementNote: null,
}
