import type { ReportKind } from '../../report/report-kind.ts'
import { PASSWORD_POLICY } from './kind.ts'

export const passwordPolicy: ReportKind = {
  facts: PASSWORD_POLICY,
  isNamed: false,
  namedIn: [],
  replacementNote: null,
}
