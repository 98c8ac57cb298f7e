import type { ReportKind } from '../../report/report-kind.ts'
import { GROUP } from './kind.ts'

export const group: ReportKind = {
  facts: GROUP,
  isNamed: true,
  namedIn: ['GroupName'],
  replacementNote: null,
}
