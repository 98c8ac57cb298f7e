import type { ReportKind } from '../../../src/report/report-kind.ts'
import { TOY } from './kind.ts'

export const toy: ReportKind = {
  facts: TOY,
  isNamed: true,
  namedIn: [TOY.nameField],
  replacementNote: 'whoever plays with it stops',
}
