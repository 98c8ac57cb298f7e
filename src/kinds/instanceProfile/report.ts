import type { ReportKind } from '../../report/report-kind.ts'
import { INSTANCE_PROFILE } from './kind.ts'

export const instanceProfile: ReportKind = {
  facts: INSTANCE_PROFILE,
  isNamed: true,
  isRare: true,
  namedIn: ['InstanceProfileName'],
  /** @see IAM API Reference, DeleteInstanceProfile: it breaks applications on instances that have it */
  replacementNote: 'instances that have it are left without a role',
}
