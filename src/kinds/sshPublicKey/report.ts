import type { ReportKind } from '../../report/report-kind.ts'
import { SSH_PUBLIC_KEY } from './kind.ts'

export const sshPublicKey: ReportKind = {
  facts: SSH_PUBLIC_KEY,
  isNamed: true,
  namedIn: ['SSHPublicKeyId'],
  replacementNote: null,
}
