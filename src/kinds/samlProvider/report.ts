import type { ReportKind } from '../../report/report-kind.ts'
import { SAML_PROVIDER } from './kind.ts'

export const samlProvider: ReportKind = {
  facts: SAML_PROVIDER,
  isNamed: true,
  namedIn: ['SAMLProviderArn', 'Name'],
  isRare: true,
  replacementNote: null,
}
