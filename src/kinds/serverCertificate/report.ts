import type { ReportKind } from '../../report/report-kind.ts'
import { SERVER_CERTIFICATE } from './kind.ts'

export const serverCertificate: ReportKind = {
  facts: SERVER_CERTIFICATE,
  isNamed: true,
  namedIn: [SERVER_CERTIFICATE.nameField],
  isRare: true,
  replacementNote:
    'between its deletion and its upload there is none of its name; in use by a load balancer it is not deleted',
}
