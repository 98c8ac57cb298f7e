import type { ReportKind } from '../../report/report-kind.ts'
import { POLICY } from './kind.ts'

export const policy: ReportKind = {
  facts: POLICY,
  isNamed: true,
  namedIn: ['PolicyName', 'PolicyArn'],
  replacementNote: null,
}
