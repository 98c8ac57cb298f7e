import type { ReportKind } from '../../report/report-kind.ts'
import { ACCESS_KEY } from './kind.ts'

export const accessKey: ReportKind = {
  facts: ACCESS_KEY,
  isNamed: true,
  namedIn: ['AccessKeyId'],
  replacementNote: null,
}
