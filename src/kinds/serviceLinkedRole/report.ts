import type { ReportKind } from '../../report/report-kind.ts'
import { SERVICE_LINKED_ROLE } from './kind.ts'

export const serviceLinkedRole: ReportKind = {
  facts: SERVICE_LINKED_ROLE,
  isNamed: true,
  isRare: true,
  namedIn: ['AWSServiceName', 'CustomSuffix'],
  replacementNote: null,
}
