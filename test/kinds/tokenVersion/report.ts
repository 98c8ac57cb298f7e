import type { ReportKind } from '../../../src/report/report-kind.ts'
import { TOKEN_VERSION } from './kind.ts'

export const tokenVersion: ReportKind = {
  facts: TOKEN_VERSION,
  isNamed: true,
  namedIn: ['GlobalEndpointTokenVersion'],
  replacementNote: null,
}
