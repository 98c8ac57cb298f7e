import type { ReportKind } from '../../report/report-kind.ts'
import { MFA_DEVICE } from './kind.ts'

export const mfaDevice: ReportKind = {
  facts: MFA_DEVICE,
  isNamed: true,
  namedIn: ['SerialNumber'],
  replacementNote: null,
}
