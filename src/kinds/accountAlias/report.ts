import type { ReportKind } from '../../report/report-kind.ts'
import { ACCOUNT_ALIAS } from './kind.ts'

export const accountAlias: ReportKind = {
  facts: ACCOUNT_ALIAS,
  isNamed: true,
  namedIn: ['AccountAlias'],
  replacementNote: null,
}
