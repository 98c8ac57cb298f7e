import type { ReportKind } from '../../report/report-kind.ts'
import { ROLE } from './kind.ts'

export const role: ReportKind = {
  facts: ROLE,
  isNamed: true,
  namedIn: ['RoleName'],
  /** @see IAM User Guide, "AWS JSON policy elements: Principal": a role that is made anew is another principal */
  replacementNote: 'its sessions end, and trusts in it break',
}
