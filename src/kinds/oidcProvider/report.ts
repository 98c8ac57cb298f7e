import type { ReportKind } from '../../report/report-kind.ts'
import { OIDC_PROVIDER } from './kind.ts'

export const oidcProvider: ReportKind = {
  facts: OIDC_PROVIDER,
  isNamed: true,
  namedIn: ['Url', 'OpenIDConnectProviderArn'],
  isRare: true,
  replacementNote: null,
}
