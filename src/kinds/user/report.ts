import type { ReportKind } from '../../report/report-kind.ts'
import { USER } from './kind.ts'

export const user: ReportKind = {
  facts: USER,
  isNamed: true,
  namedIn: ['UserName'],
  replacementNote: null,
}
