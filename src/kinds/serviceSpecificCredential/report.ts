import type { ReportKind } from '../../report/report-kind.ts'
import { SERVICE_SPECIFIC_CREDENTIAL } from './kind.ts'

export const serviceSpecificCredential: ReportKind = {
  facts: SERVICE_SPECIFIC_CREDENTIAL,
  isNamed: true,
  namedIn: ['ServiceSpecificCredentialId'],
  replacementNote: null,
}
